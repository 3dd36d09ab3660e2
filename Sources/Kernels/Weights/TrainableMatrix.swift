/// A matrix that training changes, with its gradient: what a training kernel reads in the forward pass and adds to in
/// the backward pass.
open class TrainableMatrix {
    /// The value θ.
    public final var value: Matrix
    /// Gradient of the loss, ∂loss/∂θ, with the shape of θ.
    public final var gradient: Matrix

    /// Creates a matrix with a gradient of zeros.
    ///
    /// - Parameter value: The value θ.
    public init(_ value: consuming Matrix) {
        gradient = Matrix(rows: value.rows, columns: value.columns)
        self.value = value
    }
}
