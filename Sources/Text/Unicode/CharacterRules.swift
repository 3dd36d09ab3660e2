/// The rule of each code point under one set of options: BERT's normaliser and pre-tokeniser in one look-up.
///
/// Cleaning, spacing of Chinese characters, decomposition, accent stripping, lowercasing and splitting at punctuation
/// each depend on one code point, so they are composed into one table. Only canonical ordering depends on the
/// neighbouring code points; see ``CanonicalRun``.
struct CharacterRules: Sendable {
    private var map = CodePointMap()
    /// The expansions, each as a length and that many code points. The rules of these code points do not expand.
    private var expansions: [UInt32] = []

    init(_ options: WordPieceTokenizer.Options) {
        // Later steps overwrite earlier ones, because Hugging Face's normaliser applies them first.
        if options.lowercase { setLowercase() }
        fill(UnicodeTables.punctuation, with: .isolated)
        if options.splitsCJK { fill(UnicodeTables.chineseCharacters, with: .isolated) }
        if options.stripsAccents ?? options.lowercase {
            setMarks()
            setDecompositions()
            map.fill(
                from: HangulSyllable.first, through: HangulSyllable.last, with: CharacterRule(.hangulSyllable).rawValue)
        }
        fill(UnicodeTables.whitespace, with: .space)
        fill(UnicodeTables.removed, with: .removed)
    }

    subscript(codePoint: UInt32) -> CharacterRule {
        @inline(__always) get { CharacterRule(rawValue: map[codePoint]) }
    }

    /// Returns the code points that an expanded code point becomes, before their own rules are applied.
    func expansion(at payload: UInt32) -> ArraySlice<UInt32> {
        let start = Int(payload) + 1
        return expansions[start..<start + Int(expansions[start - 1])]
    }

    private mutating func set(_ codePoint: UInt32, _ rule: CharacterRule) {
        map[codePoint] = rule.rawValue
    }

    private mutating func fill(_ ranges: [UInt32], with kind: CharacterRule.Kind) {
        for index in stride(from: 0, to: ranges.count, by: 2) {
            map.fill(from: ranges[index], through: ranges[index + 1], with: CharacterRule(kind).rawValue)
        }
    }

    private mutating func setLowercase() {
        let runs = UnicodeTables.lowercaseRuns
        for index in stride(from: 0, to: runs.count, by: 4) {
            let rule = CharacterRule(.letter, from: runs[index], to: runs[index + 3])
            for codePoint in stride(from: runs[index], through: runs[index + 1], by: Int(runs[index + 2])) {
                set(codePoint, rule)
            }
        }
        UnicodeTables.forEachMapping(in: UnicodeTables.lowercaseExpansions) { codePoint, mapped in
            setExpansion(.expanded, of: codePoint, to: mapped)
        }
    }

    private mutating func setMarks() {
        fill(UnicodeTables.nonspacingMarks, with: .strippedStarter)
        let classes = UnicodeTables.combiningClasses
        for index in stride(from: 0, to: classes.count, by: 3) {
            for codePoint in classes[index]...classes[index + 1] {
                let isStripped = self[codePoint].kind == .strippedStarter
                set(codePoint, CharacterRule(isStripped ? .strippedMark : .survivingMark, payload: classes[index + 2]))
            }
        }
    }

    private mutating func setDecompositions() {
        UnicodeTables.forEachMapping(in: UnicodeTables.decompositions) { codePoint, parts in
            // The rule of a part is final: it does not decompose further, and its case and kind are already set.
            let kept = parts.filter { !self[$0].isStripped }
            if kept.isEmpty {
                // The whole decomposition takes the place of its first part in the canonical order; the other parts are
                // stripped.
                map[codePoint] = parts.first.map { map[$0] } ?? 0
            } else if kept.contains(where: { self[$0].kind == .survivingMark }) {
                setExpansion(.starterWithSurvivingMark, of: codePoint, to: parts)
            } else if kept.count == 1, let part = kept.first {
                let kind = self[codePoint].kind == .isolated ? .isolated : self[part].kind
                set(codePoint, CharacterRule(kind, from: codePoint, to: self[part].target(of: part)))
            } else {
                setExpansion(.expanded, of: codePoint, to: kept)
            }
        }
    }

    private mutating func setExpansion(
        _ kind: CharacterRule.Kind, of codePoint: UInt32, to parts: some Collection<UInt32>
    ) {
        set(codePoint, CharacterRule(kind, payload: UInt32(expansions.count)))
        expansions.append(UInt32(parts.count))
        expansions.append(contentsOf: parts)
    }
}
