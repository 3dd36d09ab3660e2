import Checkpoint
import FoundationEssentials
import Labelling
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

@Suite("Cancelling the work before the queue")
struct CancellationTests {
    private struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let caller: Caller
        let failure: LabellingFailure
    }

    private static let rows = [
        Row(
            testDescription: "the time is over", caller: Caller(until: Deadline(allowing: .zero)),
            failure: .deadlineExceeded(allowed: .zero)),
        Row(
            testDescription: "the client has left",
            caller: Caller(until: Deadline(allowing: .seconds(60)), isThere: { false }), failure: .clientGone),
    ]

    @Test("Reading many JSON values stops", arguments: rows)
    private func reading(_ row: Row) {
        let values = "[" + repeatElement("0", count: 10_000).joined(separator: ",") + "]"
        #expect(throws: row.failure) {
            try PredictRequest(
                json: Array(#"{"x": \#(values), "abstract": "A."}"#.utf8), headings: .use, limits: RequestLimits(),
                for: row.caller)
        }
    }

    @Test("Dividing and tokenising a long text stop", arguments: rows)
    private func preparing(_ row: Row) throws {
        let labeller = try Labeller(CheckpointDirectory(path: Locations.models.path()))
        let text = String(repeating: "Falls are common. ", count: 1_000)
        #expect(throws: row.failure) { try labeller.abstract(text, atMost: .max, check: row.caller.check) }
        #expect(throws: row.failure) { try labeller.prepare(labeller.abstract(text), check: row.caller.check) }
    }

    @Test("Dividing a text stops soon after the largest number of sentences")
    func sentences() throws {
        let labeller = try Labeller(CheckpointDirectory(path: Locations.models.path()))
        for unit in ["Falls are common. ", "METHODS: ", "METHODS:\n", "1. "] {
            let abstract = labeller.abstract(String(repeating: unit, count: 1_000), atMost: 100) {}
            #expect((101...110).contains(abstract.sentences.count), "\(unit): \(abstract.sentences.count)")
        }
        let whole = labeller.abstract("Falls are common. We tested.", atMost: 2) {}
        #expect(whole == labeller.abstract("Falls are common. We tested."))
    }
}

/// Work of some seconds.
private let many = """
    {"sentences": [\(repeatElement("\"Falls are common in adults older than 65 years.\"", count: 10_000).joined(separator: ","))]}
    """
