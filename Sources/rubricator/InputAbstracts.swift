import FoundationEssentials
import Glibc
import HTTPTypes
import Labelling
import Serving

/// One abstract as a file holds it.
struct InputAbstract {
    /// The file, and the line where a file holds several.
    let place: String
    let file: String
    let id: String?
    let content: Result<PredictRequest.Item.Content, Problem>
}

/// A file cannot be read.
struct InputError: Error, CustomStringConvertible {
    let description: String
}

/// The abstracts of one file, read as they are needed.
struct InputAbstracts: Sequence {
    private let file: String
    private let bytes: Data

    /// Reads a file, or standard input for "-".
    init(file: String) throws {
        self.file = file == "-" ? "standard input" : file
        do {
            bytes = try file == "-" ? Self.standardInput() : Data(contentsOf: URL(filePath: file))
        } catch {
            let reason = (error as? CocoaError).flatMap { $0.underlying as? POSIXError }.map {
                unsafe String(cString: strerror($0.code.rawValue))
            }
            throw InputError(description: "\(file) cannot be read: \(reason ?? "\(error)").")
        }
    }

    func makeIterator() -> AnyIterator<InputAbstract> {
        guard file.hasSuffix(".jsonl") else {
            let whole = InputAbstract(file: file, text: bytes)
            return AnyIterator(CollectionOfOne(whole).makeIterator())
        }
        var rest = bytes[...]
        var line = 0
        return AnyIterator { () -> InputAbstract? in
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
                let content = rest[..<end]
                rest = rest[(end < rest.endIndex ? end + 1 : end)...]
                line += 1
                if content.contains(where: { $0 > 0x20 }) {
                    return InputAbstract(file: file, line: line, json: content)
                }
            }
            return nil
        }
    }

    private static func standardInput() throws -> Data {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputError(description: unsafe String(cString: strerror(errno))) }
            if count == 0 { return data }
            data.append(contentsOf: buffer[..<count])
        }
    }
}

extension InputAbstract {
    fileprivate init(file: String, text: Data) {
        let content = Result { () throws(Problem) in try PredictRequest(text: Array(text), headings: .use) }
        self.init(place: file, file: file, id: nil, content: content.flatMap(Self.one))
    }

    /// A line is what an element of `/predict`'s "abstracts" is.
    fileprivate init(file: String, line: Int, json: Data) {
        let body = Array(#"{"abstracts":["#.utf8) + Array(json) + Array("]}".utf8)
        let request = Result { () throws(Problem) in
            try PredictRequest(json: body, headings: .use, limits: RequestLimits())
        }
        var id: String?
        var content = request.flatMap(Self.one)
        if case .success(let request) = request, case .batch(let items) = request.subject, let item = items.first {
            id = item.id
            content = item.content
        }
        self.init(place: "\(file), line \(line)", file: file, id: id, content: content)
    }

    private static func one(_ request: PredictRequest) -> Result<PredictRequest.Item.Content, Problem> {
        guard case .one(let content) = request.subject else {
            return .failure(Problem(.unprocessableContent, "expected one abstract."))
        }
        return .success(content)
    }
}
