import Checkpoint
import Glibc
import Labelling
import Serving

/// One abstract of an input file.
struct InputAbstract {
    /// The file, with the line where the file holds several abstracts; for errors.
    let place: String
    let file: String
    let id: String?
    let content: Result<PredictRequest.Item.Content, LabellingFailure>
}

/// The error that an input file cannot be read.
struct InputError: Error, CustomStringConvertible {
    let description: String

    /// Creates an error from a failed system call.
    ///
    /// - Parameters:
    ///   - file: The path as given.
    ///   - code: The `errno` of the call.
    init(file: String, _ code: Int32) {
        description = "\(file): cannot read: \(FileFailure.reason(code))."
    }
}

/// The abstracts of one file, read one at a time: each line is one where the name ends in .jsonl, otherwise the file is.
struct InputAbstracts: ~Copyable {
    private let name: String
    private var reader: LineReader
    private let hasLines: Bool
    private var line = 0

    /// Opens a file, or standard input for "-".
    init(file: String) throws {
        name = file == "-" ? "standard input" : file
        hasLines = file.hasSuffix(".jsonl")
        reader = try LineReader(file: file)
    }

    /// The next abstract; `nil` after the last.
    mutating func next() throws -> InputAbstract? {
        guard hasLines else {
            line += 1
            return line == 1 ? try InputAbstract(file: name, text: reader.rest()) : nil
        }
        while let content = try reader.line() {
            line += 1
            if content.contains(where: { $0 > 0x20 }) { return InputAbstract(file: name, line: line, json: content) }
        }
        return nil
    }
}

extension InputAbstract {
    fileprivate init(file: String, text: [UInt8]) {
        let content = Result { () throws(LabellingFailure) in
            try PredictRequest(text: text, headings: .use, place: "the file")
        }
        self.init(place: file, file: file, id: nil, content: content.flatMap(Self.one))
    }

    /// An abstract from a line of JSON, which has the form of an element of "abstracts" in a request to `/predict`.
    fileprivate init(file: String, line: Int, json: [UInt8]) {
        let item = PredictRequest.BatchItem(line: json, limits: RequestLimits())
        self.init(place: "\(file), line \(line)", file: file, id: item.id, content: item.content)
    }

    private static func one(_ request: PredictRequest) -> Result<PredictRequest.Item.Content, LabellingFailure> {
        guard case .one(let content) = request.subject else {
            return .failure(.invalid("expected one abstract."))
        }
        return .success(content)
    }
}
