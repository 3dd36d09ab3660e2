public import JSON

/// Access to members by name in the JSON encoding of protocol buffers, where 64-bit integers and non-finite numbers may
/// be strings.
extension JSONValue {
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self, let member = members[JSONKey(name)], member != .null else { return nil }
        return member
    }

    func string(_ name: String) -> String {
        guard case .string(let text)? = self[name] else { return "" }
        return text
    }

    func number(_ name: String) -> Double {
        switch self[name] {
        case .number(let value): value
        case .string(let text): Double(text) ?? 0
        default: 0
        }
    }

    func integer(_ name: String) -> Int { Int(exactly: number(name).rounded()) ?? 0 }

    func array(_ name: String) -> [JSONValue] {
        guard case .array(let elements)? = self[name] else { return [] }
        return elements
    }

    /// Returns a member that is a list of `{"key": …, "value": …}` as a dictionary.
    func pairs(_ name: String) -> [String: String] {
        Dictionary(array(name).map { ($0.string("key"), $0.string("value")) }, uniquingKeysWith: { $1 })
    }
}

extension JSONWriter {
    /// Writes a member that is a list of `{"key": …, "value": …}`, unless the list is empty.
    mutating func pairs(_ name: String, _ pairs: [KeyValue]) {
        guard !pairs.isEmpty else { return }
        key(name)
        array(pairs) { json, pair in
            json.object {
                $0.member("key", pair.key)
                $0.member("value", pair.value)
            }
        }
    }

    /// Writes a number in the JSON encoding of protocol buffers, which allows NaN and Infinity as strings.
    public mutating func metricValue(_ value: Double) {
        if value.isFinite {
            number(value)
        } else {
            string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
        }
    }
}
