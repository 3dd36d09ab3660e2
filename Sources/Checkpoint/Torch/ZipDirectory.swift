/// The central directory of a zip archive, not yet checked against the records.
struct ZipDirectory {
    /// An entry of the directory.
    ///
    /// Sizes and positions lie within the file, but may not match the record.
    struct Entry {
        var name: String
        var flags: UInt16
        var method: UInt16
        var crc32: UInt32
        var storedSize: Int
        var inflatedSize: Int
        var headerPosition: Int
    }

    /// The position of the directory in the file.
    let start: Int
    private(set) var entries: [Entry] = []

    /// Reads the directory to which the end of `file` points.
    init(_ file: MappedFile) throws(CheckpointProblem) {
        let (range, count) = try Self.find(in: file)
        start = range.lowerBound
        let bytes = file.bytes(in: range)
        entries.reserveCapacity(count)
        var position = 0
        for _ in 0..<count {
            let (entry, size) = try Self.entry(of: bytes, at: position, origin: start, fileCount: file.count)
            entries.append(entry)
            position += size
        }
    }

    /// Returns the range of the directory and its number of entries. The range has space for that many entries.
    private static func find(in file: MappedFile) throws(CheckpointProblem) -> (range: Range<Int>, count: Int) {
        // The end record is the last part of the file, apart from a comment of at most 65,535 bytes.
        let tailStart = max(0, file.count - 22 - 65_535)
        let tail = file.bytes(in: tailStart..<file.count)
        let end = stride(from: tail.count - 22, through: 0, by: -1).first { position in
            tail[position] == 0x50 && tail.littleEndian(UInt32.self, at: position) == 0x0605_4B50
                && tail.littleEndian(UInt16.self, at: position + 20) == UInt16(tail.count - position - 22)
        }
        guard let end else {
            throw CheckpointProblem(
                "expected a zip directory at the end, found none: the file is incomplete", position: file.count)
        }
        let endPosition = tailStart + end
        var count = UInt64(tail.littleEndian(UInt16.self, at: end + 10) ?? 0)
        var size = UInt64(tail.littleEndian(UInt32.self, at: end + 12) ?? 0)
        var start = UInt64(tail.littleEndian(UInt32.self, at: end + 16) ?? 0)
        if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
            let record = try zip64EndRecord(in: file, before: endPosition)
            count = record.littleEndian(UInt64.self, at: 32) ?? 0
            size = record.littleEndian(UInt64.self, at: 40) ?? 0
            start = record.littleEndian(UInt64.self, at: 48) ?? 0
        }
        guard start <= UInt64(endPosition), size <= UInt64(endPosition) - start else {
            throw CheckpointProblem(
                "the zip directory should begin at \(start) and take \(size) bytes, but must end before its end record",
                position: endPosition)
        }
        // An entry takes at least 46 bytes.
        guard count <= size / 46 else {
            throw CheckpointProblem(
                "\(count) records cannot be listed in a zip directory of \(size) bytes", position: endPosition)
        }
        guard size <= PickleReader.byteLimit else {
            throw CheckpointProblem(
                "expected a zip directory of at most \(PickleReader.byteLimit) bytes", position: endPosition)
        }
        return (Int(start)..<Int(start + size), Int(count))
    }

    private static func zip64EndRecord(in file: MappedFile, before end: Int) throws(CheckpointProblem) -> [UInt8] {
        let locator = file.bytes(in: max(0, end - 20)..<end)
        guard locator.littleEndian(UInt32.self, at: 0) == 0x0706_4B50,
            let position = locator.littleEndian(UInt64.self, at: 8), position <= UInt64(max(0, end - 56))
        else { throw CheckpointProblem("expected a zip64 locator before the end record", position: end) }
        let record = file.bytes(in: Int(position)..<Int(position) + 56)
        guard record.count == 56, record.littleEndian(UInt32.self, at: 0) == 0x0606_4B50 else {
            throw CheckpointProblem("expected the zip64 end record", position: Int(position))
        }
        return record
    }

    /// Returns the entry at `position` in the directory's `bytes`, and its size in bytes.
    private static func entry(
        of bytes: [UInt8], at position: Int, origin: Int, fileCount: Int
    ) throws(CheckpointProblem) -> (entry: Entry, size: Int) {
        func problem(_ message: String) -> CheckpointProblem { CheckpointProblem(message, position: origin + position) }
        guard bytes.littleEndian(UInt32.self, at: position) == 0x0201_4B50,
            let flags = bytes.littleEndian(UInt16.self, at: position + 8),
            let method = bytes.littleEndian(UInt16.self, at: position + 10),
            let crc32 = bytes.littleEndian(UInt32.self, at: position + 16),
            let storedSize = bytes.littleEndian(UInt32.self, at: position + 20),
            let inflatedSize = bytes.littleEndian(UInt32.self, at: position + 24),
            let nameCount = bytes.littleEndian(UInt16.self, at: position + 28).map(Int.init),
            let extraCount = bytes.littleEndian(UInt16.self, at: position + 30).map(Int.init),
            let commentCount = bytes.littleEndian(UInt16.self, at: position + 32).map(Int.init),
            let headerPosition = bytes.littleEndian(UInt32.self, at: position + 42),
            nameCount + extraCount + commentCount <= bytes.count - position - 46
        else { throw problem("expected an entry of the zip directory") }
        let nameStart = position + 46
        guard let name = String(validating: bytes[nameStart..<nameStart + nameCount], as: UTF8.self) else {
            throw problem("expected a record's name in UTF-8")
        }
        // Numbers that do not fit in 32 bits are in the extra field, in this order.
        var numbers = [UInt64(inflatedSize), UInt64(storedSize), UInt64(headerPosition)]
        if numbers.contains(0xFFFF_FFFF) {
            let extra = Array(bytes[nameStart + nameCount..<nameStart + nameCount + extraCount])
            guard fill(&numbers, fromExtra: extra) else {
                throw problem("expected zip64 sizes of record \(quoted(name))")
            }
        }
        guard numbers.allSatisfy({ $0 <= UInt64(Int.max) }), numbers[1] <= UInt64(fileCount),
            numbers[2] <= UInt64(fileCount)
        else { throw problem("record \(quoted(name)) is not within the file") }
        let entry = Entry(
            name: name, flags: flags, method: method, crc32: crc32, storedSize: Int(numbers[1]),
            inflatedSize: Int(numbers[0]), headerPosition: Int(numbers[2]))
        return (entry, 46 + nameCount + extraCount + commentCount)
    }

    /// Replaces each number equal to 2^32 - 1 with the next number in the zip64 extra field. Returns false if there are
    /// too few.
    private static func fill(_ numbers: inout [UInt64], fromExtra extra: [UInt8]) -> Bool {
        var position = 0
        while let tag = extra.littleEndian(UInt16.self, at: position),
            let size = extra.littleEndian(UInt16.self, at: position + 2)
        {
            let next = position + 4 + Int(size)
            guard tag == 0x0001, next <= extra.count else {
                position = next
                continue
            }
            position += 4
            for index in numbers.indices where numbers[index] == 0xFFFF_FFFF {
                guard position + 8 <= next, let number = extra.littleEndian(UInt64.self, at: position) else {
                    return false
                }
                numbers[index] = number
                position += 8
            }
            return true
        }
        return false
    }
}
