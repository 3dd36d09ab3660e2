import Checkpoint
import Foundation
import Glibc
import Labelling
import Serving
import TestSupport
import Testing

/// Content that takes more than linear time in careless code, at three sizes and in every position of a request.
@Suite("Time of hostile content", .serialized)
struct HostileContentTests {
    /// Units of content, each repeated up to the size. Runs of combining marks are slow to compare as Unicode text. The
    /// other units could make a scanner look far back or ahead for the end of a sentence, a heading or a token.
    static let units = [
        "\u{323}\u{301}", "a\u{301}", "\u{1100}\u{1161}\u{11A8}", "👩\u{200D}", "🇩🇪", "中", "\u{FDFA}", ".", "e.g. ", "(",
        "[",
        "1", "1. ", "; 1. ", "A.", "A B ", "vs. ", " . ", "''. ", "METHODS: ", "METHODS:\n", "a-", "x", " ", "\t", "\n",
    ]
    static let sizes = [8, 32, 128].map { $0 << 10 }

    @Test("Reading a request takes linear time in every member", arguments: units)
    func reading(unit: String) {
        let templates = [
            #"{"%": 1}"#, #"{"abstract": "%"}"#, #"{"sentences": ["%"]}"#, #"{"abstract": "A.", "headings": "%"}"#,
            #"{"abstracts": [{"id": "%", "text": "A."}]}"#, #"{"abstracts": [{"%": "A."}]}"#, #"{"texts": ["%"]}"#,
            #"{"%": 1, "%": 2}"#,
        ]
        for template in templates {
            expectLinearTime("\(template) with \(unit.debugDescription)") { size in
                let body = filled(template, unit, size)
                return { _ = try? PredictRequest(json: body, headings: .use, limits: RequestLimits()) }
            }
        }
        expectLinearTime("a text of \(unit.debugDescription)") { size in
            let body = repeated(unit, size)
            return { _ = try? PredictRequest(text: body, headings: .use) }
        }
    }

    @Test("Reading an inference request takes linear time in every member", arguments: units)
    func inference(unit: String) {
        let templates = [
            #"{"inputs": [{"name": "%", "datatype": "BYTES", "shape": [1], "data": ["A."]}]}"#,
            #"{"inputs": [{"name": "abstracts", "datatype": "%", "shape": [1], "data": ["A."]}]}"#,
            #"{"inputs": [{"name": "abstracts", "datatype": "BYTES", "shape": [1], "data": ["%"]}]}"#,
            #"{"id": "%", "parameters": {"headings": "%"}, "inputs": []}"#,
            #"""
            {"inputs": [{"name": "abstracts", "datatype": "BYTES", "shape": [1], "data": ["A."]}],
             "outputs": [{"name": "%"}, {"name": "%"}]}
            """#,
        ]
        for template in templates {
            expectLinearTime("\(template) with \(unit.debugDescription)") { size in
                let body = filled(template, unit, size)
                return { _ = try? InferRequest(body, jsonCount: nil, limits: RequestLimits()) }
            }
        }
    }

    @Test("Reading a header field takes linear time", arguments: units)
    func fields(unit: String) throws {
        let directory = try TemporaryDirectory()
        let file = directory.url.appending(path: "keys").path
        try "a-key\n".write(toFile: file, atomically: true, encoding: .utf8)
        let keys = try APIKeys(file: file)
        expectLinearTime("header fields of \(unit.debugDescription)") { size in
            let field = String(decoding: repeated(unit, size), as: UTF8.self)
            return {
                _ = AcceptedWeights([field, "a;\(field)", "a;q=\(field)"])("text/html")
                _ = keys.allow(authorization: field) || keys.allow(authorization: "Bearer \(field)")
                _ = TraceContext(traceparent: field)
            }
        }
    }

    @Test("Dividing a text into sentences and tokens takes linear time", arguments: units)
    func preparing(unit: String) throws {
        let labeller = try Labeller(CheckpointDirectory(path: Locations.models.path()))
        expectLinearTime("a text of \(unit.debugDescription)") { size in
            let text = String(decoding: repeated(unit, size), as: UTF8.self) + " A."
            return { _ = try? labeller.prepare(labeller.abstract(text)) }
        }
    }

    /// Checks that the time of `work` grows at most linearly from the smallest to the largest size.
    ///
    /// It is the processor time of this thread, which other threads do not change, and the shortest of three calls. The
    /// largest content is 16 times as long as the smallest: quadratic work takes 256 times as long, and 4 times
    /// the linear growth is allowed for caches and the growth of arrays. A few milliseconds are never a fault.
    private func expectLinearTime(
        _ what: String, _ work: (_ size: Int) -> () -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let times = Self.sizes.map { size in
            let call = work(size)
            return (0..<3).map { _ in processorTime(call) }.min() ?? 0
        }
        let growth = Double(Self.sizes[2] / Self.sizes[0])
        #expect(
            times[2] < max(0.03, 4 * growth * times[0]), "\(what): \(times) s for \(Self.sizes) bytes",
            sourceLocation: sourceLocation)
    }

    private func processorTime(_ call: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let start = now()
        call()
        return now() - start
    }

    /// Returns about `size` bytes of whole units.
    private func repeated(_ unit: String, _ size: Int) -> [UInt8] {
        let unit = Array(unit.utf8)
        return Array(repeatElement(unit, count: size / unit.count).joined())
    }

    /// Returns a template with hostile content in each place of a `%`, escaped for JSON.
    private func filled(_ template: String, _ unit: String, _ size: Int) -> [UInt8] {
        let escaped = unit.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
        let content = repeated(escaped, size)
        return Array(
            template.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).joined(
                separator: content))
    }
}
