import Serving
import Testing

/// Starts one server for all tests of a suite, and stops it after the last.
struct ServerTrait: SuiteTrait, TestScoping {
    let settings: Settings

    @TaskLocal static var server: RunningServer?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await RunningServer.with(settings) { server in
            try await Self.$server.withValue(server) { try await function() }
        }
    }
}

extension Trait where Self == ServerTrait {
    /// One server with these settings for all tests of the suite.
    static func server(_ settings: Settings) -> ServerTrait { ServerTrait(settings: settings) }
}

/// The server of the suite.
func suiteServer() throws -> RunningServer { try #require(ServerTrait.server) }

/// Everything that is asked of the shipped checkpoint over sockets; one server answers it all.
@Suite("The shipped checkpoint", .server(.shipped), .serialized)
enum ShippedCheckpoint {}
