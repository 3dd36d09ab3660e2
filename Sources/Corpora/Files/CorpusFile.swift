import Checkpoint
import Compression
import JSON
import Text

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file of a corpus, decompressed and checked to be UTF-8.
public struct CorpusFile: Sendable {
    /// The name of the file, for error messages.
    let name: String
    /// The content as UTF-8, without a byte order mark.
    let bytes: [UInt8]
    /// The name, size and digest of the file, as a model card lists them.
    public internal(set) var source: CorpusSource

    /// Reads a whole file.
    ///
    /// - Parameter path: The path of the file, which may be compressed with gzip; "-" is standard input.
    /// - Throws: `CorpusError` if the file cannot be read, is damaged or is not text.
    public init(path: String) throws(CorpusError) {
        try self.init(name: path == "-" ? "standard input" : path, stored: try Self.read(path))
    }

    /// Creates a file from its bytes.
    ///
    /// - Parameters:
    ///   - name: The name of the file, used in error messages and to detect the format.
    ///   - stored: The bytes of the file, which may be compressed with gzip.
    /// - Throws: `CorpusError` if the bytes are damaged or not text.
    public init(name: String, stored: [UInt8]) throws(CorpusError) {
        let whole = GzipReader.isCompressed(stored) ? try Self.decompressed(stored, name: name) : stored
        guard !whole.starts(with: "version https://git-lfs".utf8) else {
            throw CorpusError(file: name, "expected text, found a Git LFS pointer; run git lfs pull in its repository.")
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: whole.span)
        } catch {
            if let (kind, remedy) = Self.foreignKind(whole) {
                throw CorpusError(file: name, "expected text or gzip, found \(kind); \(remedy).")
            }
            let line = whole[..<error.byteOffsets.lowerBound].count { $0 == UInt8(ascii: "\n") } + 1
            throw CorpusError(
                file: name, line: line,
                "expected UTF-8, found \(error.kind); convert the file, for example with iconv -f latin1 -t utf-8.")
        }
        self.name = name
        source = CorpusSource(name: name, byteCount: whole.count, sha256: SHA256.hexadecimal(of: whole))
        bytes = whole.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(whole.dropFirst(3)) : whole
    }

    /// Throws `CorpusError` if the file is empty.
    func checkNotEmpty() throws(CorpusError) {
        guard !bytes.isEmpty else { throw CorpusError(file: name, "the file is empty; check its path.") }
    }

    /// The lines of the file.
    var lines: CorpusLines { CorpusLines(bytes) }

    /// Whether the file holds abstracts with their sentences: the format of PubMed RCT, or JSON lines with a member
    /// "sentences". Otherwise it holds texts or a table of sentences.
    public var holdsWholeAbstracts: Bool {
        switch CorpusFileKind(self) {
        case .pubMedRCT: true
        case .jsonLines: firstMembers.contains("sentences")
        default: false
        }
    }

    /// The member names of the first JSON line. Empty if that line is not valid JSON, which the reader of the format
    /// reports.
    var firstMembers: [String] {
        guard let line = lines.first(where: { !$0.isBlank }) else { return [] }
        var json = JSONReader(Array(line.bytes))
        var names: [String] = []
        try? json.object { (json, name) throws(JSONSyntaxError) in
            names.append(name.text)
            try json.skipValue()
        }
        return names
    }

    private static func decompressed(_ stored: [UInt8], name: String) throws(CorpusError) -> [UInt8] {
        do throws(GzipReader.Fault) {
            var reader = try GzipReader()
            var whole: [UInt8] = []
            try reader.read(stored, into: &whole)
            try reader.finish()
            return whole
        } catch {
            let what =
                switch error {
                case .outOfMemory, .tooLarge:
                    "there is not enough memory to decompress the file; split it into smaller files."
                case .truncated:
                    "the gzip data ends too early, after \(stored.count) bytes; copy or download the file again."
                case .damaged(let position, let reason):
                    "the gzip data is damaged near byte \(position) (\(reason)); copy or download the file again."
                case .trailing(let position):
                    "there is other data after the gzip data, from byte \(position) on; copy or download the file again."
                }
            throw CorpusError(file: name, what)
        }
    }

    /// Returns the kind of file that bytes which are not UTF-8 belong to, if their beginning shows it, and a remedy.
    private static func foreignKind(_ bytes: [UInt8]) -> (kind: String, remedy: String)? {
        let kinds: [(start: [UInt8], kind: String, remedy: String)] = [
            (Array("PK\u{3}\u{4}".utf8), "a zip archive or Excel workbook", "unpack it, or export it as CSV"),
            (Array("BZh".utf8), "bzip2", "decompress it, or compress it with gzip"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "decompress it, or compress it with gzip"),
            ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard", "decompress it, or compress it with gzip"),
            (Array("PAR1".utf8), "Parquet", "export it as JSON lines or CSV"),
            ([0xFF, 0xFE], "UTF-16", "convert it to UTF-8"),
            ([0xFE, 0xFF], "UTF-16", "convert it to UTF-8"),
        ]
        return kinds.first { bytes.starts(with: $0.start) }.map { ($0.kind, $0.remedy) }
    }

    private static func read(_ path: String) throws(CorpusError) -> [UInt8] {
        func refused(_ code: Int32) -> CorpusError {
            CorpusError(file: path, "cannot read: \(FileFailure.reason(code)).")
        }
        guard !path.utf8.contains(0) else {
            throw CorpusError(file: path.excerpt, "the path contains a NUL character; correct the path.")
        }
        let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refused(errno) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0 { bytes.reserveCapacity(max(0, Int(status.st_size))) }
        var part = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe part.withUnsafeMutableBytes { part in
                // The module is named because `read` alone would refer to the enclosing function.
                #if canImport(Darwin)
                    unsafe Darwin.read(descriptor, part.baseAddress, part.count)
                #elseif canImport(Musl)
                    unsafe Musl.read(descriptor, part.baseAddress, part.count)
                #else
                    unsafe Glibc.read(descriptor, part.baseAddress, part.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw refused(errno) }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }
}
