import Checkpoint

extension Array where Element == TrainingAbstract {
    /// The SHA-256 digest, in hexadecimal, of ids, sentences, labels and any weights other than 1, in order. It does
    /// not depend on the file format.
    public var sha256: String {
        var digest = SHA256()
        for abstract in self {
            digest.update(field: abstract.id)
            digest.update(count: abstract.sentences.count)
            for sentence in abstract.sentences {
                digest.update(field: sentence.text)
                digest.update(field: sentence.labels.joined(separator: "\u{0}"))
            }
            if abstract.weight != 1 { digest.update(field: "\(abstract.weight)") }
        }
        return digest.hexadecimal()
    }
}

extension Array where Element == TrainingText {
    /// The SHA-256 digest, in hexadecimal, of texts and labels in order. It does not depend on the file format.
    ///
    /// Ids are not included, because they may be positions in a file.
    public var sha256: String {
        var digest = SHA256()
        for text in self {
            digest.update(field: text.text)
            digest.update(count: text.labels.count)
            for label in text.labels { digest.update(field: label) }
        }
        return digest.hexadecimal()
    }
}

extension SHA256 {
    /// Adds a field, preceded by its length so that different corpora cannot produce the same bytes.
    fileprivate mutating func update(field: String) {
        let bytes = Array(field.utf8)
        update(count: bytes.count)
        update(bytes)
    }

    fileprivate mutating func update(count: Int) {
        update((0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
    }
}
