internal import CKernels

/// Runs a bidirectional gated recurrent unit (Cho et al. 2014), as one layer of PyTorch's `nn.GRU(bidirectional=True)`
/// whose inputs are already projected. For each place t of a text, starting with h = 0:
///
///     r = σ(x_r + W_r · h + b_r);  z = σ(x_z + W_z · h + b_z);  n = tanh(x_n + r ⊙ (W_n · h + b_n))
///     h ← (1 - z) ⊙ n + z ⊙ h
///
/// Texts are stored one after another, longest first. The texts that are still being read at a step are then the first
/// ones of their block, so that their states form one matrix to multiply by W.
///
/// - Parameters:
///   - projected: x, `[T, 6 · H]`: r, z and n of the forward direction, then of the backward direction.
///   - texts: First row of each text, and T at the end, `[S + 1]`. No text may be empty or longer than the one before.
///   - layer: W `[6 · H, H]` and b `[1, 6 · H]`: r, z and n of each direction, stacked.
///   - result: The states h, and the gates for the backward pass; resized to T rows.
///   - scratch: Scratch for the same width and team.
///   - team: Threads that share the texts and directions.
///   - backend: The implementation of the matrix multiplications, not `.bfloat16`.
public func gatedRecurrence(
    _ projected: borrowing Matrix, texts: [Int], _ layer: LinearWeights, into result: inout RecurrenceActivations,
    scratch: inout RecurrenceScratch, team: ThreadTeam, backend: GemmBackend = .fastest
) {
    let width = result.width
    precondition(projected.columns == 6 * width && layer.weight.value.rows == 6 * width)
    precondition(layer.weight.value.columns == width && scratch.fits(width: width, team))
    let blocks = TextBlocks(texts, rows: projected.rows)
    result.states.resize(rows: projected.rows)
    result.gates.resize(rows: projected.rows)
    let factors = RightFactor.recurrent(
        layer.weight.value, transposed: true, panels: &scratch.panels, backend: backend, team: team)
    let (x, b) = unsafe (projected.base, layer.bias.value.base)
    let (h, kept) = unsafe (result.states.base, result.gates.base)
    let (work, columns) = unsafe (scratch.carried.base, scratch.carried.columns)
    let kernels = unsafe Arithmetic.kernels
    team.forEach(2 * blocks.count) { item, member in
        let (block, direction) = (blocks[item / 2], item % 2)
        let previous = unsafe work + member * columns
        let product = unsafe previous + TextBlocks.size * width
        unsafe previous.update(repeating: 0, count: block.count * width)
        for step in 0..<blocks.length(block.lowerBound) {
            let active = blocks.active(block, at: step)
            unsafe factors[direction].multiply(previous, count: active, into: product)
            for text in 0..<active {
                let row = blocks.row(block.lowerBound + text, step, isReversed: direction == 1)
                let state = unsafe h + row * 2 * width + direction * width
                let last = unsafe previous + text * width
                unsafe kernels.gru_step(
                    state, kept + row * 8 * width + direction * 4 * width,
                    x + row * 6 * width + direction * 3 * width, product + text * 3 * width,
                    b + direction * 3 * width, last, width)
                unsafe last.update(from: state, count: width)
            }
        }
    }
}

