/// Reads a regular expression; docs/query-language.md gives the syntax.
///
/// Linear in the bytes; recursion is bounded by `maximumDepth`.
struct RegularExpressionParser {
    private static let maximumDepth = 32
    private static let maximumRepetitions = 1000

    private var offset = 0
    private var depth = 0

    /// The tree of a whole pattern.
    static func parse(_ pattern: Span<UInt8>) throws(PatternError) -> RegularExpression {
        var parser = RegularExpressionParser()
        let tree = try parser.alternatives(pattern)
        // Only a closing parenthesis ends the alternatives before the end.
        guard parser.offset == pattern.count else { throw parser.failure(.unbalancedGroup) }
        return tree
    }

    private mutating func alternatives(
        _ pattern: Span<UInt8>
    ) throws(PatternError) -> RegularExpression {
        var parts = [try sequence(pattern)]
        while peek(pattern) == UInt8(ascii: "|") {
            offset += 1
            parts.append(try sequence(pattern))
        }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence(
        _ pattern: Span<UInt8>
    ) throws(PatternError) -> RegularExpression {
        var parts: [RegularExpression] = []
        while let byte = peek(pattern), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let atom = try atom(pattern)
            parts.append(try repeated(atom, pattern))
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom(_ pattern: Span<UInt8>) throws(PatternError) -> RegularExpression {
        switch pattern[offset] {
        case UInt8(ascii: "("): return try group(pattern)
        case UInt8(ascii: "["): return .scalar(try scalarClass(pattern))
        case UInt8(ascii: "."):
            offset += 1
            return .scalar(.all)
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw failure(.nothingToRepeat)
        case UInt8(ascii: "\\"):
            if let set = try setEscape(pattern) { return .scalar(set) }
            let scalar = try scalar(pattern)
            return .scalar(ScalarSet([scalar...scalar]))
        default:
            let start = offset
            _ = try scalar(pattern)
            return .literal((start..<offset).map { pattern[$0] })
        }
    }

    private mutating func group(_ pattern: Span<UInt8>) throws(PatternError) -> RegularExpression {
        let opening = offset
        guard depth < Self.maximumDepth else { throw failure(.tooDeep) }
        depth += 1
        offset += 1
        let inner = try alternatives(pattern)
        guard peek(pattern) == UInt8(ascii: ")") else {
            throw PatternError(byteOffset: opening, reason: .unbalancedGroup)
        }
        offset += 1
        depth -= 1
        return inner
    }

    private func peek(_ pattern: Span<UInt8>) -> UInt8? {
        offset < pattern.count ? pattern[offset] : nil
    }

    private func failure(_ reason: PatternError.Reason) -> PatternError {
        PatternError(byteOffset: offset, reason: reason)
    }
}

// Quantifiers.
extension RegularExpressionParser {
    /// `part` with the quantifier behind it, of which there may be one.
    private mutating func repeated(
        _ part: RegularExpression, _ pattern: Span<UInt8>
    ) throws(PatternError) -> RegularExpression {
        let least: Int
        let most: Int?
        switch peek(pattern) {
        case UInt8(ascii: "*"): (least, most) = (0, nil)
        case UInt8(ascii: "+"): (least, most) = (1, nil)
        case UInt8(ascii: "?"): (least, most) = (0, 1)
        case UInt8(ascii: "{"): (least, most) = try bounds(pattern)
        default: return part
        }
        offset += 1
        return .repetition(part, least: least, most: most)
    }

    /// The numbers in braces; the offset is then at the closing one.
    private mutating func bounds(_ pattern: Span<UInt8>) throws(PatternError) -> (Int, Int?) {
        let opening = offset
        offset += 1
        let least = number(pattern)
        var most = least
        if peek(pattern) == UInt8(ascii: ",") {
            offset += 1
            most = number(pattern)
            if most == nil, peek(pattern) == UInt8(ascii: "}"), let least { return (least, nil) }
        }
        guard peek(pattern) == UInt8(ascii: "}"), let least, let most, least <= most else {
            throw PatternError(byteOffset: opening, reason: .badRepetition)
        }
        return (least, most)
    }

    /// Digits up to `maximumRepetitions`, or nil.
    private mutating func number(_ pattern: Span<UInt8>) -> Int? {
        var value: Int?
        while let byte = peek(pattern), byte &- UInt8(ascii: "0") < 10 {
            let next = (value ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
            guard next <= Self.maximumRepetitions else { return nil }
            value = next
            offset += 1
        }
        return value
    }
}

// Scalars and their classes.
extension RegularExpressionParser {
    private static let digits = ScalarSet([0x30...0x39])
    private static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    private static let space = ScalarSet([0x09...0x0D, 0x20...0x20])

    /// `[…]` or `[^…]`.
    private mutating func scalarClass(_ pattern: Span<UInt8>) throws(PatternError) -> ScalarSet {
        let opening = offset
        offset += 1
        let isNegated = peek(pattern) == UInt8(ascii: "^")
        if isNegated { offset += 1 }
        var ranges: [ClosedRange<UInt32>] = []
        while let byte = peek(pattern), byte != UInt8(ascii: "]") {
            if let set = try setEscape(pattern) {
                ranges += set.ranges
                continue
            }
            let start = offset
            let low = try scalar(pattern)
            var high = low
            if peek(pattern) == UInt8(ascii: "-"), offset + 1 < pattern.count,
                pattern[offset + 1] != UInt8(ascii: "]")
            {
                offset += 1
                high = try scalar(pattern)
            }
            guard low <= high else { throw PatternError(byteOffset: start, reason: .badClass) }
            ranges.append(low...high)
        }
        guard peek(pattern) != nil, !ranges.isEmpty else {
            throw PatternError(byteOffset: opening, reason: .badClass)
        }
        offset += 1
        return isNegated ? ScalarSet(ranges).inverted : ScalarSet(ranges)
    }

    /// The set of `\d`, `\w`, `\s` or their opposites, if one of them comes next.
    private mutating func setEscape(_ pattern: Span<UInt8>) throws(PatternError) -> ScalarSet? {
        guard pattern[offset] == UInt8(ascii: "\\"), offset + 1 < pattern.count else { return nil }
        let set: ScalarSet
        switch pattern[offset + 1] {
        case UInt8(ascii: "d"): set = Self.digits
        case UInt8(ascii: "D"): set = Self.digits.inverted
        case UInt8(ascii: "w"): set = Self.word
        case UInt8(ascii: "W"): set = Self.word.inverted
        case UInt8(ascii: "s"): set = Self.space
        case UInt8(ascii: "S"): set = Self.space.inverted
        default: return nil
        }
        offset += 2
        return set
    }

    /// One scalar, or the punctuation behind a backslash.
    private mutating func scalar(_ pattern: Span<UInt8>) throws(PatternError) -> UInt32 {
        if pattern[offset] == UInt8(ascii: "\\") {
            guard offset + 1 < pattern.count, !ASCII.isAlphanumeric(pattern[offset + 1]) else {
                throw failure(.badEscape)
            }
            offset += 1
        }
        let scalar = UTF8Scalar(pattern, at: offset)
        guard scalar.isWellFormed else { throw failure(.invalidUTF8) }
        offset += scalar.length
        return scalar.value
    }
}
