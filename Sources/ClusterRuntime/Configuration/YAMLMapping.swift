import Yams

/// A mapping with fixed keys: an unknown key is an error that names the nearest known one.
struct YAMLMapping {
    let value: YAMLValue
    private let entries: [String: YAMLValue]

    /// Reads `value` as a mapping that has no other keys than `known`.
    init(_ value: YAMLValue, known: [String]) throws(ConfigurationError) {
        self.value = value
        var entries: [String: YAMLValue] = [:]
        for (key, element) in try value.entries(of: known.joined(separator: ", ")) {
            let name = try key.text(allowed: "a key")
            guard known.contains(name) else {
                let nearest = NearestName.of(name, among: known).map { " (did you mean \($0)?)" }
                throw key.refused(
                    found: "the unknown key '\(name)'",
                    allowed: known.joined(separator: ", ") + (nearest ?? ""))
            }
            entries[name] = element
        }
        self.entries = entries
    }

    /// The value of `key`, or nil when the key is absent.
    subscript(_ key: String) -> YAMLValue? { entries[key] }

    /// The value of `key`, which must be there.
    func required(_ key: String, allowed: String) throws(ConfigurationError) -> YAMLValue {
        guard let element = entries[key] else {
            let path = value.key.isEmpty ? key : "\(value.key).\(key)"
            throw ConfigurationError(
                file: value.file, line: value.node.mark?.line, key: path, found: "no such key",
                allowed: allowed)
        }
        return element
    }

    /// The whole number at `key`, or `fallback` when the key is absent.
    func integer(
        _ key: String, in range: ClosedRange<Int>, default fallback: Int
    ) throws(ConfigurationError) -> Int {
        guard let element = entries[key] else { return fallback }
        return try element.integer(in: range)
    }
}
