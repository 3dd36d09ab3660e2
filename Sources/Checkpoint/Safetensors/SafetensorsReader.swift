/// A reader of the [safetensors format](https://github.com/huggingface/safetensors#format). It refuses every file that
/// the reference implementation refuses.
package enum SafetensorsReader {
    /// The longest header that is accepted, in bytes, as in the reference implementation.
    package static let headerLimit = 100_000_000

    /// Opens the tensors of `file`. Only the header is read.
    package static func read(_ file: MappedFile) throws(CheckpointError) -> TensorStore {
        let headerEnd: Int
        let header: SafetensorsHeader
        do throws(CheckpointProblem) {
            headerEnd = try self.headerEnd(of: file)
            header = try SafetensorsHeader(json: file.bytes(in: 8..<headerEnd), origin: 8)
        } catch {
            throw .invalid(path: file.path, format: .safetensors, problems: [error])
        }

        var problems = header.duplicates
        var tensors: [StoredTensor] = []
        tensors.reserveCapacity(header.entries.count)
        let dataCount = file.count - headerEnd
        for entry in header.entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            do throws(CheckpointProblem) {
                let elementType = try check(entry, dataCount: dataCount)
                let range = headerEnd + entry.begin..<headerEnd + entry.end
                tensors.append(
                    StoredTensor(
                        name: entry.name, elementType: elementType, shape: entry.shape, region: .mapped(file, range),
                        range: 0..<range.count))
            } catch {
                problems.append(error)
            }
        }
        problems += coverageProblems(header.entries, dataCount: dataCount)
        guard problems.isEmpty else { throw .invalid(path: file.path, format: .safetensors, problems: problems) }
        return TensorStore(path: file.path, format: .safetensors, tensors: tensors, metadata: header.metadata)
    }

    /// Returns the position where the header ends and the data begin.
    private static func headerEnd(of file: MappedFile) throws(CheckpointProblem) -> Int {
        guard let length = file.bytes(in: 0..<8).littleEndian(UInt64.self, at: 0) else {
            throw CheckpointProblem(
                "expected 8 bytes of header length, but the file has \(file.count) bytes", position: 0)
        }
        guard length >= 2, length <= UInt64(headerLimit) else {
            throw CheckpointProblem("expected a header of 2 to \(headerLimit) bytes, found \(length)", position: 0)
        }
        guard length <= UInt64(file.count - 8) else {
            throw CheckpointProblem(
                "the header should have \(length) bytes, but only \(file.count - 8) follow: the file is incomplete",
                position: 0)
        }
        return 8 + Int(length)
    }

    /// Checks one tensor by itself: its type, its shape, and that it has the number of bytes that these require.
    private static func check(
        _ entry: SafetensorsHeader.Entry, dataCount: Int
    ) throws(CheckpointProblem) -> ElementType {
        var faults: [String] = []
        let elementType = ElementType(rawValue: entry.elementType)
        if elementType == nil {
            faults.append("unsupported element type \(quoted(entry.elementType)); expected one of \(ElementType.names)")
        }
        let offsets = "data_offsets [\(entry.begin), \(entry.end)]"
        if entry.begin > entry.end {
            faults.append("\(offsets) end before they begin")
        } else if entry.end > dataCount {
            faults.append("\(offsets) reach beyond the \(dataCount) bytes of data: the file is incomplete")
        }
        if let elementType {
            if let expected = elementType.byteCount(ofShape: entry.shape) {
                if entry.begin <= entry.end, entry.end - entry.begin != expected {
                    faults.append(
                        "\(elementType) of shape \(brief(entry.shape)) takes \(expected) bytes, but \(offsets) hold "
                            + "\(entry.end - entry.begin)")
                }
            } else {
                faults.append("the size of shape \(brief(entry.shape)) exceeds 2^63 bytes")
            }
        }
        guard let elementType, faults.isEmpty else {
            throw CheckpointProblem(faults.joined(separator: "; "), tensor: entry.name)
        }
        return elementType
    }

    /// Checks all tensors together: their bytes must cover the data without overlaps or gaps.
    private static func coverageProblems(
        _ entries: [SafetensorsHeader.Entry], dataCount: Int
    ) -> [CheckpointProblem] {
        var problems: [CheckpointProblem] = []
        var covered = 0
        var last: String?
        let inOrder = entries.filter { $0.begin <= $0.end && $0.end <= dataCount }
            .sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
        for entry in inOrder {
            let before = last.map { "tensor \(quoted($0))" } ?? "the header"
            if entry.begin > covered {
                problems.append(
                    CheckpointProblem(
                        "\(entry.begin - covered) bytes between it and \(before) belong to no tensor",
                        tensor: entry.name))
            } else if entry.begin < covered {
                problems.append(
                    CheckpointProblem(
                        "begins at \(entry.begin), but \(before) ends at \(covered): they overlap", tensor: entry.name))
            }
            if entry.end >= covered {
                covered = entry.end
                last = entry.name
            }
        }
        if inOrder.count == entries.count, covered < dataCount {
            problems.append(CheckpointProblem("\(dataCount - covered) bytes after the last tensor belong to no tensor"))
        }
        return problems
    }
}
