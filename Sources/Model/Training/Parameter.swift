public import Kernels

/// A trained matrix with its gradient: one tensor of the checkpoint, or several of one shape, one above the other.
public final class Parameter {
    /// Where in the network a parameter stands, which decides its learning rate.
    public enum Place: Sendable, Equatable {
        case embeddings
        /// Counted from 0, nearest to the embeddings.
        case layer(Int)
        case head
    }

    /// The checkpoint's names of the tensors, from the top.
    public let tensors: [String]
    /// Of each tensor.
    public let shape: [Int]
    /// Where in the network it stands.
    public let place: Place
    /// Whether weight decay applies: to matrices, not to biases, layer norms and the CRF's scores.
    public let isDecayed: Bool
    /// θ
    public var value: Matrix
    /// ∂loss/∂θ, of θ's size.
    public var gradient: Matrix

    package init(_ tensors: [String], shape: [Int], place: Place, isDecayed: Bool, value: consuming Matrix) {
        self.tensors = tensors
        self.shape = shape
        self.place = place
        self.isDecayed = isDecayed
        gradient = Matrix(rows: value.rows, columns: value.columns)
        self.value = value
    }

    /// What to call it in an error.
    public var name: String { tensors.joined(separator: " + ") }

    /// How many numbers it holds.
    public var count: Int { value.rows * value.columns }
}
