import FoundationEssentials

/// The checked-out git commit of a working directory.
package enum GitCommit {
    /// Returns the name of the commit, read from `.git` as described in gitrepository-layout(5). Supports branches in
    /// files, packed branches and worktrees.
    ///
    /// - Parameter directory: The absolute path of a directory in the working tree.
    /// - Returns: The name of the commit in hexadecimal; `nil` if there is no repository or no commit.
    package static func name(at directory: String) -> String? {
        var parts = directory.split(separator: "/")
        while true {
            let root = "/" + parts.joined(separator: "/")
            if let git = gitDirectory(in: root) { return head(of: git) }
            if parts.popLast() == nil { return nil }
        }
    }

    private static func gitDirectory(in root: String) -> String? {
        let path = root == "/" ? "/.git" : "\(root)/.git"
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return nil }
        if isDirectory { return path }
        // In a worktree, .git is a file with the path of the git directory.
        guard let target = text(path), target.hasPrefix("gitdir: ") else { return nil }
        return absolute(String(target.dropFirst("gitdir: ".count)), from: root)
    }

    private static func head(of git: String) -> String? {
        guard let head = text("\(git)/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return isCommit(head) ? head : nil }
        let reference = String(head.dropFirst("ref: ".count))
        let shared = text("\(git)/commondir").map { absolute($0, from: git) } ?? git
        for directory in [git, shared] {
            if let commit = text("\(directory)/\(reference)"), isCommit(commit) { return commit }
        }
        let packed = text("\(shared)/packed-refs")?.split(separator: "\n") ?? []
        return packed.first { $0.hasSuffix(" \(reference)") }.map { String($0.prefix { $0 != " " }) }
            .flatMap { isCommit($0) ? $0 : nil }
    }

    private static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }

    private static func absolute(_ path: String, from directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    /// Returns the text of a file without line breaks at its end.
    private static func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 24 else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return String(text[..<(text.lastIndex { !$0.isNewline }.map { text.index(after: $0) } ?? text.startIndex)])
    }
}
