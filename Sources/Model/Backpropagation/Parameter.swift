public import Kernels

/// A trainable matrix of a network: one tensor of the checkpoint, or several tensors of one shape, stacked.
public final class Parameter: TrainableMatrix {
    /// The position of a parameter in the network, which decides its learning rate.
    public enum Place: Sendable, Equatable {
        case embeddings
        /// An encoder layer, counted from 0 at the embeddings.
        case layer(Int)
        case head
    }

    /// Checkpoint names of the stacked tensors, from the top.
    public let tensors: [String]
    /// Shape of each tensor.
    public let shape: [Int]
    /// Position in the network.
    public let place: Place
    /// Whether weight decay applies: true for matrices, false for biases, layer norms and the CRF's scores.
    public let isDecayed: Bool

    package init(_ tensors: [String], shape: [Int], place: Place, isDecayed: Bool, value: consuming Matrix) {
        self.tensors = tensors
        self.shape = shape
        self.place = place
        self.isDecayed = isDecayed
        super.init(value)
    }

    /// Name for error messages.
    public var name: String { tensors.joined(separator: " + ") }

    /// Number of values.
    public var count: Int { value.rows * value.columns }
}
