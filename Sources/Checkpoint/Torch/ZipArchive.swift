/// The records of a zip archive ([APPNOTE 6.3](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT)): stored or
/// deflated, with or without zip64, not encrypted and not split.
struct ZipArchive {
    /// A record whose position has been checked: it lies within the file and overlaps no other record.
    struct Entry {
        var name: String
        var isDeflated: Bool
        var crc32: UInt32
        var inflatedSize: Int
        /// The position of the record's own header in the file.
        var headerPosition: Int
        /// The range of the record's stored bytes in the file.
        var stored: Range<Int>
    }

    /// The maximum number of bytes to which all deflated records of an archive may decompress.
    ///
    /// PyTorch never compresses records, so an archive with deflated records was repacked by hand.
    private static let inflationLimit = 1 << 32

    /// The records by name.
    private(set) var entries: [String: Entry] = [:]
    private let file: MappedFile
    private var inflated = 0

    /// Reads the directory of the archive `file` and the header of each record.
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

    /// Returns the bytes of `entry`, checked against its CRC-32. Stored records are not copied.
    mutating func contents(of entry: Entry) throws(CheckpointProblem) -> ByteRegion {
        let region: ByteRegion
        if entry.isDeflated {
            inflated += entry.inflatedSize
            guard inflated <= Self.inflationLimit else {
                throw CheckpointProblem(
                    "the archive's records inflate to more than \(Self.inflationLimit) bytes. Save it again with torch.save",
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
        // PyTorch writes 0 if CRC-32 was turned off with `torch.serialization.set_crc32_options(False)`.
        guard crc32 == entry.crc32 || entry.crc32 == 0 else {
            throw CheckpointProblem(
                "record \(quoted(entry.name)) has CRC-32 \(crc32), expected \(entry.crc32): it is damaged",
                position: entry.stored.lowerBound)
        }
        return region
    }

    /// Returns the record that an entry of the directory describes.
    private static func locate(
        _ listed: ZipDirectory.Entry, in file: MappedFile, before directoryStart: Int
    ) throws(CheckpointProblem) -> Entry {
        let position = listed.headerPosition
        func problem(_ message: String) -> CheckpointProblem {
            CheckpointProblem("record \(quoted(listed.name)): \(message)", position: position)
        }
        guard position <= directoryStart - 30 else { throw problem("its header is not before the zip directory") }
        let header = file.bytes(in: position..<position + 30)
        guard header.littleEndian(UInt32.self, at: 0) == 0x0403_4B50 else {
            throw problem("expected a record's header here")
        }
        let nameCount = Int(header.littleEndian(UInt16.self, at: 26) ?? 0)
        let extraCount = Int(header.littleEndian(UInt16.self, at: 28) ?? 0)
        let start = position + 30 + nameCount + extraCount
        guard start <= directoryStart, listed.storedSize <= directoryStart - start else {
            throw problem("its \(listed.storedSize) bytes reach into the zip directory")
        }
        guard file.bytes(in: position + 30..<position + 30 + nameCount).elementsEqual(listed.name.utf8) else {
            throw problem("its header gives another name than the zip directory")
        }
        guard listed.flags & 0x2041 == 0 else { throw problem("it is encrypted; expected a plain record") }
        guard listed.method == 0 || listed.method == 8 else {
            throw problem("it is compressed with method \(listed.method); expected stored (0) or deflated (8)")
        }
        let isDeflated = listed.method == 8
        if isDeflated {
            guard listed.inflatedSize / Deflate.highestRatio <= listed.storedSize else {
                throw problem("\(listed.storedSize) bytes cannot inflate to \(listed.inflatedSize)")
            }
        } else if listed.storedSize != listed.inflatedSize {
            throw problem("it is not compressed, but has \(listed.storedSize) bytes instead of \(listed.inflatedSize)")
        }
        return Entry(
            name: listed.name, isDeflated: isDeflated, crc32: listed.crc32, inflatedSize: listed.inflatedSize,
            headerPosition: position, stored: start..<start + listed.storedSize)
    }
}
