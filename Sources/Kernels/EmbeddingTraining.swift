internal import CKernels

/// s[t] = word[id[t]] + position[p[t]] + tokenType[0];  y = dropout(layer norm(s)), in training.
///
/// - Parameters:
///   - ids: `[T]`, rows of the word table.
///   - positions: `[T]`, rows of the position table.
///   - word: `[vocabulary, width]`
///   - position: `[positions, width]`
///   - tokenType: `[types, width]`
///   - gamma: γ, `[1, width]`.
///   - beta: β, `[1, width]`.
///   - epsilon: Added to the variance.
///   - dropout: Of the normalised rows.
///   - sum: s, made `[T, width]`, which backward needs.
///   - y: Made `[T, width]`.
///   - statistics: Made `[T, 2]`: the mean and 1 / deviation of each row of s, which backward needs.
///   - team: Shares out the rows.
public func embed(
    ids: [Int32], positions: [Int32], word: borrowing Matrix, position: borrowing Matrix, tokenType: borrowing Matrix,
    gamma: borrowing Matrix, beta: borrowing Matrix, epsilon: Float, _ dropout: Dropout, sum: inout Matrix,
    into y: inout Matrix, statistics: inout Matrix, team: ThreadTeam
) {
    let width = word.columns
    precondition(position.columns == width && tokenType.columns == width && tokenType.rows > 0)
    precondition(gamma.columns == width && beta.columns == width && sum.columns == width && y.columns == width)
    precondition(ids.count == positions.count && statistics.columns == 2)
    sum.resize(rows: ids.count)
    y.resize(rows: ids.count)
    statistics.resize(rows: ids.count)
    let (vocabulary, places) = (word.rows, position.rows)
    let (w, p, type) = unsafe (word.base, position.base, tokenType.base)
    let (s, target, kept) = unsafe (sum.base, y.base, statistics.base)
    let (g, b) = unsafe (gamma.base, beta.base)
    let (kernels, parameters, keepAll) = unsafe (Arithmetic.kernels, dropout.parameters, Dropout.none.parameters)
    team.forEachBlock(of: ids.count, step: normRowsAtATime) { rows, _ in
        let first = rows.lowerBound * width
        for t in rows {
            let (id, place) = (Int(ids[t]), Int(positions[t]))
            precondition(id >= 0 && id < vocabulary && place >= 0 && place < places)
            unsafe kernels.add_three(s + t * width, w + id * width, p + place * width, type, width)
        }
        unsafe kernels.residual_norm(
            s + first, nil, rows.count, width, first, keepAll, g, b, epsilon, target + first,
            kept + 2 * rows.lowerBound)
        if parameters.threshold > 0 {
            unsafe kernels.drop_out(target + first, rows.count * width, first, parameters)
        }
    }
}

/// The gradients of training's `embed`, all added to.
///
/// - Parameters:
///   - dy: `[T, width]`; becomes the gradient by s.
///   - ids: As forward's.
///   - positions: As forward's.
///   - sum: s, as forward left it.
///   - statistics: As forward left them.
///   - gamma: γ, `[1, width]`.
///   - dropout: As forward's.
///   - wordGradient: `[vocabulary, width]`
///   - positionGradient: `[positions, width]`
///   - tokenTypeGradient: `[types, width]`
///   - gammaGradient: `[1, width]`
///   - betaGradient: `[1, width]`
///   - team: Shares out the rows, then, for the tables, the columns: a row of theirs may be that of many pieces.
public func embedBackward(
    _ dy: inout Matrix, ids: [Int32], positions: [Int32], sum: borrowing Matrix, statistics: borrowing Matrix,
    gamma: borrowing Matrix, _ dropout: Dropout, wordGradient: inout Matrix, positionGradient: inout Matrix,
    tokenTypeGradient: inout Matrix, gammaGradient: inout Matrix, betaGradient: inout Matrix, team: ThreadTeam
) {
    let (rows, width) = (dy.rows, dy.columns)
    precondition(ids.count == rows && positions.count == rows && sum.rows == rows && statistics.rows == rows)
    precondition(sum.columns == width && statistics.columns == 2 && gamma.columns == width)
    precondition(wordGradient.columns == width && positionGradient.columns == width)
    precondition(tokenTypeGradient.columns == width && tokenTypeGradient.rows > 0)
    precondition(gammaGradient.columns == width && betaGradient.columns == width)
    let (vocabulary, places) = (wordGradient.rows, positionGradient.rows)
    precondition(ids.allSatisfy { $0 >= 0 && $0 < vocabulary } && positions.allSatisfy { $0 >= 0 && $0 < places })
    let (slope, s, kept, g) = unsafe (dy.base, sum.base, statistics.base, gamma.base)
    let (kernels, parameters, keepAll) = unsafe (Arithmetic.kernels, dropout.parameters, Dropout.none.parameters)
    unsafe team.addSums(
        of: rows, step: sumStep(rows: rows),
        to: [gammaGradient.base, betaGradient.base, tokenTypeGradient.base], width: width
    ) { range, sums in
        let first = range.lowerBound * width
        if parameters.threshold > 0 {
            unsafe kernels.drop_out(slope + first, range.count * width, first, parameters)
        }
        unsafe kernels.norm_backward(
            slope + first, s + first, kept + 2 * range.lowerBound, range.count, width, g, slope + first, nil, first,
            keepAll, sums, sums + width)
        unsafe kernels.add_rows(sums + 2 * width, slope + first, range.count, width, width)
    }
    let (words, placed) = unsafe (wordGradient.base, positionGradient.base)
    team.forEachBlock(of: width, step: 64) { columns, _ in
        let first = columns.lowerBound
        unsafe kernels.scatter_add_rows(words + first, slope + first, ids, rows, columns.count, width)
        unsafe kernels.scatter_add_rows(placed + first, slope + first, positions, rows, columns.count, width)
    }
}
