/// Synonyms as terms of one analyzer: a trie over the terms that rules look for.
struct SynonymTable: Sendable {
    /// What stands for an input.
    struct Entry: Sendable {
        /// Whether the input stays.
        var keepsInput: Bool
        /// The terms that are put at the input's first position.
        var terms: [[UInt8]]
    }

    /// A step of the trie: from a node, by a word.
    private struct Step: Hashable {
        let node: Int
        let word: UInt32
    }

    /// The most words that an input has, at least one.
    private(set) var maximumWords = 1
    private var words = TermTable()
    private var steps: [Step: Int] = [:]
    /// The entry that ends at each node; the first node is the root.
    private var entries: [Entry?] = [nil]

    /// The table of rules whose words become terms by a chain: the filters before the synonyms.
    ///
    /// - Throws: `SynonymError` for a word that the chain makes nothing of, or several terms where
    ///   one is needed.
    init(_ synonyms: Synonyms, chain: inout TokenStream) throws(SynonymError) {
        for (rule, line) in zip(synonyms.rules, synonyms.lines) {
            do throws(SynonymError.Reason) {
                try add(rule, &chain)
            } catch {
                throw SynonymError(error, rule: line)
            }
        }
    }

    private mutating func add(
        _ rule: Synonyms.Rule, _ chain: inout TokenStream
    ) throws(SynonymError.Reason) {
        var inputs: [[[UInt8]]] = []
        for member in rule.inputs { inputs.append(try Self.terms(of: member, &chain)) }
        if let members = rule.outputs {
            var outputs: [[[UInt8]]] = []
            for member in members { outputs.append(try Self.terms(of: member, &chain)) }
            for input in inputs {
                let others = outputs.filter { $0 != input }
                try insert(input, keepsInput: others.count < outputs.count, try Self.single(others))
            }
        } else {
            let terms = try Self.single(inputs)
            for (place, input) in inputs.enumerated() {
                let others = terms.indices.filter { $0 != place }.map { terms[$0] }
                try insert(input, keepsInput: true, others)
            }
        }
    }

    private mutating func insert(
        _ input: [[UInt8]], keepsInput: Bool, _ terms: [[UInt8]]
    ) throws(SynonymError.Reason) {
        var node = 0
        for word in input {
            let step = Step(node: node, word: words.intern(word.span))
            node = steps[step] ?? entries.count
            if node == entries.count { entries.append(nil) }
            steps[step] = node
        }
        var entry = entries[node] ?? Entry(keepsInput: false, terms: [])
        entry.keepsInput = entry.keepsInput || keepsInput
        for term in terms where !entry.terms.contains(term) { entry.terms.append(term) }
        guard entry.terms.count <= Synonyms.maximumOutputs else {
            throw .tooManyOutputs(Self.text(input))
        }
        entries[node] = entry
        maximumWords = max(maximumWords, input.count)
    }

    /// The longest input that begins the terms, and how many of them it is.
    ///
    /// Terms of an input stand at positions one after the other.
    func match(_ tokens: ArraySlice<Token>) -> (count: Int, entry: Entry)? {
        var node = 0
        var best: (count: Int, entry: Entry)?
        for (count, token) in tokens.enumerated() {
            if count > 0 {
                let previous = tokens[tokens.startIndex + count - 1].position
                if token.position != previous + 1 { break }
            }
            guard let word = words.number(of: token.term.span),
                let next = steps[Step(node: node, word: word)]
            else { break }
            node = next
            if let entry = entries[node] { best = (count + 1, entry) }
        }
        return best
    }

    /// The terms that the chain makes of a member.
    private static func terms(
        of member: [UInt8], _ chain: inout TokenStream
    ) throws(SynonymError.Reason) -> [[UInt8]] {
        let terms = chain.tokens(of: member.span).map(\.term)
        let text = String(decoding: member, as: UTF8.self)
        guard !terms.isEmpty else { throw .noTerm(text) }
        guard terms.count <= Synonyms.maximumWords else { throw .tooManyWords(text) }
        return terms
    }

    private static func single(
        _ members: [[[UInt8]]]
    ) throws(SynonymError.Reason) -> [[UInt8]] {
        var terms: [[UInt8]] = []
        for member in members {
            guard member.count == 1 else { throw .severalWords(text(member)) }
            terms.append(member[0])
        }
        return terms
    }

    private static func text(_ words: [[UInt8]]) -> String {
        words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
