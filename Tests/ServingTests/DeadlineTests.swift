import Serving
import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("The client's time limit")
    struct RequestTimeoutTests {
        @Test("Work that exceeds the client's time limit is cancelled")
        func tooShort() async throws {
            let request = [UInt8].predict(many, fields: ["X-Request-Timeout: 0.05"])
            try await suiteServer().send(request).expectProblem(504, "the labels were not ready within 0.05 s")
            try await suiteServer().expectToAnswer()
        }

        @Test("A sufficient time limit changes nothing", arguments: ["30", "2.5", "1e9"])
        func enough(_ seconds: String) async throws {
            let request = [UInt8].predict(#"{"abstract": "A."}"#, fields: ["X-Request-Timeout: \(seconds)"])
            #expect(try await suiteServer().send(request).status == 200)
        }

        @Test(
            "A time limit that is not a positive number is refused", arguments: ["0", "-1", "soon", "nan", "inf", ""])
        func malformed(_ seconds: String) async throws {
            let request = [UInt8].predict(#"{"abstract": "A."}"#, fields: ["X-Request-Timeout: \(seconds)"])
            try await suiteServer().send(request)
                .expectProblem(422, "x-request-timeout is \"\(seconds)\"; expected a number of seconds above 0")
        }
    }
}

@Suite("The service's time limit")
struct DeadlineTests {
    @Test("A client cannot exceed the service's time limit")
    func limit() async throws {
        var settings = Settings.shipped
        settings.requestTimeout = .seconds(1)
        try await RunningServer.with(settings) { server in
            for fields in [[], ["X-Request-Timeout: 1000"]] {
                let answer = try await server.send(.predict(many, fields: fields))
                try answer.expectProblem(504, "the labels were not ready within 1 s")
            }
            #expect(try await server.send(.request("GET /health/ready")).status == 200)
        }
    }
}

/// Work of some seconds.
private let many = """
    {"sentences": [\(repeatElement("\"Falls are common in adults older than 65 years.\"", count: 10_000).joined(separator: ","))]}
    """
