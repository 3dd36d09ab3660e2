/// The hash function SHA-256 ([FIPS 180-4](https://doi.org/10.6028/NIST.FIPS.180-4)), used to identify files and data.
public struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
    ]
    /// Bytes that do not fill a block yet.
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    private static let blockSize = 64
    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes (§4.2.2).
    private static let constants: [UInt32] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
        0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
        0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
        0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
        0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
        0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
        0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
        0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
    ]

    /// Creates a hash without input.
    public init() {}

    /// Adds `bytes` to the input.
    public mutating func update(_ bytes: [UInt8]) {
        byteCount &+= UInt64(bytes.count)
        var rest = 0
        if !pending.isEmpty {
            rest = min(Self.blockSize - pending.count, bytes.count)
            pending += bytes[..<rest]
            guard pending.count == Self.blockSize else { return }
            let block = pending
            Self.compress(block.span, blocks: 1, from: 0, into: &state)
            pending = []
        }
        let blocks = (bytes.count - rest) / Self.blockSize
        Self.compress(bytes.span, blocks: blocks, from: rest, into: &state)
        pending += bytes[(rest + blocks * Self.blockSize)...]
    }

    /// Ends the input and returns the digest of 32 bytes in hexadecimal.
    public consuming func hexadecimal() -> String {
        let bits = byteCount &* 8
        let zeros = (2 * Self.blockSize - 9 - pending.count) % Self.blockSize
        update([0x80] + [UInt8](repeating: 0, count: zeros))
        update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
        return state.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.utf8.count) + digits
        }.joined()
    }

    /// Returns the digest of `bytes` in hexadecimal.
    public static func hexadecimal(of bytes: [UInt8]) -> String {
        var digest = SHA256()
        digest.update(bytes)
        return digest.hexadecimal()
    }

    /// Processes whole blocks (section 6.2.2).
    private static func compress(
        _ bytes: Span<UInt8>, blocks: Int, from start: Int, into state: inout [UInt32]
    ) {
        guard blocks > 0 else { return }
        let constants = constants
        var schedule = InlineArray<64, UInt32>(repeating: 0)
        func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
        for block in 0..<blocks {
            let offset = start + block * blockSize
            for t in 0..<16 {
                var word: UInt32 = 0
                for byte in 0..<4 { word = word << 8 | UInt32(bytes[offset + 4 * t + byte]) }
                schedule[t] = word
            }
            for t in 16..<64 {
                let (w15, w2) = (schedule[t - 15], schedule[t - 2])
                let s0 = rotated(w15, 7) ^ rotated(w15, 18) ^ w15 >> 3
                let s1 = rotated(w2, 17) ^ rotated(w2, 19) ^ w2 >> 10
                schedule[t] = schedule[t - 16] &+ s0 &+ schedule[t - 7] &+ s1
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            for t in 0..<64 {
                let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
                let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[t] &+ schedule[t]
                let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
                let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
                (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
            }
            for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
        }
    }
}
