/// A nondeterministic automaton over bytes, built from the back: a fragment is made with the node
/// that follows it.
///
/// Nodes either read one byte or fork without reading; Thompson, "Regular Expression Search
/// Algorithm" (1968), with byte ranges instead of single characters.
struct ByteNFA {
    /// The number of a node.
    typealias Node = UInt32

    /// Reads one byte of a range.
    struct Transition: Hashable {
        let bytes: ClosedRange<UInt8>
        let target: Node
    }

    /// What a node does.
    enum Action {
        /// Reads a byte; at most all of the transitions that hold it are taken.
        case read([Transition])
        /// Goes to all of the nodes without reading.
        case fork([Node])
        /// The bytes read so far match.
        case match
    }

    /// The most nodes that a pattern may give.
    static let maximumPatternNodes = 1 << 12
    /// The most nodes of a fuzzy term, which are many but few of them at once in use: more than
    /// one of `QueryLimits.maximumPatternBytes` gives.
    static let maximumFuzzyNodes = 1 << 16

    /// The node that stands for a match.
    static let match: Node = 0

    private(set) var nodes: [Action] = [.match]
    private let maximumNodes: Int
    /// Where reading starts.
    var start: Node = 0
    private var shared: [Transition: Node] = [:]

    /// The automaton of nothing yet.
    init(maximumNodes: Int = Self.maximumPatternNodes) { self.maximumNodes = maximumNodes }

    /// Adds a node.
    mutating func add(_ action: Action) throws(PatternError) -> Node {
        guard nodes.count < maximumNodes else {
            throw PatternError(byteOffset: 0, reason: .tooComplex)
        }
        nodes.append(action)
        return Node(nodes.count - 1)
    }

    /// Adds a node whose targets `complete` gives.
    mutating func reserve() throws(PatternError) -> Node { try add(.fork([])) }

    /// Gives a reserved node its targets.
    mutating func complete(_ node: Node, with targets: [Node]) { nodes[Int(node)] = .fork(targets) }

    /// Reads exactly `bytes`, then goes to `next`.
    mutating func literal(_ bytes: some Sequence<UInt8>, then next: Node) throws(PatternError)
        -> Node
    {
        var node = next
        for byte in Array(bytes).reversed() {
            node = try add(.read([Transition(bytes: byte...byte, target: node)]))
        }
        return node
    }

    /// Reads one scalar of `set` in its UTF-8 form, then goes to `next`. Equal tails are one node.
    mutating func scalar(of set: ScalarSet, then next: Node) throws(PatternError) -> Node {
        var transitions: [Transition] = []
        for sequence in UTF8Sequences(set).sequences {
            var target = next
            for bytes in sequence.dropFirst().reversed() {
                target = try tail(Transition(bytes: bytes, target: target))
            }
            if let first = sequence.first {
                transitions.append(Transition(bytes: first, target: target))
            }
        }
        return try add(.read(transitions))
    }

    /// Any number of the fragments that `body` makes with the node behind them, then `next`.
    mutating func star(
        then next: Node, _ body: (inout ByteNFA, Node) throws(PatternError) -> Node
    ) throws(PatternError) -> Node {
        let loop = try reserve()
        let inner = try body(&self, loop)
        complete(loop, with: [inner, next])
        return loop
    }

    private mutating func tail(_ transition: Transition) throws(PatternError) -> Node {
        if let node = shared[transition] { return node }
        let node = try add(.read([transition]))
        shared[transition] = node
        return node
    }
}
