/// The records of a zip archive, by [APPNOTE 6.3](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT): stored
/// or deflated, zip64 or not, never encrypted or split.
struct ZipArchive {
    /// One record, whose place has been checked: it lies in the file and overlaps no other.
    struct Entry {
        var name: String
        var isDeflated: Bool
        var crc32: UInt32
        var inflatedSize: Int
        /// Where the record's own header begins in the file.
        var headerPosition: Int
        /// Where its bytes lie in the file, as they are stored.
        var stored: Range<Int>
    }

    /// The most bytes all deflated records of an archive may inflate to.
    ///
    /// PyTorch never deflates, so such files have
    /// been packed again by hand.
    private static let inflationLimit = 1 << 32

    /// The records by name.
    private(set) var entries: [String: Entry] = [:]
    private let file: MappedFile
    private var inflated = 0

    /// Reads the directory of the archive `file`, and each record's own header.
    init(_ file: MappedFile) throws(CheckpointProblem) {
        self.file = file
        let directory = try ZipDirectory(file)
        var last: Entry?
        entries.reserveCapacity(directory.entries.count)
        for listed in directory.entries.sorted(by: { $0.headerPosition < $1.headerPosition }) {
            let entry = try Self.locate(listed, in: file, before: directory.start)
            if let last, entry.headerPosition < last.stored.upperBound {
                throw CheckpointProblem(
                    "records \(quoted(last.name)) and \(quoted(entry.name)) overlap", position: entry.headerPosition)
            }
            guard entries.updateValue(entry, forKey: entry.name) == nil else {
                throw CheckpointProblem(
                    "record \(quoted(entry.name)) appears more than once", position: entry.headerPosition)
            }
            last = entry
        }
    }

    /// The bytes of `entry`, checked against its CRC-32: the file's own where they are stored, inflated otherwise.
    mutating func contents(of entry: Entry) throws(CheckpointProblem) -> ByteRegion {
        let region: ByteRegion
        if entry.isDeflated {
            inflated += entry.inflatedSize
            guard inflated <= Self.inflationLimit else {
                throw CheckpointProblem(
                    "the archive's records inflate to more than \(Self.inflationLimit) bytes. Save it again by torch.save",
                    position: entry.headerPosition)
            }
            let bytes = file.withBytes(in: entry.stored) { Deflate.inflate($0, count: entry.inflatedSize) }
            guard let bytes else {
                throw CheckpointProblem(
                    "record \(quoted(entry.name)) does not inflate to \(entry.inflatedSize) bytes: it is damaged",
                    position: entry.stored.lowerBound)
            }
            region = .memory(bytes)
        } else {
            region = .mapped(file, entry.stored)
        }
        let crc32 = region.withBytes { Deflate.crc32($0) }
        // PyTorch writes 0 where `torch.serialization.set_crc32_options(False)` told it not to count.
        guard crc32 == entry.crc32 || entry.crc32 == 0 else {
            throw CheckpointProblem(
                "record \(quoted(entry.name)) has the CRC-32 \(crc32), but \(entry.crc32) was written: it is damaged",
                position: entry.stored.lowerBound)
        }
        return region
    }

    /// Follows a line of the directory to the record.
    private static func locate(
        _ listed: ZipDirectory.Entry, in file: MappedFile, before directoryStart: Int
    ) throws(CheckpointProblem) -> Entry {
        let position = listed.headerPosition
        func problem(_ message: String) -> CheckpointProblem {
            CheckpointProblem("record \(quoted(listed.name)): \(message)", position: position)
        }
        guard position <= directoryStart - 30 else { throw problem("its header does not lie before the directory") }
        let header = file.bytes(in: position..<position + 30)
        guard header.littleEndian(UInt32.self, at: 0) == 0x0403_4B50 else {
            throw problem("expected a record's header here")
        }
        let nameCount = Int(header.littleEndian(UInt16.self, at: 26) ?? 0)
        let extraCount = Int(header.littleEndian(UInt16.self, at: 28) ?? 0)
        let start = position + 30 + nameCount + extraCount
        guard start <= directoryStart, listed.storedSize <= directoryStart - start else {
            throw problem("its \(listed.storedSize) bytes reach into the directory")
        }
        guard file.bytes(in: position + 30..<position + 30 + nameCount).elementsEqual(listed.name.utf8) else {
            throw problem("its own header gives it another name")
        }
        guard listed.flags & 0x2041 == 0 else { throw problem("it is encrypted; expected a plain record") }
        guard listed.method == 0 || listed.method == 8 else {
            throw problem("it is packed by method \(listed.method); expected stored (0) or deflated (8)")
        }
        let isDeflated = listed.method == 8
        if isDeflated {
            guard listed.inflatedSize / Deflate.highestRatio <= listed.storedSize else {
                throw problem("\(listed.storedSize) bytes cannot inflate to \(listed.inflatedSize)")
            }
        } else if listed.storedSize != listed.inflatedSize {
            throw problem("it is stored as it is, but in \(listed.storedSize) bytes instead of \(listed.inflatedSize)")
        }
        return Entry(
            name: listed.name, isDeflated: isDeflated, crc32: listed.crc32, inflatedSize: listed.inflatedSize,
            headerPosition: position, stored: start..<start + listed.storedSize)
    }
}
