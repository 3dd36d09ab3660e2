/// The positions of a tensor's elements in its storage, for tensors that are not necessarily stored in row-major order.
struct StridedLayout: Sendable {
    /// The dimensions, outermost first.
    let shape: [Int]
    /// The distance between neighbouring elements along each dimension, in elements.
    let strides: [Int]
    /// The position of the first element, in elements.
    let offset: Int

    /// Whether the elements are contiguous in row-major order. Strides of dimensions of size 1 do not matter.
    var isContiguous: Bool {
        guard !shape.contains(0) else { return true }
        var expected = 1
        for (dimension, stride) in zip(shape, strides).reversed() where dimension != 1 {
            guard stride == expected else { return false }
            expected = expected.multipliedReportingOverflow(by: dimension).partialValue
        }
        return true
    }

    /// The position after the last element that is used, in elements. `nil` if a number is negative or overflows.
    var end: Int? {
        guard offset >= 0, shape.count == strides.count, !shape.contains(where: { $0 < 0 }),
            !strides.contains(where: { $0 < 0 })
        else { return nil }
        guard !shape.contains(0) else { return 0 }
        var last = offset
        for (dimension, stride) in zip(shape, strides) {
            let (reach, tooFar) = (dimension - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflow) = last.addingReportingOverflow(reach)
            guard !tooFar, !overflow else { return nil }
            last = sum
        }
        let (end, overflow) = last.addingReportingOverflow(1)
        return overflow ? nil : end
    }

    /// Returns the elements in row-major order, each of `elementSize` bytes of `storage`.
    ///
    /// `end` must lie within `storage`, which the readers check.
    func gather(from storage: RawSpan, elementSize: Int, byteCount: Int) -> [UInt8] {
        var result: [UInt8] = []
        guard byteCount > 0 else { return result }
        result.reserveCapacity(byteCount)
        let rank = shape.count
        let (innerCount, innerStride) = rank == 0 ? (1, 1) : (shape[rank - 1], strides[rank - 1])
        var index = [Int](repeating: 0, count: rank)
        var start = offset
        while true {
            for step in 0..<innerCount {
                let byte = (start + step * innerStride) * elementSize
                for part in byte..<byte + elementSize {
                    // The load checks its bounds. It is unsafe only for types with invalid bit patterns.
                    result.append(unsafe storage.unsafeLoad(fromByteOffset: part, as: UInt8.self))
                }
            }
            // Advance to the next row: count up the outer dimensions, the last one fastest.
            var axis = rank - 2
            while axis >= 0 {
                index[axis] += 1
                start += strides[axis]
                if index[axis] < shape[axis] { break }
                start -= shape[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return result }
        }
    }
}
