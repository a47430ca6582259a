/// The terms of a dictionary that an automaton accepts, in byte order.
///
/// Walks dictionary and automaton together: states are kept for the bytes that a term shares with
/// the one before, and where the automaton can no longer match, the walk skips to the least term
/// for which it could. Work is reported to the meter term by term.
struct TermWalk {
    /// What reading a term costs, in documents.
    private static let documentsPerTerm = 2
    /// How much of a state is as much work as a document.
    private static let heldPerDocument = 64

    private var terms: TermRangeIterator
    private var automaton: TermAutomaton
    /// The bytes that were read, up to where no match was possible any more.
    private var path: [UInt8] = []
    /// The states before and after each of them.
    private var states: [TermAutomaton.State]

    init(_ dictionary: TermDictionary, _ automaton: TermAutomaton) {
        terms = TermRangeIterator(dictionary)
        self.automaton = automaton
        states = [automaton.start]
    }

    /// The bytes of the term that `next` found.
    var term: [UInt8] { terms.term }

    /// The entry of the next accepted term, or nil at the end.
    mutating func next(_ meter: inout WorkMeter) throws(SearchError) -> TermEntry? {
        var entry = try advance(to: nil)
        while let found = entry {
            let held = automaton.held
            let isAlive = read()
            let made = max(0, automaton.held - held) / Self.heldPerDocument
            try meter.spend(Self.documentsPerTerm + made)
            if isAlive {
                if automaton.isMatch(states[states.count - 1]) { return found }
                entry = try advance(to: nil)
            } else {
                guard let target = nextTarget() else { return nil }
                entry = try advance(to: target)
            }
        }
        return nil
    }

    /// Reads the current term; false when no match is possible before its end.
    private mutating func read() -> Bool {
        if automaton.held > TermAutomaton.maximumHeld {
            automaton.forget()
            path = []
            states = [automaton.start]
        }
        let term = terms.term
        var place = 0
        while place < min(path.count, term.count), path[place] == term[place] { place += 1 }
        path.removeSubrange(place...)
        states.removeSubrange((place + 1)...)
        while place < term.count {
            let state = automaton.step(states[place], term[place])
            guard automaton.canMatch(state) else { return false }
            path.append(term[place])
            states.append(state)
            place += 1
        }
        return true
    }

    /// The least bytes above those of the current term with which an accepted term can start.
    private func nextTarget() -> [UInt8]? {
        let term = terms.term
        for place in (0..<states.count).reversed() where place < term.count {
            if let byte = automaton.nextByte(states[place], after: term[place]) {
                return path[..<place] + [byte]
            }
        }
        return nil
    }

    private mutating func advance(to target: [UInt8]?) throws(SearchError) -> TermEntry? {
        do throws(IndexError) {
            if let target { return try terms.seek(target.span) }
            return try terms.next()
        } catch {
            throw .index(error)
        }
    }
}
