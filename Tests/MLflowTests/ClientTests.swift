import Checkpoint
import FoundationEssentials
import MLflow
import MLflowPlayback
import Synchronization
import TestSupport
import Testing

/// Tests of failures between client and server. `make test-mlflow` tests that a real server understands the client.
@Suite("MLflow client")
struct ClientTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func path(_ name: String) -> String { directory.url.appending(path: name).path() }

    private func client(_ server: PlaybackServer, _ environment: [String: String] = [:]) throws -> MLflowClient {
        MLflowClient(try TrackingServer(uri: server.url, environment: environment), timeout: .seconds(20))
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: PlaybackServer.Answer
        let isTransient: Bool
        let words: String
    }

    static let failures = [
        Failure(
            testDescription: "an error of MLflow",
            answer: .json(#"{"error_code":"INVALID_PARAMETER_VALUE","message":"no\nsuch"}"#, status: 400),
            isTransient: false,
            words: "400 (INVALID_PARAMETER_VALUE: no)"),
        Failure(
            testDescription: "the error page of a proxy", answer: .json("<html>", status: 502), isTransient: true,
            words: "502"),
        Failure(
            testDescription: "status 200 from another server", answer: .json("<html>"), isTransient: false,
            words: "not JSON"),
        Failure(
            testDescription: "a redirect",
            answer: .json("", status: 302, fields: [("Location", "http://127.0.0.1:1/")]),
            isTransient: false, words: "302"),
        Failure(
            testDescription: "a closed connection", answer: .cut, isTransient: true,
            words: "cannot be reached: the server closed the connection before it answered"),
        Failure(
            testDescription: "an incomplete answer", answer: .broken(promised: 99, Array("{".utf8)), isTransient: true,
            words: "cannot be reached"),
    ]

    @Test("The error of a refused connection gives the reason in words")
    func refusedConnection() async throws {
        let server = try await PlaybackServer { _ in .cut }
        let client = try client(server)
        try await server.stop()
        let error = await #expect(throws: MLflowError.self) { _ = try await client.run("r") }
        #expect(
            error?.description.hasSuffix("MLflow cannot be reached: Connection refused.") == true, "\(error as Any)")
    }

    @Test("Errors name the request and say whether a retry may succeed", arguments: failures)
    func failure(_ row: Failure) async throws {
        let server = try await PlaybackServer { _ in row.answer }
        let client = try client(server)
        let error = await #expect(throws: MLflowError.self) { _ = try await client.run("r") }
        #expect(error?.isTransient == row.isTransient)
        let words = error?.description ?? ""
        #expect(
            words.contains(row.words) && words.contains("/api/2.0/mlflow/runs/get") && !words.contains("\n"), "\(words)"
        )
        try await server.stop()
    }

    @Test("The client reads Retry-After")
    func retryAfter() async throws {
        let server = try await PlaybackServer { _ in .json("{}", status: 429, fields: [("Retry-After", "17")]) }
        let client = try client(server)
        let error = await #expect(throws: MLflowError.self) { _ = try await client.run("r") }
        guard case .refused(_, 429, _, _, let wait)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(wait == .seconds(17))
        try await server.stop()
    }

    @Test("Requests are retried until they succeed")
    func retrying() async throws {
        let count = Mutex(0)
        let server = try await PlaybackServer { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number < 3 ? .cut : .json(#"{"run":{"info":{"run_id":"r","start_time":"12"}}}"#)
        }
        let client = try client(server)
        let run = try await RetryPolicy(attempts: 4, first: .milliseconds(1)).retrying { try await client.run("r") }
        #expect(run.id == "r" && count.withLock { $0 } == 3)
        try await server.stop()
    }

    @Test("Credentials are sent only to the server")
    func credentials() async throws {
        let storage = try await PlaybackServer { _ in .json("", fields: [("ETag", "\"e\"")]) }
        let server = try await PlaybackServer { [url = storage.url] request in
            request.path.contains("mpu/create")
                ? .json(
                    #"{"upload_id":"u","credentials":[{"url":"\#(url)/part?x=1","part_number":1,"headers":{"x-signed":"s"}}]}"#
                )
                : .json("{}")
        }
        var client = try client(server, ["MLFLOW_TRACKING_TOKEN": "secret"])
        client.multipart.smallestFile = 1
        try Data("abc".utf8).write(to: directory.url.appending(path: "f"))
        try await client.upload(file: path("f"), to: "f", at: "mlflow-artifacts:/1/r/artifacts")
        #expect(server.requests.map { $0.fields["authorization"] } == ["Bearer secret", "Bearer secret"])
        #expect(storage.requests.map { $0.fields["authorization"] } == [nil])
        #expect(storage.requests.map { $0.fields["x-signed"] } == ["s"] && storage.requests.map(\.text) == ["abc"])
        try await server.stop()
        try await storage.stop()
    }

    /// Writes and returns slightly more than 1 MiB, in which no two parts are equal.
    private func largeFile() throws -> [UInt8] {
        let bytes = (0..<(1 << 18) + 5).flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        try Data(bytes).write(to: directory.url.appending(path: "large"))
        return bytes
    }

    @Test("A file is uploaded unchanged, with its content length")
    func upload() async throws {
        let server = try await PlaybackServer { _ in .json("{}") }
        let bytes = try largeFile()
        try await client(server).upload(file: path("large"), to: "a b/ü.bin", at: "mlflow-artifacts:/1/r/artifacts")
        let request = try #require(server.requests.first)
        #expect(
            request.method == "PUT"
                && request.path == "/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/a%20b/%C3%BC.bin")
        #expect(request.fields["content-length"] == "\(bytes.count)" && request.body == bytes)
        try await server.stop()
    }

    @Test("A file is uploaded in one request if the storage does not support multipart uploads", arguments: [501, 400])
    func noParts(_ status: Int) async throws {
        let server = try await PlaybackServer { request in
            request.method == "POST"
                ? .json(
                    #"{"message":"Multipart upload is not supported for the current artifact repository"}"#,
                    status: status)
                : .json("{}")
        }
        var client = try client(server)
        client.multipart.smallestFile = 1
        let bytes = try largeFile()
        try await client.upload(file: path("large"), to: "x/large", at: "mlflow-artifacts:/1/r/artifacts")
        #expect(server.requests.map(\.method) == ["POST", "PUT"])
        #expect(server.requests.first?.path == "/api/2.0/mlflow-artifacts/mpu/create/1/r/artifacts/x")
        #expect(server.requests.last?.body == bytes)
        try await server.stop()
    }

    @Test("Parts are uploaded in the order of the server's list and completed in their own order")
    func parts() async throws {
        let storage = try await PlaybackServer { request in .json("", fields: [("ETag", "tag\(request.path)")]) }
        let server = try await PlaybackServer { [url = storage.url] request in
            guard request.path.contains("mpu/create") else { return .json("{}") }
            let credentials = [3, 1, 2].map { #"{"url":"\#(url)/\#($0)","part_number":\#($0),"headers":{}}"# }
            return .json(#"{"upload_id":"u","credentials":[\#(credentials.joined(separator: ","))]}"#)
        }
        var client = try client(server)
        client.multipart.smallestFile = 1 << 20
        client.multipart.partSize = 500_000
        let bytes = try largeFile()
        try await client.upload(file: path("large"), to: "large", at: "mlflow-artifacts:/1/r/artifacts")
        #expect(storage.requests.sorted { $0.path < $1.path }.flatMap(\.body) == bytes)
        #expect(server.requests.first?.text == #"{"path":"large","num_parts":3}"#)
        let parts = (1...3).map { #"{"part_number":\#($0),"etag":"tag/\#($0)","url":"\#(storage.url)/\#($0)"}"# }
        #expect(
            server.requests.last?.text
                == #"{"path":"large","upload_id":"u","parts":[\#(parts.joined(separator: ","))]}"#)
        try await server.stop()
        try await storage.stop()
    }

    @Test("A multipart upload is aborted if a part fails")
    func lostPart() async throws {
        let storage = try await PlaybackServer { _ in .json("", status: 503) }
        let server = try await PlaybackServer { [url = storage.url] request in
            request.path.contains("mpu/create")
                ? .json(#"{"upload_id":"u","credentials":[{"url":"\#(url)/1","part_number":1}]}"#) : .json("{}")
        }
        var client = try client(server)
        client.multipart.smallestFile = 1
        client.multipart.retries = RetryPolicy(attempts: 2, first: .milliseconds(1))
        _ = try largeFile()
        let sender = client
        let error = await #expect(throws: MLflowError.self) {
            try await sender.upload(file: path("large"), to: "large", at: "mlflow-artifacts:/1/r/artifacts")
        }
        #expect(error?.isTransient == true && storage.requests.count == 2)
        #expect(server.requests.last?.path == "/api/2.0/mlflow-artifacts/mpu/abort/1/r/artifacts")
        try await server.stop()
        try await storage.stop()
    }

    @Test(
        "Nothing is uploaded unless the server lists each part exactly once",
        arguments: ["", "1", "1,3", "1,2,2", "1,2,3,3", "1,2,4", "0,1,2", "1,2,-9223372036854775808"])
    func missingParts(_ numbers: String) async throws {
        let storage = try await PlaybackServer { _ in .json("", fields: [("ETag", "e")]) }
        let server = try await PlaybackServer { [url = storage.url] request in
            guard request.path.contains("mpu/create") else { return .json("{}") }
            let credentials = numbers.split(separator: ",").map { #"{"url":"\#(url)/\#($0)","part_number":\#($0)}"# }
            return .json(#"{"upload_id":"u","credentials":[\#(credentials.joined(separator: ","))]}"#)
        }
        var client = try client(server)
        client.multipart.smallestFile = 1 << 20
        client.multipart.partSize = 500_000
        _ = try largeFile()
        let sender = client
        let error = await #expect(throws: MLflowError.self) {
            try await sender.upload(file: path("large"), to: "large", at: "mlflow-artifacts:/1/r/artifacts")
        }
        #expect(error?.isTransient == false && storage.requests.isEmpty)
        #expect(server.requests.map { $0.path.split(separator: "/")[4] } == ["create", "abort"])
        try await server.stop()
        try await storage.stop()
    }

    /// Starts a server that answers a search for runs with pages of one run, each with a metric and possibly a logged
    /// model.
    private func searched(_ runs: [(id: String, metric: String, model: String?)]) async throws -> PlaybackServer {
        try await PlaybackServer { request in
            if request.path.contains("get-by-name") { return .json(#"{"experiment":{"experiment_id":"1"}}"#) }
            guard let index = runs.indices.last(where: { $0 == 0 || request.text.contains("token\($0)") }) else {
                return .json("{}")
            }
            let (id, metric, model) = runs[index]
            let outputs = model.map { #"{"model_id":"\#($0)"}"# } ?? ""
            let next = index + 1 < runs.count ? #","next_page_token":"token\#(index + 1)""# : ""
            return .json(
                #"{"runs":[{"info":{"run_id":"\#(id)"},"data":{"metrics":[{"key":"\#(metric)","value":1}]},"outputs":{"model_outputs":[\#(outputs)]}}]\#(next)}"#
            )
        }
    }

    @Test("The best run is chosen among runs with a model")
    func bestRun() async throws {
        let server = try await searched([("a", "f", nil), ("b", "f", nil), ("c", "f", "m-1"), ("d", "f", "m-2")])
        #expect(try await client(server).bestRun(ofExperiment: "e", by: "f").id == "c")
        try await server.stop()
    }

    @Test(
        "The error says that no run has both the metric and a model",
        arguments: [("g", "no finished run of the experiment \"e\""), ("f", "has logged a model (2 checked)")])
    func noBestRun(_ metric: String, _ words: String) async throws {
        // The server lists runs without the metric last, even if they have models.
        let server = try await searched([("a", "f", nil), ("b", "f", nil), ("c", "h", "m-1")])
        let client = try client(server)
        let error = await #expect(throws: MLflowError.self) {
            _ = try await client.bestRun(ofExperiment: "e", by: metric)
        }
        #expect(error?.description.contains(words) == true)
        try await server.stop()
    }

    @Test(
        "A version number may be a string or an integer, and nothing else",
        arguments: [("3", "3"), ("\"3\"", "3"), ("1e30", nil), ("1e999", nil), ("1.5", nil)])
    func version(_ number: String, _ expected: String?) async throws {
        let server = try await PlaybackServer { _ in .json(#"{"model_version":{"version":\#(number)}}"#) }
        let found = try? await client(server).version(of: "n", alias: "a")
        #expect(found?.version == expected)
        try await server.stop()
    }

    @Test(
        "The parts cover the file, and there are not too many",
        arguments: [(0, 10), (1, 10), (10, 10), (11, 10), (1_000_000, 3)])
    func partRanges(_ size: Int, _ partSize: Int) {
        let parts = MultipartUpload(size: size, partSize: partSize).parts
        #expect(parts.count <= MultipartUpload.mostParts && parts.count >= 1)
        #expect(parts.reduce(0) { $0 == $1.lowerBound ? $1.upperBound : -1 } == size)
    }

    /// Lists `files` under a directory, and gives each as its own path unless `broken` says otherwise.
    private func store(
        _ files: [String], in directory: String = "a", broken: PlaybackServer.Answer? = nil
    ) async throws -> PlaybackServer {
        try await PlaybackServer { request in
            guard request.path.contains("?path=") else { return broken ?? .json(request.path) }
            if request.path.hasSuffix("artifacts") {
                return .json(#"{"files":[{"path":"\#(directory)","is_dir":true}]}"#)
            }
            let entries = files.map { file in
                let size = "/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/a/".utf8.count + file.utf8.count
                return #"{"path":"\#(file)","is_dir":false\#(directory == "a" ? #","file_size":"\#(size)""# : "")}"#
            }
            return .json(#"{"files":[\#(entries.joined(separator: ","))]}"#)
        }
    }

    @Test("A directory is downloaded with its sizes and digests")
    func download() async throws {
        let server = try await store(["x", "y.txt"])
        let files = try await client(server).download(artifactsAt: "mlflow-artifacts:/1/r/artifacts", to: path("down"))
        #expect(files.map(\.path) == ["a/x", "a/y.txt"])
        for file in files {
            let content = try #require(FileManager.default.contents(atPath: "\(path("down"))/\(file.path)"))
            #expect(String(decoding: content, as: UTF8.self).hasSuffix("/artifacts/1/r/artifacts/\(file.path)"))
            #expect(file.size == content.count && file.sha256 == SHA256.hexadecimal(of: Array(content)))
        }
        try await server.stop()
    }

    @Test("The name of a directory may have more bytes than characters")
    func longName() async throws {
        let server = try await store(["a"], in: "é")
        let files = try await client(server).download(artifactsAt: "mlflow-artifacts:/1/r/artifacts", to: path("down"))
        #expect(files.map(\.path) == ["é/a"] && FileManager.default.fileExists(atPath: "\(path("down"))/é/a"))
        try await server.stop()
    }

    @Test(
        "Names that lead out of the directory are refused",
        arguments: ["..", ".", "", "b/c", "b\\\\c", "/etc/passwd", "../../x"].map { ("a", $0) } + [
            (String(repeating: "é", count: 3), "../x"),
            (String(repeating: "é", count: 22), "../../../../../../../x.py"),
        ])
    func escape(_ parent: String, _ name: String) async throws {
        let server = try await store([name], in: parent)
        let client = try client(server)
        let error = await #expect(throws: MLflowError.self) {
            _ = try await client.download(artifactsAt: "mlflow-artifacts:/1/r/artifacts", to: path("down"))
        }
        #expect(error?.isTransient == false && !FileManager.default.fileExists(atPath: path("down")))
        try await server.stop()
    }

    @Test("An incompletely downloaded file is deleted", arguments: [53, 20])
    func half(_ promised: Int) async throws {
        let server = try await store(["x"], broken: .broken(promised: promised, Array("half".utf8)))
        let client = try client(server)
        let error = await #expect(throws: MLflowError.self) {
            _ = try await client.download(
                artifactsAt: "mlflow-artifacts:/1/r/artifacts", to: path("down"),
                retries: RetryPolicy(attempts: 2, first: .milliseconds(1)))
        }
        #expect(error?.isTransient == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path("down/a")).isEmpty)
        try await server.stop()
    }

    @Test(
        "The error for artifacts that the server does not serve says how to start it",
        arguments: ["s3://bucket/1/r/artifacts", "/data/1/r/artifacts", "mlflow-artifacts://other:5000/1/r/artifacts"])
    func elsewhere(_ uri: String) async throws {
        let server = try await PlaybackServer { _ in .json("{}") }
        let client = try client(server)
        #expect(!client.servesArtifacts(at: uri))
        let error = await #expect(throws: MLflowError.self) { try await client.upload([1], to: "x", at: uri) }
        #expect(error?.description.contains("--serve-artifacts") == true && server.requests.isEmpty)
        try await server.stop()
    }
}
