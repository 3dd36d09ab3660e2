import TestSupport
import Testing

extension ShippedCheckpoint {
    @Suite("Randomly changed requests", .timeLimit(.minutes(1)))
    struct FuzzTests {
        static let bodies = [
            #"{"abstract": "Falls are common. We randomised 40 adults.", "headings": "use"}"#,
            #"{"sentences": ["Falls are common.", "We randomised \u00e9\ud83d\ude00 adults."]}"#,
            #"{"abstracts": ["Falls.", {"id": "a", "text": "METHODS: We tested."}, {"id": "b", "sentences": ["A.", "B."]}]}"#,
            #"{"texts": ["Falls are common."], "x": [1, -2.5e-3, true, false, null, {}]}"#,
        ].map { Array($0.utf8) }

        @Test("A randomly changed body is answered or refused", arguments: [1, 2] as [UInt64])
        func bodies(seed: UInt64) async throws {
            let server = try suiteServer()
            let counts = try await server.connected { client in
                var generator = SeededGenerator(seed: seed)
                var counts: [Int: Int] = [:]
                let deadline = ContinuousClock.now + .milliseconds(1_200)
                while ContinuousClock.now < deadline {
                    let body = Self.changed(Self.bodies.randomElement(using: &generator) ?? [], using: &generator)
                    let type = ["application/json", "text/plain"].randomElement(using: &generator) ?? ""
                    try client.send(.request("POST /predict", fields: ["Content-Type: \(type)"], body: body))
                    let status = try client.receive().status
                    counts[status, default: 0] += 1
                    #expect([200, 400, 413, 415, 422].contains(status), "seed \(seed): \(body)")
                }
                return counts
            }
            #expect(counts.count >= 3, "too little was tried: \(counts)")
            try await server.expectToAnswer()
        }

        @Test("A random JSON value is answered or refused as JSON")
        func values() async throws {
            let server = try suiteServer()
            let counts = try await server.connected { client in
                var generator = SeededGenerator(seed: 3)
                var counts: [Int: Int] = [:]
                let deadline = ContinuousClock.now + .milliseconds(1_200)
                while ContinuousClock.now < deadline {
                    let body = Self.value(depth: 0, using: &generator)
                    try client.send(.predict(body))
                    let status = try client.receive().status
                    counts[status, default: 0] += 1
                    #expect([200, 422].contains(status), "\(body)")
                }
                return counts
            }
            #expect(counts.count == 2, "too little was tried: \(counts)")
        }

        @Test("A randomly changed message is answered or refused, and its connection is closed")
        func messages() async throws {
            let server = try suiteServer()
            let whole =
                Self.bodies.map {
                    [UInt8].request("POST /predict", fields: ["Content-Type: application/json"], body: $0)
                }
                + [
                    .request("POST /predict", fields: ["Transfer-Encoding: chunked"]) + Self.bodies[0].chunked(by: 9),
                    .request("GET /info?a=b"),
                ]
            let answered = try await onOwnThread {
                var generator = SeededGenerator(seed: 4)
                var answered = 0
                let deadline = ContinuousClock.now + .milliseconds(1_500)
                while ContinuousClock.now < deadline {
                    let message = Self.changed(whole.randomElement(using: &generator) ?? [], using: &generator)
                    let client = try SocketClient(port: server.port, timeout: 20)
                    // The server may be done with the connection before all has been sent.
                    try? client.send(message)
                    client.finishSending()
                    let answer = String(decoding: try client.receiveToEnd(), as: UTF8.self)
                    guard !answer.isEmpty else { continue }
                    answered += 1
                    let status = answer.split(separator: " ").dropFirst().first ?? ""
                    #expect(
                        ["102", "200", "400", "404", "405", "413", "415", "422"].contains(status),
                        "\(message) \(answer)")
                }
                return answered
            }
            #expect(answered > 50)
            try await server.expectToAnswer()
        }

        /// Bytes with some flipped, replaced, removed, repeated, or replaced by part of another body.
        private static func changed(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
            var bytes = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, start + Int.random(in: 1...12, using: &generator))
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[start] = UInt8.random(in: 0...255, using: &generator)
                case 2: bytes.removeSubrange(start..<end)
                case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
                case 4: bytes.removeSubrange(start...)
                default:
                    let other = bodies.randomElement(using: &generator) ?? []
                    let from = Int.random(in: 0..<other.count, using: &generator)
                    bytes.replaceSubrange(start..<end, with: other[from..<min(other.count, from + 20)])
                }
            }
            return bytes
        }

        private static func value(depth: Int, using generator: inout SeededGenerator) -> String {
            let strings = ["\"\"", "\" \"", "\"A b. C d.\"", "\"\\u00e9\\n\"", "\"RESULTS: yes.\"", "\"use\"", "\"😀\""]
            switch Int.random(in: 0..<(depth < 4 ? 9 : 5), using: &generator) {
            case 0: return ["null", "true", "false"].randomElement(using: &generator) ?? "null"
            case 1:
                return "\(Int.random(in: -9...9, using: &generator)).5e\(Int.random(in: -400...400, using: &generator))"
            case 2, 3, 4: return strings.randomElement(using: &generator) ?? "\"\""
            case 5, 6:
                let count = Int.random(in: 0..<4, using: &generator)
                let elements = (0..<count).map { _ in value(depth: depth + 1, using: &generator) }
                return "[\(elements.joined(separator: ","))]"
            default:
                let names = ["abstract", "sentences", "abstracts", "texts", "headings", "id", "text", "x"]
                let count = Int.random(in: 0..<3, using: &generator)
                let members = (0..<count).map { _ in
                    "\"\(names.randomElement(using: &generator) ?? "")\":\(value(depth: depth + 1, using: &generator))"
                }
                return "{\(members.joined(separator: ","))}"
            }
        }
    }
}