/// Computes the gradients of ``gatedRecurrence(_:texts:_:into:scratch:team:backend:)``, from the last
/// step of each direction back to its first.
///
/// - Parameters:
///   - dh: Gradient with respect to h, `[T, 2 · H]`.
///   - activations: The result of the forward pass.
///   - texts: First row of each text, and T at the end, as in the forward pass.
///   - layer: W and b, whose gradients are added to.
///   - dx: Gradient with respect to x; resized to `[T, 6 · H]`.
///   - scratch: Scratch, as in the forward pass.
///   - team: Threads that share the texts and directions, then the rows of the weight's gradient.
///   - backend: The implementation of the matrix multiplications, not `.bfloat16`.
public func gatedRecurrenceBackward(
    _ dh: borrowing Matrix, _ activations: borrowing RecurrenceActivations, texts: [Int], _ layer: LinearWeights,
    into dx: inout Matrix, scratch: inout RecurrenceScratch, team: ThreadTeam, backend: GemmBackend = .fastest
) {
    let (rows, width) = (dh.rows, activations.width)
    precondition(dh.columns == 2 * width && dx.columns == 6 * width && activations.states.rows == rows)
    precondition(layer.weight.value.rows == 6 * width && layer.weight.value.columns == width)
    precondition(scratch.fits(width: width, team))
    let blocks = TextBlocks(texts, rows: rows)
    dx.resize(rows: rows)
    scratch.productGradient.resize(rows: rows)
    scratch.previous.resize(rows: rows)
    let factors = RightFactor.recurrent(
        layer.weight.value, transposed: false, panels: &scratch.panels, backend: backend, team: team)
    let (slope, h, kept) = unsafe (dh.base, activations.states.base, activations.gates.base)
    let (byInput, byProduct, before) = unsafe (dx.base, scratch.productGradient.base, scratch.previous.base)
    let (work, columns) = unsafe (scratch.carried.base, scratch.carried.columns)
    let kernels = unsafe Arithmetic.kernels
    team.forEach(2 * blocks.count) { item, member in
        let (block, direction) = (blocks[item / 2], item % 2)
        let carried = unsafe work + member * columns
        let product = unsafe carried + TextBlocks.size * width
        unsafe carried.update(repeating: 0, count: block.count * width)
        for step in (0..<blocks.length(block.lowerBound)).reversed() {
            let active = blocks.active(block, at: step)
            for text in 0..<active {
                let index = block.lowerBound + text
                let row = blocks.row(index, step, isReversed: direction == 1)
                let last = unsafe before + row * 2 * width + direction * width
                if step > 0 {
                    let place = blocks.row(index, step - 1, isReversed: direction == 1)
                    unsafe last.update(from: h + place * 2 * width + direction * width, count: width)
                } else {
                    unsafe last.update(repeating: 0, count: width)
                }
                let gradient = unsafe carried + text * width
                let recurrent = unsafe byProduct + row * 6 * width + direction * 3 * width
                unsafe kernels.add_scaled(gradient, slope + row * 2 * width + direction * width, 1, width)
                unsafe kernels.gru_step_backward(
                    gradient, byInput + row * 6 * width + direction * 3 * width, recurrent,
                    kept + row * 8 * width + direction * 4 * width, last, width)
                unsafe (product + text * 3 * width).update(from: recurrent, count: 3 * width)
            }
            if step > 0 {
                unsafe factors[direction].multiply(product, count: active, into: carried, accumulating: true)
            }
        }
    }
    let bias = unsafe layer.bias.gradient.base
    unsafe team.addSums(of: rows, step: sumStep(rows: rows), to: [bias], width: 6 * width) { range, sums in
        unsafe kernels.add_rows(sums, byProduct + range.lowerBound * 6 * width, range.count, 6 * width, 6 * width)
    }
    let target = unsafe layer.weight.gradient.base
    guard rows > 0 else { return }
    team.forEach(2) { direction, _ in
        unsafe BLAS.multiply(
            .transposed(byProduct + direction * 3 * width, stride: 6 * width),
            .asStored(before + direction * width, stride: 2 * width),
            into: target + direction * 3 * width * width, width, (3 * width, width, rows), accumulating: true)
    }
}

/// Blocks of texts that are read together, in order of falling length. They do not depend on the team, so neither does
/// the rounding.
struct TextBlocks {
    /// Number of texts of a block; a multiple of the height of every tile.
    static let size = 48
    private let texts: [Int]

    init(_ texts: [Int], rows: Int) {
        self.texts = texts
        precondition(texts.first == 0 && texts.last == rows)
        var longest = Int.max
        for (start, end) in zip(texts, texts.dropFirst()) {
            precondition(end > start && end - start <= longest, "a text is empty or longer than the one before")
            longest = end - start
        }
    }

    var count: Int { (texts.count - 1 + Self.size - 1) / Self.size }

    /// The texts of one block.
    subscript(block: Int) -> Range<Int> { block * Self.size..<min(texts.count - 1, (block + 1) * Self.size) }

    func length(_ text: Int) -> Int { texts[text + 1] - texts[text] }

    /// Returns how many of a block's texts are longer than `step`.
    func active(_ block: Range<Int>, at step: Int) -> Int {
        var active = block.count
        while active > 0, length(block.lowerBound + active - 1) <= step { active -= 1 }
        return active
    }

    /// Returns the row of a text that a direction reads at `step`.
    func row(_ text: Int, _ step: Int, isReversed: Bool) -> Int {
        isReversed ? texts[text + 1] - 1 - step : texts[text] + step
    }
}

extension RightFactor {
    /// Creates the right operands of both directions from W `[3 · H, H]` or its transpose, packed into `panels` if
    /// `backend` needs that.
    fileprivate static func recurrent(
        _ weight: borrowing Matrix, transposed: Bool, panels: inout Matrix, backend: GemmBackend, team: ThreadTeam
    ) -> [RightFactor] {
        let width = weight.columns
        let (source, target) = unsafe (weight.base, panels.base)
        precondition(backend != .bfloat16, "the recurrence multiplies in float32")
        let room = linearPanelRows(inner: width, outer: 3 * width) * PackedProduct.panelColumns
        let (inner, outer) = transposed ? (width, 3 * width) : (3 * width, width)
        return (0..<2).map { direction in
            let part = unsafe source + direction * 3 * width * width
            guard backend == .packed else {
                return unsafe RightFactor(transposed ? .transposed : .asStored, inner: inner, outer: outer, part)
            }
            let into = unsafe target + direction * room
            if transposed {
                unsafe PackedProduct.pack(part, rows: outer, inner: inner, stride: inner, 1, into: into, team: team)
            } else {
                unsafe PackedProduct.pack(columnsOf: part, count: outer, inner: inner, outer, into: into, team: team)
            }
            return unsafe RightFactor(.panels, inner: inner, outer: outer, into)
        }
    }
}
