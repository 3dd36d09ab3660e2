import MLflow
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: MLflowError
        let wait: Duration?
    }

    static func answer(_ status: Int, after: Duration? = nil) -> MLflowError {
        .refused(request: "POST x", status: status, code: "", message: "", retryAfter: after)
    }

    static let rows = [
        Row(testDescription: "no answer", error: .unreachable(request: "", reason: ""), wait: .seconds(1)),
        Row(testDescription: "500", error: answer(500), wait: .seconds(1)),
        Row(testDescription: "502", error: answer(502), wait: .seconds(1)),
        Row(testDescription: "503", error: answer(503), wait: .seconds(1)),
        Row(testDescription: "503 that asks for 7 s", error: answer(503, after: .seconds(7)), wait: .seconds(7)),
        Row(testDescription: "429", error: answer(429), wait: .seconds(1)),
        Row(testDescription: "429 that asks for 3 s", error: answer(429, after: .seconds(3)), wait: .seconds(3)),
        Row(testDescription: "429 that asks for less", error: answer(429, after: .zero), wait: .seconds(1)),
        Row(
            testDescription: "429 that asks for a day", error: answer(429, after: .seconds(86_400)), wait: .seconds(300)
        ),
        Row(testDescription: "408", error: answer(408), wait: .seconds(1)),
        Row(testDescription: "400", error: answer(400), wait: nil),
        Row(testDescription: "401", error: answer(401), wait: nil),
        Row(testDescription: "403", error: answer(403), wait: nil),
        Row(testDescription: "404", error: answer(404), wait: nil),
        Row(testDescription: "501", error: answer(501), wait: nil),
        Row(testDescription: "301", error: answer(301), wait: nil),
        Row(testDescription: "no MLflow", error: .unexpected(request: "", reason: ""), wait: nil),
        Row(testDescription: "no such file", error: .file(path: "", reason: ""), wait: nil),
    ]

    @Test("The first failure is followed by the right wait, or by none", arguments: rows)
    func first(_ row: Row) {
        var policy = RetryPolicy(attempts: 9, first: .seconds(1))
        #expect(policy.wait(after: row.error, jitter: 1) == row.wait)
    }

    @Test("The wait doubles up to a maximum, half of it is random, and a success resets it")
    func growth() {
        var policy = RetryPolicy(attempts: nil, first: .seconds(1), longest: .seconds(10))
        func wait(_ jitter: Double) -> Duration? { policy.wait(after: Self.answer(500), jitter: jitter) }
        #expect([1, 1, 1, 1, 1].map(wait) == [1, 2, 4, 8, 10].map { .seconds($0) })
        #expect(wait(0) == .seconds(5))
        for _ in 0..<100 { #expect(wait(1) == .seconds(10)) }
        policy.succeeded()
        #expect(policy.wait(after: Self.answer(500), jitter: 1) == .seconds(1))
    }

    @Test("There are no more retries after the last attempt")
    func attempts() {
        var policy = RetryPolicy(attempts: 3)
        let waits = (0..<3).map { _ in policy.wait(after: Self.answer(500), jitter: 0) }
        #expect(waits.map { $0 == nil } == [false, false, true])
    }
}
