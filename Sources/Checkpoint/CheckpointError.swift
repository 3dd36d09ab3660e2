/// A reason why a checkpoint could not be read or written. The description gives the path, the problem and the remedy.
public enum CheckpointError: Error, Hashable, Sendable {
    /// There is no file or directory at `path`.
    case notFound(path: String)
    /// A regular file was expected at `path`, but there is something else: `found`, such as "a directory" or "a pipe".
    case notAFile(path: String, found: String)
    /// A directory was expected at `path`, but there is something else.
    case notADirectory(path: String)
    /// The operating system refused to open or map the file at `path`.
    case unreadable(path: String, reason: String)
    /// A file name could lead out of the checkpoint directory.
    case forbiddenName(name: String, directory: String)
    /// The directory contains none of the files in which weights are stored.
    case noWeights(directory: String, lookedFor: [String])
    /// The first bytes of the file at `path` belong to no supported format.
    case unrecognised(path: String, found: String, remedy: String)
    /// The file at `path` violates its format; all problems that were found are listed.
    case invalid(path: String, format: CheckpointFormat, problems: [CheckpointProblem])
    /// The checkpoint at `path` has no tensor named `name`.
    case noSuchTensor(name: String, path: String)
    /// The tensors for the file at `path` cannot be stored; all problems that were found are listed.
    case unstorable(path: String, problems: [CheckpointProblem])
    /// The operating system refused to write the file at `path`.
    case unwritable(path: String, reason: String)
}

/// A problem in a checkpoint, and its position.
public struct CheckpointProblem: Error, Hashable, Sendable {
    /// The shard that contains the problem, if the checkpoint consists of several files.
    public var file: String?
    /// The name of the tensor that is affected, if there is one.
    public var tensor: String?
    /// The position in bytes from the start of the file or, for a compressed zip record, of the decompressed record.
    public var position: Int?
    /// A phrase that says what was expected and what was found.
    public var message: String

    /// Creates a problem with its position, as far as it is known.
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
    /// The maximum number of problems that the description of one file lists.
    static let problemsSpelledOut = 100

    /// The error as sentences, beginning with the path.
    public var description: String {
        switch self {
        case .notFound(let path):
            "\(quoted(path)): no such file or directory. Check the path, or download the checkpoint again."
        case .notAFile(let path, let found):
            "\(quoted(path)): expected a regular file, found \(found). Give the path of the file itself."
        case .notADirectory(let path):
            "\(quoted(path)): expected a checkpoint directory, found a file. Pass the directory that contains config.json."
        case .unreadable(let path, let reason):
            "\(quoted(path)): cannot read: \(reason). Check that this user may read the file."
        case .forbiddenName(let name, let directory):
            "\(quoted(name)) is not the name of a file in \(quoted(directory)): expected a plain file name without '/', "
                + "'\\', '..' or control characters. Put the file in the directory and give only its name."
        case .noWeights(let directory, let lookedFor):
            "\(quoted(directory)): no weights found: looked for \(lookedFor.joined(separator: ", ")). "
                + "Download the checkpoint again, or save it in one of these formats."
        case .unrecognised(let path, let found, let remedy):
            "\(quoted(path)): unknown checkpoint format: expected safetensors, or a PyTorch zip or legacy file, "
                + "found \(found). \(remedy)"
        case .invalid(let path, let format, let problems):
            "\(quoted(path)): not a valid \(format) file: \(Self.list(problems))"
                + "Download or save the checkpoint again."
        case .noSuchTensor(let name, let path):
            "\(quoted(path)): no tensor named \(quoted(name)). Check that the checkpoint fits this kind of model."
        case .unstorable(let path, let problems):
            "\(quoted(path)): cannot store these tensors: \(Self.list(problems))Correct them and write the file again."
        case .unwritable(let path, let reason):
            "\(quoted(path)): cannot write: \(reason). Check the directory, its permissions and the free space."
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

/// Returns `shape` in brackets, cut after 16 dimensions, because a hostile file may have millions.
func brief(_ shape: [Int]) -> String {
    let dimensions = shape.prefix(16).map(String.init).joined(separator: ", ")
    return shape.count > 16 ? "[\(dimensions), …]" : "[\(dimensions)]"
}

/// Returns `text` in quotation marks, safe for one line of a log: control characters are escaped, and the text is cut
/// after 200 code points.
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
