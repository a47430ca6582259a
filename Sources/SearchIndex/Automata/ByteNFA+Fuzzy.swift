extension ByteNFA {
    /// The automaton of all terms within `distance` edits of `term`, by scalars.
    ///
    /// The nodes are the positions (i, e) of Schulz and Mihov, "Fast String Correction with
    /// Levenshtein Automata" (2002), section 4: i scalars of the term are read, e edits made.
    /// From (i, e) the term's next scalar leads to (i + 1, e); with an edit to spare any scalar
    /// leads to (i, e + 1), an insertion, and to (i + 1, e + 1), a replacement; (i + 1, e + 1) is
    /// also reached without reading, a deletion; and the next two scalars exchanged lead to
    /// (i + 2, e + 1), section 6. The subsets that their parametric tables enumerate are made by
    /// `TermAutomaton` as needed instead, over bytes.
    ///
    /// - Parameter prefixLength: scalars at the start that must stay as they are.
    static func fuzzy(
        _ term: [UInt8], distance: Int, prefixLength: Int, transpositions: Bool
    ) throws(PatternError) -> ByteNFA {
        var nfa = ByteNFA(maximumNodes: maximumFuzzyNodes)
        let scalars = Self.scalars(of: term)
        // Row e + 1 of the nodes, by i; rows are made from the last on.
        var below: [Node]?
        for edits in (0...distance).reversed() {
            let first = edits == 0 ? min(prefixLength, scalars.count) : 0
            var row = [Node](repeating: match, count: scalars.count + 1)
            for index in (first...scalars.count).reversed() {
                var targets: [Node] = []
                if index < scalars.count {
                    targets.append(try nfa.literal(scalars[index], then: row[index + 1]))
                } else {
                    targets.append(match)
                }
                if let below {
                    targets += try nfa.edits(
                        at: index, scalars, below, transpositions: transpositions)
                }
                row[index] = try nfa.add(.fork(targets))
            }
            if edits == 0 {
                let prefix = scalars[..<first].flatMap(\.self)
                nfa.start = try nfa.literal(prefix, then: row[first])
            }
            below = row
        }
        return nfa
    }

    /// The nodes by which one more edit can be made at `index`.
    private mutating func edits(
        at index: Int, _ scalars: [[UInt8]], _ below: [Node], transpositions: Bool
    ) throws(PatternError) -> [Node] {
        guard index < scalars.count else {
            return [try scalar(of: .all, then: below[index])]
        }
        let behind = try add(.fork([below[index], below[index + 1]]))
        var targets = [try scalar(of: .all, then: behind), below[index + 1]]
        if transpositions, index + 1 < scalars.count {
            let exchanged = scalars[index + 1] + scalars[index]
            targets.append(try literal(exchanged, then: below[index + 2]))
        }
        return targets
    }

    private static func scalars(of term: [UInt8]) -> [[UInt8]] {
        var scalars: [[UInt8]] = []
        var offset = 0
        while offset < term.count {
            let length = UTF8Scalar(term.span, at: offset).length
            scalars.append(Array(term[offset..<offset + length]))
            offset += length
        }
        return scalars
    }
}
