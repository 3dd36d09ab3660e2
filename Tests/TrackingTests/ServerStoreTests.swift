import FoundationEssentials
import MLflow
import MLflowPlayback
import Synchronization
import TestSupport
import Testing
import Tracking

@Suite("Store on an MLflow server")
struct ServerStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func client(_ server: PlaybackServer) throws -> MLflowClient {
        MLflowClient(try TrackingServer(uri: server.url, environment: [:]), timeout: .seconds(20))
    }

    /// Starts a server whose searches find nothing at first, and later two copies made by a repeated request.
    private func slowServer() async throws -> PlaybackServer {
        let searches = Mutex<[String: Int]>([:])
        return try await PlaybackServer { request in
            let path = String(request.path.prefix { $0 != "?" }.dropFirst("/api/2.0/mlflow".count))
            let isFirst = searches.withLock { searches in
                searches[path, default: 0] += 1
                return searches[path] == 1
            }
            switch path {
            case "/experiments/get-by-name": return .json(#"{"experiment":{"experiment_id":"1"}}"#)
            case "/runs/create": return .json(#"{"run":{"info":{"run_id":"b"}}}"#)
            case "/runs/search" where !isFirst:
                return .json(#"{"runs":[{"info":{"run_id":"a"}},{"info":{"run_id":"b"}}]}"#)
            case "/runs/get": return .json(#"{"run":{"outputs":{"model_outputs":[{"model_id":"m-1"}]}}}"#)
            case "/logged-models/search" where !isFirst:
                let models = ["m-2", "m-1"].map {
                    #"{"info":{"model_id":"\#($0)","name":"model","artifact_uri":"mlflow-artifacts:/1/\#($0)","tags":[{"key":"rubricator.run_key","value":"k"}]}}"#
                }
                return .json(#"{"models":[\#(models.joined(separator: ","))]}"#)
            case "/logged-models": return .json(#"{"model":{"info":{"model_id":"m-2","name":"model"}}}"#)
            case "/model-versions/search" where !isFirst:
                let versions = [12, 9].map {
                    #"{"version":"\#($0)","tags":[{"key":"rubricator.run_key","value":"k"}]}"#
                }
                return .json(#"{"model_versions":[\#(versions.joined(separator: ","))]}"#)
            case "/model-versions/create": return .json(#"{"model_version":{"version":"12"}}"#)
            case "/registered-models/alias" where request.method == "GET":
                return request.path.hasSuffix("late")
                    ? .json(#"{"model_version":{"version":"10"}}"#)
                    : .json(#"{"error_code":"INVALID_PARAMETER_VALUE"}"#, status: 400)
            default: return .json("{}")
            }
        }
    }

    @Test("If a request took effect twice, the first copy is kept and the second deleted")
    func madeTwice() async throws {
        let server = try await slowServer()
        let store = ServerStore(try client(server))
        let (run, isNew) = try await store.open(
            RunIdentity(key: "k", experiment: "e", name: "n", start: 1, parent: nil, tags: []))
        #expect(run.id == "a" && isNew)
        try Data("w".utf8).write(to: directory.url.appending(path: "w"))
        let model = TrackedModel(
            files: ["w"], task: "text", step: 1, time: 1, registered: "r", aliases: ["late", "new"])
        try await store.put(model, from: directory.url.path(), key: "k", of: run)
        let deleted = server.requests.filter { $0.method == "DELETE" || $0.path.hasSuffix("delete") }.map(\.text)
        #expect(
            deleted == [#"{"run_id":"b"}"#, #"{"model_id":"m-2"}"#, #"{"name":"r","version":"12"}"#])
        #expect(server.requests.contains { $0.path.hasSuffix("/artifacts/1/m-1/w") })
        // An alias of a later version is not moved.
        let aliases = server.requests.filter { $0.method == "POST" && $0.path.hasSuffix("/alias") }.map(\.text)
        #expect(aliases == [#"{"name":"r","alias":"new","version":"9"}"#])
        try await server.stop()
    }
}
