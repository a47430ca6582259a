/// Counts how often a phrase occurs in each of a batch's documents, given the positions of its terms
/// one term after the other.
///
/// Exact phrases: the starts at which every term stands at its offset. Sloppy ones: the positions
/// of the first term from which all terms can be placed with a displacement of at most `slop`, as
/// `PhraseQuery` defines it. The buffers serve all documents of a search.
struct PhraseCounter {
    /// Starts held at once, beside those of one document: more are left for the next round.
    private static let capacity = 1 << 14

    private let slop: UInt32
    /// Start positions that fit the terms looked at so far, document by document.
    private var starts: [UInt32] = []
    /// The displacement of each of them so far; unused by exact phrases.
    private var displacements: [UInt32] = []
    /// Where those of each candidate are: the first `size` from `first` on.
    private var first: [Int] = []
    private var sizes: [Int] = []

    init(slop: UInt32) { self.slop = slop }

    /// Whether no further candidate is to be begun.
    var isFull: Bool { starts.count >= Self.capacity }

    /// How many starts of a candidate are left.
    @inline(__always)
    func count(of candidate: Int) -> Int { candidate < sizes.count ? sizes[candidate] : 0 }

    /// Forgets all candidates; to be called before the first is begun.
    mutating func removeAll() {
        if first.isEmpty {
            first = [Int](repeating: 0, count: BlockPacking.blockLength)
            sizes = first
        }
        starts.removeAll(keepingCapacity: true)
        displacements.removeAll(keepingCapacity: true)
    }

    /// Begins a candidate with the positions of the term looked at first, which must be the phrase's
    /// first if it is sloppy: `values` in `range` are the first position and the differences behind.
    @inline(__always)
    mutating func begin(
        _ candidate: Int, _ values: [UInt32], _ range: Range<Int>, offset: UInt32
    ) {
        first[candidate] = starts.count
        var position: UInt32 = 0
        for index in range {
            position &+= values[index]
            if position >= offset { starts.append(position &- offset) }
        }
        sizes[candidate] = starts.count &- first[candidate]
        if slop > 0 {
            displacements += [UInt32](repeating: 0, count: sizes[candidate])
        }
    }

    /// Keeps of a candidate the starts that fit the positions of a further term, expected at `offset`
    /// from the start.
    @inline(__always)
    mutating func narrow(
        _ candidate: Int, _ values: [UInt32], _ range: Range<Int>, offset: UInt32
    ) {
        let own = first[candidate]..<first[candidate] &+ sizes[candidate]
        sizes[candidate] =
            slop == 0
            ? Self.keepExact(values, range, offset, &starts, own)
            : keepNear(values, range, offset, own)
    }

    @inline(__always)
    private static func keepExact(
        _ values: [UInt32], _ range: Range<Int>, _ offset: UInt32, _ starts: inout [UInt32],
        _ own: Range<Int>
    ) -> Int {
        let values = values.span
        var starts = starts.mutableSpan
        guard var position = range.isEmpty ? nil : values[range.lowerBound] else { return 0 }
        var place = range.lowerBound
        var kept = own.lowerBound
        for index in own {
            let start = starts[index]
            let (wanted, overflow) = start.addingReportingOverflow(offset)
            if overflow { break }
            while position < wanted, place &+ 1 < range.upperBound {
                place &+= 1
                position &+= values[place]
            }
            if position == wanted {
                starts[kept] = start
                kept &+= 1
            }
        }
        return kept &- own.lowerBound
    }

    private mutating func keepNear(
        _ values: [UInt32], _ range: Range<Int>, _ offset: UInt32, _ own: Range<Int>
    ) -> Int {
        guard let start = range.first else { return 0 }
        var kept = own.lowerBound
        var place = start
        var before: UInt32?
        var position = values[place]
        for index in own {
            let (wanted, overflow) = starts[index].addingReportingOverflow(offset)
            if overflow { break }
            while position < wanted, place + 1 < range.upperBound {
                place += 1
                before = position
                position &+= values[place]
            }
            var distance = position >= wanted ? position - wanted : wanted - position
            if let before, before < wanted { distance = min(distance, wanted - before) }
            let (sum, tooFar) = displacements[index].addingReportingOverflow(distance)
            if tooFar || sum > slop { continue }
            starts[kept] = starts[index]
            displacements[kept] = sum
            kept += 1
        }
        return kept - own.lowerBound
    }
}

// One document at a time.
extension PhraseCounter {
    /// Begins the only candidate with ascending positions.
    mutating func begin(_ positions: [UInt32], offset: UInt32) {
        removeAll()
        begin(0, Self.differences(positions), positions.indices, offset: offset)
    }

    /// Narrows the only candidate by the ascending positions of a further term.
    mutating func narrow(_ positions: [UInt32], offset: UInt32) {
        narrow(0, Self.differences(positions), positions.indices, offset: offset)
    }

    /// How many starts of the only candidate are left.
    var count: UInt32 { UInt32(clamping: count(of: 0)) }

    private static func differences(_ positions: [UInt32]) -> [UInt32] {
        var before: UInt32 = 0
        return positions.map { position in
            defer { before = position }
            return position &- before
        }
    }
}
