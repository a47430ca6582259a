import ClusterCore
import Yams

/// A value of a YAML file together with its place, so that every error can name both.
struct YAMLValue {
    let node: Node
    let file: String

    /// The key from the top of the file.
    let key: String

    /// Whether it is text, a number, a boolean or nothing, rather than a list or a mapping.
    var isScalar: Bool { node.scalar != nil }

    /// The error for this value: it is not what was `allowed`.
    func refused(allowed: String) -> ConfigurationError {
        refused(found: description, allowed: allowed)
    }

    /// The error for this value, with what was found in other words than the value itself.
    func refused(found: String, allowed: String) -> ConfigurationError {
        ConfigurationError(
            file: file, line: node.mark?.line, key: key, found: found, allowed: allowed)
    }

    /// The value as text; numbers and booleans as they are written.
    func text(allowed: String) throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node, !isEmptyPlain(scalar) else {
            throw refused(allowed: allowed)
        }
        return scalar.string
    }

    /// A whole number in decimal, within `range`.
    func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Int(try text(allowed: allowed)), range.contains(number) else {
            throw refused(allowed: allowed)
        }
        return number
    }

    /// A number in decimal, within `range`.
    func number(in range: ClosedRange<Double>) throws(ConfigurationError) -> Double {
        let allowed = "a number from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Double(try text(allowed: allowed)), range.contains(number) else {
            throw refused(allowed: allowed)
        }
        return number
    }

    /// `true` or `false`.
    func boolean() throws(ConfigurationError) -> Bool {
        guard let value = Bool(try text(allowed: "true or false")) else {
            throw refused(allowed: "true or false")
        }
        return value
    }

    /// The name of a node, a pool, an index or a cluster.
    func name() throws(ConfigurationError) -> ChildName {
        guard let name = ChildName(try text(allowed: ChildName.rule)) else {
            throw refused(allowed: ChildName.rule)
        }
        return name
    }

    /// The elements of a list.
    func list(of what: String) throws(ConfigurationError) -> [YAMLValue] {
        guard case .sequence(let sequence) = node else {
            throw refused(allowed: "a list of \(what)")
        }
        return sequence.enumerated().map { index, element in
            YAMLValue(node: element, file: file, key: "\(key)[\(index)]")
        }
    }

    /// The keys and values of a mapping whose keys are free.
    func entries(of what: String) throws(ConfigurationError) -> [(key: YAMLValue, value: YAMLValue)]
    {
        guard case .mapping(let mapping) = node else {
            throw refused(allowed: "a mapping of \(what)")
        }
        var entries: [(key: YAMLValue, value: YAMLValue)] = []
        for (keyNode, valueNode) in mapping {
            let keyValue = YAMLValue(node: keyNode, file: file, key: key)
            let name = try keyValue.text(allowed: "a name as the key")
            let path = key.isEmpty ? name : "\(key).\(name)"
            entries.append((keyValue, YAMLValue(node: valueNode, file: file, key: path)))
        }
        return entries
    }

    /// What stands there, in words, short.
    private var description: String {
        switch node {
        case .scalar(let scalar) where isEmptyPlain(scalar): return "nothing"
        case .scalar(let scalar): return "'\(shortened(scalar.string))'"
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .alias: return "an alias"
        }
    }

    private func isEmptyPlain(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    private func shortened(_ text: String) -> String {
        text.count > 60 ? "\(text.prefix(60))…" : text
    }
}
