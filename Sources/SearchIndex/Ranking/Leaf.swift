/// A term or phrase of a plan.
struct Leaf {
    /// Its terms' places in the plan's `scanners`, in the phrase's order; one for a term.
    let scanners: Range<Int>
    /// The position of each of them relative to the first; `[0]` for a term.
    let offsets: [UInt32]
    /// The largest displacement of a phrase; 0 for an exact one and for a term.
    let slop: UInt32
    /// The weight of BM25.
    let weight: Float
    /// The number of its field in the schema.
    let field: Int
}

/// The matches of one leaf in one window.
struct LeafMatches {
    /// Distances from the window's first document, ascending.
    private(set) var documents: [UInt16] = []
    /// Occurrences in each of `documents`, at least 1.
    private(set) var frequencies: [UInt32] = []

    mutating func removeAll() {
        documents.removeAll(keepingCapacity: true)
        frequencies.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func append(_ document: Int, frequency: UInt32) {
        documents.append(UInt16(truncatingIfNeeded: document))
        frequencies.append(frequency)
    }
}

/// The part of a segment that one step of a search looks at.
struct Window {
    /// The first document.
    let first: UInt32
    /// The number of documents, at most `WindowBitmaps.windowLength`.
    let count: Int

    /// The number behind the last document.
    var end: UInt32 { first + UInt32(count) }
}
