/// The tree of a regular expression, matched against whole terms.
indirect enum RegularExpression {
    /// One scalar of a set.
    case scalar(ScalarSet)
    /// Exactly these bytes.
    case literal([UInt8])
    /// One after the other; none matches the empty text.
    case sequence([RegularExpression])
    /// Any of them.
    case alternatives([RegularExpression])
    /// From `least` to `most` times; without an end when `most` is nil.
    case repetition(RegularExpression, least: Int, most: Int?)

    /// Adds the expression to an automaton, in front of `next`.
    ///
    /// Recursion is as deep as the groups of the pattern, which the parser bounds.
    func add(to nfa: inout ByteNFA, then next: ByteNFA.Node) throws(PatternError) -> ByteNFA.Node {
        switch self {
        case .scalar(let set): return try nfa.scalar(of: set, then: next)
        case .literal(let bytes): return try nfa.literal(bytes, then: next)
        case .sequence(let parts):
            var node = next
            for part in parts.reversed() { node = try part.add(to: &nfa, then: node) }
            return node
        case .alternatives(let parts):
            var targets: [ByteNFA.Node] = []
            for part in parts { targets.append(try part.add(to: &nfa, then: next)) }
            return try nfa.add(.fork(targets))
        case .repetition(let part, let least, let most):
            return try part.addRepeated(to: &nfa, least, most, then: next)
        }
    }

    /// The required copies, then either a loop or nested optional copies.
    private func addRepeated(
        to nfa: inout ByteNFA, _ least: Int, _ most: Int?, then next: ByteNFA.Node
    ) throws(PatternError) -> ByteNFA.Node {
        var node = next
        if let most {
            for _ in 0..<most - least {
                let inner = try add(to: &nfa, then: node)
                node = try nfa.add(.fork([inner, next]))
            }
        } else {
            node = try nfa.star(then: next) { (nfa, loop) throws(PatternError) in
                try add(to: &nfa, then: loop)
            }
        }
        for _ in 0..<least { node = try add(to: &nfa, then: node) }
        return node
    }
}
