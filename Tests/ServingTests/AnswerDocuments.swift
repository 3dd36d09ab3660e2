import FoundationEssentials
import TestSupport
import Testing

/// A problem document (RFC 9457).
struct ProblemDocument: Decodable, Equatable {
    let type: String
    let title: String
    let status: Int
    let code: String
    let detail: String
}

/// The answer for an abstract, alone or in a batch, where it has an id and may be an error.
struct AbstractDocument: Decodable {
    struct Sentence: Decodable, Equatable {
        let text: String
        let start: Int
        let end: Int
        let label: String
        let confidence: Double
        let scores: [String: Double]
        let source: String
        let heading: String?
        let truncated: Bool?
    }

    struct Section: Decodable, Equatable {
        let label: String
        let start: Int
        let end: Int
        let sentences: [Int]
    }

    let id: String?
    let sentences: [Sentence]?
    let sections: [Section]?
    let truncated: Bool?
    let model: String?
    let version: String?
    let error: ProblemDocument?
}

struct BatchDocument: Decodable {
    let abstracts: [AbstractDocument]
    let model: String
    let version: String
}

struct TextDocument: Decodable {
    let input: String
    let proba: [String: Double]
    let labelsShort: [String]
    let truncated: Bool?

    enum CodingKeys: String, CodingKey {
        case input, proba, truncated
        case labelsShort = "labels_short"
    }
}

struct HealthDocument: Decodable {
    let status: String
    let reason: String?
    let model: String?
    let version: String?
}

extension HTTPAnswer {
    /// The body read as JSON by a reader that is not the service's own.
    func document<Document: Decodable>(
        _ type: Document.Type = Document.self, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Document {
        try #require(
            self[field: "content-type"]?.hasPrefix("application/") == true, "\(self)", sourceLocation: sourceLocation)
        return try JSONDecoder().decode(type, from: Data(body))
    }

    /// A line of an answer, read in the same way.
    static func document<Document: Decodable>(_ type: Document.Type, of line: [UInt8]) throws -> Document {
        try JSONDecoder().decode(type, from: Data(line))
    }

    /// Expects a problem document with this status whose detail holds these words.
    func expectProblem(
        _ expected: Int, _ words: String, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(status == expected, "\(text.prefix(400))", sourceLocation: sourceLocation)
        #expect(self[field: "content-type"] == "application/problem+json", comment, sourceLocation: sourceLocation)
        let problem = try document(ProblemDocument.self, sourceLocation: sourceLocation)
        #expect(problem.type == "urn:rubricator:problem:\(problem.code)", comment, sourceLocation: sourceLocation)
        #expect(!problem.title.isEmpty, comment, sourceLocation: sourceLocation)
        #expect(problem.status == expected, comment, sourceLocation: sourceLocation)
        #expect(problem.detail.contains(words), "\(problem.detail)", sourceLocation: sourceLocation)
    }
}

/// A text as JSON writes it.
func json(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}
