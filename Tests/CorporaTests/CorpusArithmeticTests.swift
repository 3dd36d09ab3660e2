import Checkpoint
import Corpora
import TestSupport
import Testing

@Suite("Label inventories, sampling and digests")
struct CorpusArithmeticTests {
    static func texts(_ labels: String...) -> [TrainingText] {
        labels.enumerated().map {
            TrainingText(id: "t\($0)", text: "Text \($0).", labels: $1.split(separator: "|").map(String.init))
        }
    }

    @Test(
        "Labels are in the order of roles, of numbers, or of their first use",
        arguments: [
            (["RESULTS", "BACKGROUND", "RESULTS"], ["BACKGROUND", "RESULTS"], [1, 2]),
            (["10", "9", "10", "-1"], ["-1", "9", "10"], [1, 1, 2]),
            (["b", "a", "b"], ["b", "a"], [2, 1]), (["b", "1", "a|b"], ["b", "1", "a"], [2, 1, 1]),
            (["RESULTS", "METHODS", "Aims"], ["RESULTS", "METHODS", "Aims"], [1, 1, 1]),
        ])
    func order(labels: [String], names: [String], counts: [Int]) throws {
        let texts = labels.enumerated().map {
            TrainingText(id: "\($0)", text: "x", labels: $1.split(separator: "|").map(String.init))
        }
        let inventory = try LabelInventory(texts)
        #expect(inventory.names == names && inventory.counts == counts)
        #expect(try LabelInventory(texts, names: names.reversed()).counts == counts.reversed())
        #expect(inventory.index(of: names[1]) == 1 && inventory.index(of: "other") == nil)
    }

    @Test(
        "Errors name labels that cannot be trained",
        arguments: [
            (["a", "c"], ["a", "b"], "t1 has the label \"c\""),
            (["a", "a"], ["a", "b"], "no text has the label \"b\""),
            (["a", "a"], nil, "only the label \"a\""), (["", ""], nil, "no labels"),
            (["a", "b"], ["a", "b", "a"], "\"a\" is listed twice"),
        ] as [([String], [String]?, String)])
    func unlearnable(labels: [String], names: [String]?, says: String) throws {
        let texts = labels.enumerated().map {
            TrainingText(id: "t\($0)", text: "x", labels: $1.isEmpty ? [] : [$1])
        }
        let error = #expect(throws: CorpusError.self) { try LabelInventory(texts, names: names) }
        #expect(try #require(error).description.contains(says))
    }

    @Test("Samples are in order, without repetition, and determined by the seed")
    func sampling() {
        let numbers = Array(0..<1_000)
        func sample(_ seed: UInt64) -> [Int] {
            var generator = SeededGenerator(seed: seed)
            return numbers.sample(100, using: &generator)
        }
        #expect(sample(1).count == 100 && Set(sample(1)).count == 100)
        #expect(sample(1) == sample(1).sorted())
        #expect(sample(1) == sample(1) && sample(1) != sample(2))
        // The mean of 100 of 0..<1000 has a standard deviation below 28.
        #expect(abs(sample(3).reduce(0, +) / 100 - 500) < 140)
        var generator = SeededGenerator(seed: 4)
        let (drawn, rest) = numbers.split(300, using: &generator)
        #expect(drawn.count == 300 && (drawn + rest).sorted() == numbers && rest == rest.sorted())
        for (count, expected) in [(-1, 0), (0, 0), (1_000, 1_000), (Int.max, 1_000)] {
            #expect(numbers.sample(count, using: &generator).count == expected)
        }
        #expect([Int]().sample(3, using: &generator).isEmpty)
    }

    @Test("Downsampling keeps as many texts of each label as of the rarest, in order")
    func downsampling() throws {
        let texts = Self.texts("a", "b", "a", "a", "c", "b", "a", "c", "b")
        var generator = SeededGenerator(seed: 1)
        let kept = try texts.downsample(using: &generator)
        #expect(try LabelInventory(kept).counts == [2, 2, 2])
        #expect(kept.map(\.id) == kept.map(\.id).sorted())
        var same = SeededGenerator(seed: 1)
        #expect(try texts.downsample(using: &same) == kept)
        let error = #expect(throws: CorpusError.self) { try Self.texts("a", "a|b").downsample(using: &generator) }
        #expect(error?.description.hasPrefix("t1 has 2 labels") == true)
        #expect(try [TrainingText]().downsample(using: &generator).isEmpty)
    }

    @Test(
        "SHA-256 agrees with the examples of FIPS 180-4",
        arguments: [
            ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ])
    func sha256(text: String, times: Int, digest: String) {
        let bytes = String(repeating: text, count: times).bytes
        #expect(SHA256.hexadecimal(of: bytes) == digest)
        // The parts end inside, at and after the ends of blocks.
        for part in [1, 7, 63, 64, 65, 1_000] where bytes.count / part < 20_000 {
            var parts = SHA256()
            for start in stride(from: 0, to: bytes.count, by: part) {
                parts.update(Array(bytes[start..<min(start + part, bytes.count)]))
            }
            #expect(parts.hexadecimal() == digest)
        }
    }

    @Test(
        "SHA-256 pads lengths around the end of a block correctly",
        arguments: [
            (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
        ])
    func padding(count: Int, digest: String) {
        #expect(SHA256.hexadecimal(of: [UInt8](repeating: UInt8(ascii: "a"), count: count)) == digest)
    }

    @Test("The digest of a corpus depends on its content, not on its files")
    func digests() throws {
        let abstracts = try AbstractReader().read(Samples.pubMedRCT.bytes, name: "x").items
        #expect(
            abstracts.sha256
                == (try AbstractReader().read(GzipBytes.stored(Samples.pubMedRCT.bytes), name: "y").items.sha256))
        let others = [
            Array(abstracts.reversed()), Array(abstracts.dropLast()), abstracts.map { $0.maskingNumbers() },
            [TrainingAbstract("101", "B: a")], [TrainingAbstract("10", "B: 1a")], [],
        ]
        #expect(Set((others + [abstracts]).map(\.sha256)).count == others.count + 1)
        let texts = [Self.texts("a", "b"), Self.texts("a|b"), Self.texts("ab"), Self.texts("b", "a"), []]
        #expect(Set(texts.map(\.sha256)).count == texts.count)
        let renamed = Self.texts("a").map { TrainingText(id: "other", text: $0.text, labels: $0.labels) }
        #expect(renamed.sha256 == Self.texts("a").sha256)
    }
}
