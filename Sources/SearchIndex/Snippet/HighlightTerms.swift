/// What a query looks for in one field.
struct HighlightTerms {
    /// A phrase by the numbers of its terms.
    struct Phrase {
        /// The number of each term and its position relative to the first.
        let terms: [(number: Int, offset: UInt32)]
        let slop: UInt32
    }

    private let field: String
    /// The number of each term that is looked for, alone or in a phrase.
    private var numbers: [[UInt8]: Int] = [:]
    /// By number of a term: whether it counts wherever it stands.
    private(set) var isAlone: [Bool] = []
    private(set) var phrases: [Phrase] = []
    private var patterns: [TermAutomaton] = []

    /// Collects from a query without more-like-this nodes; what must not match is left out.
    ///
    /// Recursion is as deep as the tree, which validation bounds. Malformed patterns mark nothing.
    init(_ query: Query, field: String) {
        self.field = field
        collect(query)
    }

    /// Whether nothing is looked for.
    var isEmpty: Bool { numbers.isEmpty && patterns.isEmpty }

    /// The number of a term that is looked for; nil of others.
    ///
    /// All terms of a pattern have one number, behind those of the terms.
    mutating func number(of term: [UInt8]) -> Int? {
        if let number = numbers[term], isAlone[number] || patterns.isEmpty { return number }
        for index in patterns.indices where patterns[index].matches(term) {
            return isAlone.count + index
        }
        return numbers[term]
    }

    /// Whether occurrences of a number count wherever they stand.
    func isAlone(_ number: Int) -> Bool { number >= isAlone.count || isAlone[number] }

    private mutating func collect(_ query: Query) {
        switch query {
        case .term(let term) where isOurs(term.field): isAlone[add(term.term)] = true
        case .phrase(let phrase) where isOurs(phrase.field): collect(phrase)
        case .expansion(let query) where isOurs(query.field):
            if let automaton = try? query.pattern.automaton() { patterns.append(automaton) }
        case .termSet(let set) where isOurs(set.field):
            for case .text(let term) in set.values { isAlone[add(term)] = true }
        case .boolean(let group):
            for query in group.must + group.should + group.filter { collect(query) }
        case .constantScore(let query): collect(query.query)
        case .disjunctionMax(let group): for query in group.queries { collect(query) }
        case .matchAll, .matchNone, .term, .phrase, .expansion, .range, .termSet, .exists,
            .moreLikeThis:
            break
        }
    }

    private mutating func collect(_ phrase: PhraseQuery) {
        let first = phrase.terms.first?.position ?? 0
        var terms: [(number: Int, offset: UInt32)] = []
        for term in phrase.terms { terms.append((add(term.term), term.position &- first)) }
        phrases.append(Phrase(terms: terms, slop: phrase.slop))
    }

    private func isOurs(_ name: String) -> Bool { name.utf8.elementsEqual(field.utf8) }

    private mutating func add(_ term: [UInt8]) -> Int {
        if let number = numbers[term] { return number }
        numbers[term] = isAlone.count
        isAlone.append(false)
        return isAlone.count - 1
    }
}

extension TermAutomaton {
    /// Whether a term matches as a whole; linear in its bytes.
    fileprivate mutating func matches(_ term: [UInt8]) -> Bool {
        if held > Self.maximumHeld { forget() }
        var state = start
        for byte in term {
            state = step(state, byte)
            if !canMatch(state) { return false }
        }
        return isMatch(state)
    }
}
