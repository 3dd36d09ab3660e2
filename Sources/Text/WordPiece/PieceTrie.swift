/// The tokens of a vocabulary as a trie over code points, with its edges in one open-addressing hash table.
///
/// A step is one probe of the table. Finding the longest token at a position therefore costs one step per code point
/// and creates no string. The table stores edges, not nodes: an edge includes the token that ends there, so that a step
/// reads one entry.
struct PieceTrie: Sendable {
    struct Edge: Sendable {
        /// The source node in the high bits and the code point in the low 21 bits.
        fileprivate var key: UInt64
        /// The target node.
        var node: UInt32
        /// The id of the token that ends at the target node, or `noPiece`.
        var piece: Int32
    }

    static let root: UInt32 = 0
    static let noPiece: Int32 = -1
    private static let vacant = UInt64.max

    private var edges: [Edge]
    private var shift: UInt64
    private var count = 0

    /// Creates an empty trie with space for about `capacity` edges.
    init(capacity: Int) {
        var bits: UInt64 = 4
        while bits < 40, 1 << bits < capacity { bits += 1 }
        edges = Array(repeating: Edge(key: Self.vacant, node: 0, piece: Self.noPiece), count: 1 << bits)
        shift = 64 - bits
    }

    /// Returns the edge from `node` by `codePoint`, or `nil` if no token has it.
    @inline(__always)
    func edge(from node: UInt32, by codePoint: UInt32) -> Edge? {
        let edge = edges[slot(of: Self.key(node, codePoint))]
        return edge.key == Self.vacant ? nil : edge
    }

    /// Adds a non-empty token. Returns the id of an equal token that is already present, otherwise `nil`.
    mutating func insert(_ piece: [Unicode.Scalar], id: Int32) -> Int32? {
        var node = Self.root
        var last = 0
        for scalar in piece {
            if count * 2 >= edges.count { grow() }
            last = slot(of: Self.key(node, scalar.value))
            if edges[last].key == Self.vacant {
                count += 1
                edges[last] = Edge(key: Self.key(node, scalar.value), node: UInt32(count), piece: Self.noPiece)
            }
            node = edges[last].node
        }
        guard edges[last].piece == Self.noPiece else { return edges[last].piece }
        edges[last].piece = id
        return nil
    }

    /// Returns the last edge of the path from the root along `text`, or `nil` if there is no such path.
    func edge(along text: some Sequence<Unicode.Scalar>) -> Edge? {
        var last: Edge?
        for scalar in text {
            guard let next = edge(from: last?.node ?? Self.root, by: scalar.value) else { return nil }
            last = next
        }
        return last
    }

    @inline(__always)
    private static func key(_ node: UInt32, _ codePoint: UInt32) -> UInt64 {
        UInt64(node) << 21 | UInt64(codePoint)
    }

    /// Returns the index of the entry for `key`, or of the vacant entry where it belongs.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        // Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4).
        var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
        while edges[slot].key != key, edges[slot].key != Self.vacant { slot = (slot &+ 1) & (edges.count &- 1) }
        return slot
    }

    private mutating func grow() {
        var larger = PieceTrie(capacity: edges.count * 2)
        larger.count = count
        for edge in edges where edge.key != Self.vacant { larger.edges[larger.slot(of: edge.key)] = edge }
        self = larger
    }
}
