extension ExpansionQuery.Pattern {
    /// The automaton of the terms that are meant.
    ///
    /// - Throws: `PatternError` for a pattern that is malformed or too complex.
    func automaton() throws(PatternError) -> TermAutomaton {
        switch self {
        case .prefix(let bytes):
            var nfa = ByteNFA()
            let rest = try nfa.star(then: ByteNFA.match) { (nfa, loop) throws(PatternError) in
                try nfa.add(.read([ByteNFA.Transition(bytes: 0...255, target: loop)]))
            }
            nfa.start = try nfa.literal(bytes, then: rest)
            return TermAutomaton(nfa)
        case .wildcard(let pattern):
            return try Self.automaton(of: try Self.expression(ofWildcard: pattern.span))
        case .regex(let pattern):
            return try Self.automaton(of: try RegularExpressionParser.parse(pattern.span))
        case .fuzzy(let term, let distance, let prefixLength, let transpositions):
            return TermAutomaton(
                try ByteNFA.fuzzy(
                    term, distance: distance, prefixLength: prefixLength,
                    transpositions: transpositions))
        }
    }

    private static func automaton(
        of expression: RegularExpression
    ) throws(PatternError) -> TermAutomaton {
        var nfa = ByteNFA()
        nfa.start = try expression.add(to: &nfa, then: ByteNFA.match)
        return TermAutomaton(nfa)
    }

    private static func expression(
        ofWildcard pattern: Span<UInt8>
    ) throws(PatternError) -> RegularExpression {
        var parts: [RegularExpression] = []
        var literal: [UInt8] = []
        func endLiteral() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
        }
        var offset = 0
        while offset < pattern.count {
            switch pattern[offset] {
            case UInt8(ascii: "*"):
                endLiteral()
                parts.append(.repetition(.scalar(.all), least: 0, most: nil))
            case UInt8(ascii: "?"):
                endLiteral()
                parts.append(.scalar(.all))
            case UInt8(ascii: "\\"):
                offset += 1
                guard offset < pattern.count else {
                    throw PatternError(byteOffset: offset - 1, reason: .badEscape)
                }
                literal.append(pattern[offset])
            default: literal.append(pattern[offset])
            }
            offset += 1
        }
        endLiteral()
        return .sequence(parts)
    }
}
