/// Descriptions of unsupported files. Some kinds of file are often found in place of weights.
enum UnknownFile {
    /// Returns whether `file` is the pointer that Git leaves until `git lfs pull` downloads the file itself.
    static func isGitLFSPointer(_ file: MappedFile) -> Bool {
        starts(file, with: "version https://git-lfs")
    }

    static func error(_ file: MappedFile) -> CheckpointError {
        let (found, remedy) = findings(file)
        return .unrecognised(path: file.path, found: found, remedy: remedy)
    }

    private static func findings(_ file: MappedFile) -> (found: String, remedy: String) {
        if file.count == 0 { return ("an empty file", "Download it again.") }
        if isGitLFSPointer(file) { return ("a Git LFS pointer", "Run `git lfs pull` in its repository.") }
        if starts(file, with: "<") { return ("a web page or XML", "Download the file itself, not its page.") }
        if file.bytes(in: 257..<262).elementsEqual("ustar".utf8) {
            return (
                "a tar archive", "Unpack it. If PyTorch before 0.1.10 wrote it, save it again with a newer version."
            )
        }
        let start = file.bytes(in: 0..<8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }
        return ("the bytes \(start.joined(separator: " "))", "Save it as safetensors.")
    }

    private static func starts(_ file: MappedFile, with text: String) -> Bool {
        file.bytes(in: 0..<text.utf8.count).elementsEqual(text.utf8)
    }
}
