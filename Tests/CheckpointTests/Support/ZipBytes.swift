/// A writer of zip archives with stored records, which can contain deliberate errors.
struct ZipBytes {
    struct Record {
        var name: String
        var bytes: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var crc32: UInt32 = 0
        /// The size in the directory's entry, if it differs from the true size.
        var storedSize: UInt32?
        var inflatedSize: UInt32?
        var headerPosition: UInt32?
        var nameInHeader: String?
    }

    var records: [Record]
    /// The number of records in the end record, if it differs from the true number.
    var count: UInt16?
    var directorySize: UInt32?
    var directoryStart: UInt32?

    /// Returns an archive as written by `torch.save`, with `pickle` and the storage "0".
    static func torch(pickle: [UInt8], storage: [UInt8] = [UInt8](repeating: 0, count: 16)) -> ZipBytes {
        ZipBytes(records: [Record(name: "a/data.pkl", bytes: pickle), Record(name: "a/data/0", bytes: storage)])
    }

    /// The bytes of the archive.
    var bytes: [UInt8] {
        var body = PickleBytes(bytes: [])
        var directory = PickleBytes(bytes: [])
        for record in records {
            let position = UInt32(body.bytes.count)
            let header = record.nameInHeader ?? record.name
            body.little(0x0403_4B50 as UInt32)
            body.op([UInt8](repeating: 0, count: 22))
            body.little(UInt16(header.utf8.count))
            body.little(0 as UInt16)
            body.op(header)
            body.op(record.bytes)

            directory.little(0x0201_4B50 as UInt32)
            directory.op([0, 0, 0, 0])
            directory.little(record.flags)
            directory.little(record.method)
            directory.op([0, 0, 0, 0])
            directory.little(record.crc32)
            directory.little(record.storedSize ?? UInt32(record.bytes.count))
            directory.little(record.inflatedSize ?? UInt32(record.bytes.count))
            directory.little(UInt16(record.name.utf8.count))
            directory.op([UInt8](repeating: 0, count: 12))
            directory.little(record.headerPosition ?? position)
            directory.op(record.name)
        }
        var end = PickleBytes(bytes: [])
        end.little(0x0605_4B50 as UInt32)
        end.op([0, 0, 0, 0])
        end.little(count ?? UInt16(records.count))
        end.little(count ?? UInt16(records.count))
        end.little(directorySize ?? UInt32(directory.bytes.count))
        end.little(directoryStart ?? UInt32(body.bytes.count))
        end.little(0 as UInt16)
        return body.bytes + directory.bytes + end.bytes
    }
}
