/// An XML document, or an HTML document that is also XML, parsed strictly so that structural errors are detected.
public struct MarkupDocument {
    /// An element of the document.
    public struct Element {
        /// The name in the tag, including its prefix.
        public let name: String
        /// The attributes by name, with entities resolved.
        public let attributes: [String: String]
        /// The names of the enclosing elements, the outermost first.
        public let parents: [String]
        /// The text directly inside the element, with entities resolved.
        public fileprivate(set) var text = ""
    }

    /// A reason why a document is not well-formed.
    public struct Malformed: Error, CustomStringConvertible {
        /// A description of the problem and the text that follows it.
        public let description: String
    }

    /// The elements in the order of their tags.
    public private(set) var elements: [Element] = []

    private var rest: Substring
    private var open: [Int] = []

    /// Parses a document.
    ///
    /// - Throws: ``Malformed`` if the document is not well-formed.
    public init(_ document: String) throws {
        rest = document[...]
        for scalar in document.unicodeScalars where scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar) {
            throw problem("control character \(scalar.value)")
        }
        while !rest.isEmpty { try readPart() }
        guard open.isEmpty else { throw problem("\(elements[open[open.count - 1]].name) is not closed") }
    }

    /// Returns the elements with this name.
    public func elements(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    /// The text of all elements, in the order of their tags.
    public var text: String { elements.map(\.text).joined(separator: "\n") }

    private func problem(_ what: String) -> Malformed { Malformed(description: "\(what) before \(rest.prefix(60))") }

    private mutating func readPart() throws {
        if rest.hasPrefix("<?") || rest.hasPrefix("<!") {
            _ = try take(until: ">")
            rest.removeFirst()
        } else if rest.hasPrefix("</") {
            rest.removeFirst(2)
            let name = try take(until: ">")
            rest.removeFirst()
            guard let last = open.popLast(), elements[last].name == name else { throw problem("</\(name)>") }
        } else if rest.hasPrefix("<") {
            rest.removeFirst()
            try readTag()
        } else {
            let text = rest.prefix { $0 != "<" }
            rest = rest[text.endIndex...]
            let resolved = try resolve(text)
            if let last = open.last {
                elements[last].text += resolved
            } else if resolved.contains(where: { !$0.isWhitespace }) {
                throw problem("text outside of all elements")
            }
        }
    }

    private mutating func readTag() throws {
        let name = rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" }
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || ":-".contains($0) }) else {
            throw problem("the tag \"\(name)\"")
        }
        rest = rest[name.endIndex...]
        var attributes: [String: String] = [:]
        while true {
            rest = rest.drop { $0.isWhitespace }
            if rest.hasPrefix("/>") || rest.hasPrefix(">") { break }
            let attribute = String(try take(until: "="))
            guard attribute.allSatisfy({ $0.isLetter || $0.isNumber || ":-_".contains($0) }) else {
                throw problem("the attribute \"\(attribute)\"")
            }
            guard rest.hasPrefix("=\"") else { throw problem("no quoted value of \(attribute)") }
            rest.removeFirst(2)
            let value = try take(until: "\"")
            rest.removeFirst()
            guard !value.contains("<"), attributes.updateValue(try resolve(value), forKey: attribute) == nil else {
                throw problem("the value of \(attribute)")
            }
        }
        let parents = open.map { elements[$0].name }
        elements.append(Element(name: String(name), attributes: attributes, parents: parents))
        if rest.hasPrefix("/") {
            rest.removeFirst(2)
        } else {
            rest.removeFirst()
            open.append(elements.count - 1)
        }
    }

    private mutating func take(until end: Character) throws -> Substring {
        guard let index = rest.firstIndex(of: end) else { throw problem("no \"\(end)\"") }
        defer { rest = rest[index...] }
        return rest[..<index]
    }

    private func resolve(_ text: Substring) throws -> String {
        var resolved = ""
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            resolved += rest[..<start]
            guard let end = rest[start...].firstIndex(of: ";"),
                let character = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"][
                    String(rest[rest.index(after: start)..<end])]
            else { throw problem("an entity in \(text.prefix(60))") }
            resolved += character
            rest = rest[rest.index(after: end)...]
        }
        return resolved + rest
    }
}
