/// Why a checkpoint could not be read or written, as a sentence: what, where, expected, found, remedy.
public enum CheckpointError: Error, Hashable, Sendable {
    /// No file or directory lies at `path`.
    case notFound(path: String)
    /// A regular file was expected at `path`, but `found` ("a directory", "a pipe", …) lies there.
    case notAFile(path: String, found: String)
    /// A directory was expected at `path`, but something else lies there.
    case notADirectory(path: String)
    /// The operating system refused to open or map the file at `path`.
    case unreadable(path: String, reason: String)
    /// A file name that could lead out of the checkpoint's directory.
    case forbiddenName(name: String, directory: String)
    /// The directory holds none of the files that weights are read from.
    case noWeights(directory: String, lookedFor: [String])
    /// The first bytes of the file at `path` belong to no format that is read here.
    case unrecognised(path: String, found: String, remedy: String)
    /// The file at `path` contradicts its format: every problem that was found in it.
    case invalid(path: String, format: CheckpointFormat, problems: [CheckpointProblem])
    /// The checkpoint at `path` has no tensor called `name`.
    case noSuchTensor(name: String, path: String)
    /// The tensors given for the file at `path` cannot be stored: every problem that was found in them.
    case unstorable(path: String, problems: [CheckpointProblem])
    /// The operating system refused to write the file at `path`.
    case unwritable(path: String, reason: String)
}

/// One thing wrong in a checkpoint, and where.
public struct CheckpointProblem: Error, Hashable, Sendable {
    /// The shard the problem is in, for a checkpoint of several files.
    public var file: String?
    /// The tensor concerned.
    public var tensor: String?
    /// The position in the file (or, for a compressed zip record, in the inflated record), in bytes from its start.
    public var position: Int?
    /// What was expected and what was found.
    public var message: String

    /// Describes one problem.
    public init(_ message: String, file: String? = nil, tensor: String? = nil, position: Int? = nil) {
        self.message = message
        self.file = file
        self.tensor = tensor
        self.position = position
    }
}

extension CheckpointProblem: CustomStringConvertible {
    /// The problem as one clause, such as `tensor "a", at byte 12: …`.
    public var description: String {
        var places: [String] = []
        if let file { places.append("file \(quoted(file))") }
        if let tensor { places.append("tensor \(quoted(tensor))") }
        if let position { places.append("at byte \(position)") }
        return places.isEmpty ? message : places.joined(separator: ", ") + ": " + message
    }
}

extension CheckpointError: CustomStringConvertible {
    /// How many problems of one file a message spells out.
    static let problemsSpelledOut = 100

    /// The error as sentences.
    public var description: String {
        switch self {
        case .notFound(let path):
            "Nothing lies at \(quoted(path)). Check the path, or download the checkpoint again."
        case .notAFile(let path, let found):
            "Expected a regular file at \(quoted(path)), found \(found). Give the path of the file itself."
        case .notADirectory(let path):
            "Expected a checkpoint directory at \(quoted(path)), found a file. Give the directory that holds config.json."
        case .unreadable(let path, let reason):
            "The file \(quoted(path)) cannot be read: \(reason). Check that this user may read it."
        case .forbiddenName(let name, let directory):
            "The name \(quoted(name)) is not that of a file in \(quoted(directory)): expected a plain file name without "
                + "'/', '\\', '..' or control characters. Put the file in the directory and name it alone."
        case .noWeights(let directory, let lookedFor):
            "The directory \(quoted(directory)) holds no weights: looked for \(lookedFor.joined(separator: ", ")). "
                + "Download the checkpoint again, or save it in one of these formats."
        case .unrecognised(let path, let found, let remedy):
            "The file \(quoted(path)) is no checkpoint format that is read here: expected safetensors, or a PyTorch zip "
                + "or legacy file, found \(found). \(remedy)"
        case .invalid(let path, let format, let problems):
            "The file \(quoted(path)) is not a valid \(format) file: \(Self.list(problems))"
                + "Download or save the checkpoint again."
        case .noSuchTensor(let name, let path):
            "The checkpoint \(quoted(path)) has no tensor \(quoted(name)). Check that it belongs to this kind of model."
        case .unstorable(let path, let problems):
            "These tensors cannot be stored in \(quoted(path)): \(Self.list(problems))Correct them and write again."
        case .unwritable(let path, let reason):
            "The file \(quoted(path)) cannot be written: \(reason). Check the directory, its permissions and the free space."
        }
    }

    private static func list(_ problems: [CheckpointProblem]) -> String {
        guard problems.count != 1 else { return problems[0].description + ". " }
        var sentences = "\(problems.count) problems:"
        for problem in problems.prefix(problemsSpelledOut) { sentences += "\n- \(problem)" }
        if problems.count > problemsSpelledOut { sentences += "\n- and \(problems.count - problemsSpelledOut) more" }
        return sentences + "\n"
    }
}

/// `shape` in brackets, cut after 16 dimensions: a hostile file may give it millions.
func brief(_ shape: [Int]) -> String {
    let dimensions = shape.prefix(16).map(String.init).joined(separator: ", ")
    return shape.count > 16 ? "[\(dimensions), …]" : "[\(dimensions)]"
}

/// `text` in quotation marks, fit for one line of a log: control characters escaped, cut after 200 characters.
func quoted(_ text: String) -> String {
    var result = "\""
    for (index, scalar) in text.unicodeScalars.enumerated() {
        guard index < 200 else {
            result += "…"
            break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
            result += scalar.escaped(asASCII: true)
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
