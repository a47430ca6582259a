/// A deterministic automaton over the bytes of terms, made from a `ByteNFA` state by state as
/// terms need them (subset construction; Aho, Sethi, Ullman, "Compilers", section 3.7).
///
/// Bytes that no transition tells apart share a column of the table. States are numbered from 0,
/// the state from which nothing matches; they hold until `forget`.
struct TermAutomaton {
    /// The number of a state.
    typealias State = Int32

    /// No match is possible from here.
    static let dead: State = 0
    /// What the states may hold together before the walk over a dictionary forgets them.
    static let maximumHeld = 1 << 20
    private static let unknown: State = -1

    /// The state before the first byte.
    private(set) var start: State = 0
    private let nfa: ByteNFA
    /// The column of each byte.
    private let columns: [UInt8]
    private let columnCount: Int
    /// By state and column: the next state, or `unknown`.
    private var table: [State] = []
    /// By state: the reading nodes it stands for, ascending.
    private var members: [[ByteNFA.Node]] = []
    private var matches: [Bool] = []
    private var numbers: [Key: State] = [:]
    /// Nodes and table entries of all states.
    private(set) var held = 0
    /// Scratch of a closure: the mark of the run in which each node was seen last.
    private var seen: [UInt32]
    private var run: UInt32 = 0

    private struct Key: Hashable {
        let members: [ByteNFA.Node]
        let isMatch: Bool
    }

    init(_ nfa: ByteNFA) {
        self.nfa = nfa
        (columns, columnCount) = Self.columns(of: nfa)
        seen = [UInt32](repeating: 0, count: nfa.nodes.count)
        forget()
    }

    /// Whether the bytes that led to `state` match.
    func isMatch(_ state: State) -> Bool { matches[Int(state)] }

    /// Whether further bytes can lead to a match, or the ones so far do.
    func canMatch(_ state: State) -> Bool { state != Self.dead }

    /// The state after one more byte.
    mutating func step(_ state: State, _ byte: UInt8) -> State {
        let place = Int(state) * columnCount + Int(columns[Int(byte)])
        let known = table[place]
        if known != Self.unknown { return known }
        let next = closure(of: targets(of: state, byte))
        table[place] = next
        return next
    }

    /// The least byte above `byte` (or from 0 on, when nil) after which a match is still possible.
    func nextByte(_ state: State, after byte: UInt8?) -> UInt8? {
        guard byte != .max else { return nil }
        let from = byte.map { $0 + 1 } ?? 0
        var least: UInt8?
        for node in members[Int(state)] {
            guard case .read(let transitions) = nfa.nodes[Int(node)] else { continue }
            for transition in transitions where transition.bytes.upperBound >= from {
                let first = max(from, transition.bytes.lowerBound)
                least = min(least ?? first, first)
            }
        }
        return least
    }

    /// Whether a whole term matches.
    mutating func matches(_ term: Span<UInt8>) -> Bool {
        var state = start
        for index in 0..<term.count where state != Self.dead { state = step(state, term[index]) }
        return isMatch(state)
    }

    /// Drops all states but the first ones; numbers given out before mean nothing any more.
    mutating func forget() {
        table = []
        members = []
        matches = []
        numbers = [:]
        held = 0
        _ = number(of: Key(members: [], isMatch: false))
        start = closure(of: [nfa.start])
    }
}

extension TermAutomaton {
    private func targets(of state: State, _ byte: UInt8) -> [ByteNFA.Node] {
        var targets: [ByteNFA.Node] = []
        for node in members[Int(state)] {
            guard case .read(let transitions) = nfa.nodes[Int(node)] else { continue }
            for transition in transitions where transition.bytes.contains(byte) {
                targets.append(transition.target)
            }
        }
        return targets
    }

    /// The state of all nodes that are reached from some without reading.
    private mutating func closure(of nodes: [ByteNFA.Node]) -> State {
        if run == .max {
            run = 0
            seen = [UInt32](repeating: 0, count: seen.count)
        }
        run += 1
        var stack = nodes
        var reading: [ByteNFA.Node] = []
        var isMatch = false
        while let node = stack.popLast() {
            guard seen[Int(node)] != run else { continue }
            seen[Int(node)] = run
            switch nfa.nodes[Int(node)] {
            case .match: isMatch = true
            case .read: reading.append(node)
            case .fork(let targets): stack += targets
            }
        }
        reading.sort()
        return number(of: Key(members: reading, isMatch: isMatch))
    }

    private mutating func number(of key: Key) -> State {
        if let number = numbers[key] { return number }
        let number = State(members.count)
        numbers[key] = number
        members.append(key.members)
        matches.append(key.isMatch)
        table += [State](repeating: Self.unknown, count: columnCount)
        held += key.members.count + columnCount
        return number
    }

    /// Columns for the bytes: a new one starts wherever a transition starts or has ended.
    private static func columns(of nfa: ByteNFA) -> ([UInt8], Int) {
        var starts = [Bool](repeating: false, count: 257)
        for case .read(let transitions) in nfa.nodes {
            for transition in transitions {
                starts[Int(transition.bytes.lowerBound)] = true
                starts[Int(transition.bytes.upperBound) + 1] = true
            }
        }
        var columns: [UInt8] = []
        var column: UInt8 = 0
        for byte in 0..<256 {
            if byte > 0, starts[byte] { column += 1 }
            columns.append(column)
        }
        return (columns, Int(column) + 1)
    }
}
