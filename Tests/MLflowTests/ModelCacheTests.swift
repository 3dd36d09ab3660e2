import Checkpoint
import FoundationEssentials
import MLflow
import MLflowPlayback
import Synchronization
import TestSupport
import Testing

@Suite("Cache of checkpoints from a tracking server")
struct ModelCacheTests {
    /// A tracking server whose alias can be moved to another version, and which can stop answering.
    private final class Tracker: Sendable {
        let version = Mutex(1)
        let isDown = Mutex(false)
        let checksum = Mutex<String?>(nil)

        static func content(_ version: String) -> String { "{\"version\":\(version)}" }

        func answer(_ request: PlaybackServer.Request) -> PlaybackServer.Answer {
            if isDown.withLock({ $0 }) { return .cut }
            let version = version.withLock { $0 }
            let path = request.path
            if path.contains("registered-models/alias") {
                return .json(#"{"model_version":{"name":"roles","version":"\#(version)"}}"#)
            }
            if path.contains("get-download-uri") {
                return .json(#"{"artifact_uri":"mlflow-artifacts:/1/models/v\#(version)/artifacts"}"#)
            }
            let asked = path.contains("v2") ? "2" : "1"
            let content = Self.content(asked)
            let sum = checksum.withLock { $0 } ?? SHA256.hexadecimal(of: Array(content.utf8))
            let sums = "\(sum)  config.json\n"
            if path.hasSuffix("/config.json") { return .json(content) }
            if path.hasSuffix("/checksums.sha256") { return .json(sums) }
            return .json(
                #"{"files":[{"path":"config.json","is_dir":false,"file_size":\#(content.utf8.count)},{"path":"checksums.sha256","is_dir":false,"file_size":\#(sums.utf8.count)}]}"#
            )
        }
    }

    private let directory: TemporaryDirectory
    private let tracker = Tracker()

    init() throws { directory = try TemporaryDirectory() }

    private func cache(_ server: PlaybackServer) throws -> ModelCache {
        ModelCache(
            directory: directory.url.appending(path: "cache").path(),
            client: MLflowClient(try TrackingServer(uri: server.url)))
    }

    private func location() throws -> ModelLocation { try #require(try ModelLocation("models:/roles@champion")) }

    private func content(_ entry: ModelCache.Entry) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(entry.link)/config.json") ?? Data(), as: UTF8.self)
    }

    private func downloads(_ server: PlaybackServer) -> Int {
        server.requests.count { $0.path.hasSuffix("/config.json") }
    }

    @Test("A checkpoint is downloaded once, and again when the alias moves; the link leads to the current one")
    func moves() async throws {
        let server = try await PlaybackServer(tracker.answer)
        let (cache, location) = (try cache(server), try location())
        let first = try await cache.fetch(location)
        #expect(content(first) == Tracker.content("1") && first.staleness == nil)
        #expect(try await cache.fetch(location) == first)
        #expect(try await cache.fetch(location, known: first.name) == first)
        #expect(downloads(server) == 1)
        tracker.version.withLock { $0 = 2 }
        let second = try await cache.fetch(location, known: first.name)
        #expect(second.link == first.link && second.name != first.name)
        #expect(content(second) == Tracker.content("2"))
        try await server.stop()
    }

    @Test(
        "If the tracking server does not answer, the last checkpoint is used, or an error thrown if there is none")
    func down() async throws {
        let server = try await PlaybackServer(tracker.answer)
        let (cache, location) = (try cache(server), try location())
        tracker.isDown.withLock { $0 = true }
        let error = await #expect(throws: MLflowError.self) { _ = try await cache.fetch(location) }
        #expect(error?.isTransient == true)
        tracker.isDown.withLock { $0 = false }
        let entry = try await cache.fetch(location)
        tracker.isDown.withLock { $0 = true }
        let stale = try await cache.fetch(location)
        #expect(stale.link == entry.link && stale.staleness?.contains("cannot be reached") == true)
        try await server.stop()
    }

    @Test("A changed file in the cache is downloaded again")
    func damaged() async throws {
        let server = try await PlaybackServer(tracker.answer)
        let (cache, location) = (try cache(server), try location())
        let entry = try await cache.fetch(location)
        try Data("{\"version\":7}".utf8).write(to: URL(filePath: "\(entry.link)/config.json"))
        #expect(content(try await cache.fetch(location)) == Tracker.content("1"))
        #expect(downloads(server) == 2)
        try await server.stop()
    }

    @Test("Downloads are verified with their checksums, and deleted if these differ")
    func checksums() async throws {
        let server = try await PlaybackServer(tracker.answer)
        tracker.checksum.withLock { $0 = String(repeating: "0", count: 64) }
        let cache = try cache(server)
        let location = try location()
        let error = await #expect(throws: MLflowError.self) { _ = try await cache.fetch(location) }
        #expect(error?.description.contains("checksums.sha256 says 000") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory).isEmpty)
        try await server.stop()
    }

    @Test(
        "References to checkpoints survive parsing and printing",
        arguments: [
            ("best:mine?metric=val_macro_f1", "best:mine?metric=val_macro_f1"),
            ("best:mine", "best:mine?metric=test_macro_f1"),
            ("best:mine?metric=test_loss&order=lowest", "best:mine?metric=test_loss&order=lowest"),
            ("runs:/abc/model", "runs:/abc/model"), ("models:/roles@champion", "models:/roles@champion"),
            ("models:/roles/3", "models:/roles/3"),
        ])
    func names(text: String, written: String) throws {
        #expect(try ModelLocation(text)?.description == written)
    }

    @Test("A path is not a reference", arguments: ["Models", "/data/best", "a=b"])
    func paths(path: String) throws {
        #expect(try ModelLocation(path) == nil)
    }

    @Test(
        "An invalid reference is refused with the expected form",
        arguments: ["best:", "best:x?metrik=y", "runs:/abc", "models:/", "models:/a/b", "best:x?metric="])
    func refused(text: String) {
        let error = #expect(throws: MLflowError.self) { _ = try ModelLocation(text) }
        #expect(error?.description.contains("expected") == true)
    }
}
