extension RightFactor {
    /// Creates the operand Wᵀ for W `[outer, inner]`, packed into `panels` if the implementation needs that.
    init(
        transposeOf weight: borrowing Matrix, panels: inout Matrix, backend: GemmBackend, team: ThreadTeam
    ) {
        let (inner, outer) = (weight.columns, weight.rows)
        guard backend != .bfloat16 else {
            Self.makeRoom(for: BFloat16Product.size(inner: inner, outer: outer), in: &panels)
            unsafe BFloat16Product.pack(
                transposeOf: weight.base, inner: inner, outer: outer, into: panels.base, team: team)
            unsafe self.init(.bfloat16Panels, inner: inner, outer: outer, panels.base)
            return
        }
        guard backend == .packed else {
            unsafe self.init(.transposed, inner: inner, outer: outer, weight.base)
            return
        }
        Self.makeRoom(for: PackedProduct.size(rows: outer, inner: inner), in: &panels)
        let (source, target) = unsafe (weight.base, panels.base)
        unsafe PackedProduct.pack(source, rows: outer, inner: inner, stride: inner, 1, into: target, team: team)
        unsafe self.init(.panels, inner: inner, outer: outer, target)
    }

    /// Creates the operand W `[inner, outer]`, packed into `panels` if the implementation needs that.
    init(
        _ weight: borrowing Matrix, panels: inout Matrix, backend: GemmBackend, team: ThreadTeam
    ) {
        let (inner, outer) = (weight.rows, weight.columns)
        guard backend != .bfloat16 else {
            Self.makeRoom(for: BFloat16Product.size(inner: inner, outer: outer), in: &panels)
            unsafe BFloat16Product.pack(weight.base, inner: inner, outer: outer, into: panels.base, team: team)
            unsafe self.init(.bfloat16Panels, inner: inner, outer: outer, panels.base)
            return
        }
        guard backend == .packed else {
            unsafe self.init(.asStored, inner: inner, outer: outer, weight.base)
            return
        }
        Self.makeRoom(for: PackedProduct.size(rows: outer, inner: inner), in: &panels)
        let (source, target) = unsafe (weight.base, panels.base)
        unsafe PackedProduct.pack(columnsOf: source, count: outer, inner: inner, outer, into: target, team: team)
        unsafe self.init(.panels, inner: inner, outer: outer, target)
    }

    private static func makeRoom(for size: Int, in panels: inout Matrix) {
        precondition(panels.columns == PackedProduct.panelColumns)
        panels.resize(rows: size / PackedProduct.panelColumns)
    }
}
