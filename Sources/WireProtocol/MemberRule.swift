import SwiftProtobuf

/// What a member of a JSON message may hold, where the general decoder passes over a wrong value, or cannot
/// say which member it is in.
indirect enum MemberRule: Sendable {
    /// The name of an enum value; the ones listed are all but that which means "absent".
    case name([String], absent: String?)
    /// A whole number.
    case whole(ClosedRange<UInt32>)
    case number
    case flag
    case text
    case message([String: MemberRule])
    case list(MemberRule)

    /// A whole number that the type of its field holds.
    static let uint32 = MemberRule.whole(0...UInt32.max)

    /// The first member, in the order of their names, that breaks a rule; nil if none does, or if the text is
    /// no JSON object. Members without a rule may hold anything, and `null` is as good as absent.
    ///
    /// O(octets).
    static func violation(in frame: Frame, of rules: [String: MemberRule]) -> WireError? {
        var options = JSONDecodingOptions()
        options.messageDepthLimit = ProtocolLimits.maxNesting
        guard
            let object = try? Google_Protobuf_Struct(jsonUTF8Bytes: frame, options: options)
        else { return nil }
        return violation(in: object, of: rules, path: [])
    }

    private static func violation(
        in object: Google_Protobuf_Struct, of rules: [String: MemberRule], path: [String]
    ) -> WireError? {
        for (key, value) in object.fields.sorted(by: { $0.key < $1.key }) {
            // The decoder takes a field's name in both spellings.
            let name = rules[key] == nil ? key.inSnakeCase : key
            if let found = rules[name]?.violation(in: value, path: path + [name]) { return found }
        }
        return nil
    }

    private func violation(in value: Google_Protobuf_Value, path: [String]) -> WireError? {
        switch (self, value.kind) {
        case (_, .nullValue), (_, nil): return nil
        case (.message(let rules), .structValue(let object)):
            return Self.violation(in: object, of: rules, path: path)
        case (.list(let rule), .listValue(let list)):
            for element in list.values {
                if let found = rule.violation(in: element, path: path) { return found }
            }
            return nil
        default:
            guard let expected = expected(instead: value) else { return nil }
            return .wrongMember(path: path, value: value.words, expected: expected)
        }
    }

    /// What is allowed, in words; nil if it is what the value is.
    private func expected(instead value: Google_Protobuf_Value) -> String? {
        switch self {
        case .name(let names, let absent):
            // The number of an enum value is taken too; what it means is seen later.
            if case .numberValue = value.kind { return nil }
            let isKnown = names.contains(value.stringValue) || value.stringValue == absent
            return isKnown ? nil : names.joined(separator: ", ")
        case .whole(let range):
            let number = value.number.flatMap(UInt32.init(exactly:))
            let isAllowed = number.map(range.contains) ?? false
            return isAllowed ? nil : "\(range.lowerBound) to \(range.upperBound)"
        case .number: return value.number == nil ? "a number" : nil
        case .flag:
            if case .boolValue = value.kind { return nil }
            return "true or false"
        case .text:
            if case .stringValue = value.kind { return nil }
            return "a text"
        case .message: return "an object"
        case .list: return "a list"
        }
    }
}

extension Google_Protobuf_Value {
    /// A number, which may be in quotes.
    fileprivate var number: Double? {
        switch kind {
        case .numberValue(let number): number
        case .stringValue(let text): Double(text)
        default: nil
        }
    }

    /// The value as it is shown to people, at most 64 characters of a text.
    fileprivate var words: String {
        switch kind {
        case .numberValue(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .stringValue(let text): "'\(text.prefix(64))'"
        case .boolValue(let isTrue): "\(isTrue)"
        case .structValue: "{…}"
        case .listValue: "[…]"
        case .nullValue, nil: "null"
        }
    }
}

extension String {
    /// `loadBalancing` as `load_balancing`.
    fileprivate var inSnakeCase: String {
        reduce(into: "") { text, character in
            if character.isUppercase { text += "_" }
            text += character.lowercased()
        }
    }
}
