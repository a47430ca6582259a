/// What counting a phrase's occurrences writes to, and the next search may use again.
struct PhraseBuffers: ReusableBuffers {
    var counter = PhraseCounter()
    /// For the lookups of the phrase's terms.
    private var lookups: [LookupBuffers] = []

    /// The most of them that are kept.
    private static let mostLookups = 8

    init() {}

    /// Buffers for a lookup.
    mutating func takeLookup() -> LookupBuffers { lookups.popLast() ?? LookupBuffers() }

    /// Takes back what a lookup was done with; it has new ones then.
    mutating func takeBack(_ buffers: inout LookupBuffers) {
        guard lookups.count < Self.mostLookups, buffers.isSmall else { return }
        lookups.append(LookupBuffers())
        swap(&lookups[lookups.count - 1], &buffers)
    }

    var isSmall: Bool { counter.isSmall }
}

/// What a term's positions are read to.
struct LookupBuffers {
    var reader = PositionsReader()
    var places = ValuePlaces()
    /// The places of the candidates' postings in the list.
    var postings: [Int] = []

    /// The most positions of which buffers are kept.
    private static let mostPositions = 1 << 16

    var isSmall: Bool { reader.values.count <= Self.mostPositions }
}
