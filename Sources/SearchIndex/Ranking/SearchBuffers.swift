/// What a search over lists writes to, and the next one may use again: small searches would take longer
/// to allocate it than to answer.
struct SearchBuffers: ReusableBuffers {
    var batch = CandidateBatch()
    /// What the dense ones of an intersection's lists have in common.
    var mask = MemberMask()
    var scan = LeaderScan()
    /// What parts of the lists can add.
    var bounds = ListBounds()
    /// The leaves that score in the current walk, in the canonical order.
    var leaves: [Int] = []
    /// For lists that decode their blocks.
    private var blocks: [BlockBuffers] = []

    /// The most pairs of buffers for blocks that are kept.
    private static let mostBlocks = 32

    init() {}

    /// Gives buffers to a list, if there are any.
    mutating func lend(to list: inout TermList) {
        if let buffers = blocks.popLast() { list.adopt(buffers) }
    }

    /// Takes back what a list had or has made.
    mutating func takeBack(from list: inout TermList) {
        let buffers = list.giveBuffers()
        if !buffers.isEmpty, blocks.count < Self.mostBlocks { blocks.append(buffers) }
    }

    var isSmall: Bool { batch.isSmall }
}

/// What a list decodes a block to.
struct BlockBuffers {
    /// Empty, or a place for each document.
    var documents: [UInt32] = []
    /// Empty, or two places for each document, each of which holds at least 1.
    var frequencies: [UInt32] = []

    var isEmpty: Bool { documents.isEmpty && frequencies.isEmpty }
}
