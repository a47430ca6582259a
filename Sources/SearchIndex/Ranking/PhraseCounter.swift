/// Counts how often a phrase occurs in each of a batch's documents, given the positions of its terms
/// one term after the other.
///
/// Exact phrases: the starts at which every term stands at its offset. Sloppy ones: the positions
/// of the first term from which all terms can be placed with a displacement of at most `slop`, as
/// `PhraseQuery` defines it. The buffers serve all documents of a search.
struct PhraseCounter {
    /// Starts held at once, beside those of one document: more are left for the next round.
    private static let capacity = 1 << 14

    /// The most displacement that counts; 0 for exact phrases.
    var slop: UInt32 = 0
    /// Start positions that fit the terms looked at so far, document by document: the first `size`.
    private var starts: [UInt32] = []
    private var size = 0
    /// The displacement of each of them so far; unused by exact phrases.
    private var displacements: [UInt32] = []
    /// Where those of each candidate are: the first `size` from `first` on.
    private var first: [Int] = []
    private var sizes: [Int] = []

    init() {}

    /// A counter of its own.
    init(slop: UInt32) { self.slop = slop }

    var isSmall: Bool { starts.count <= 4 * Self.capacity }

    /// Whether no further candidates are to be begun.
    var isFull: Bool { size >= Self.capacity }

    /// How many starts of a candidate are left.
    @inline(__always)
    func count(of candidate: Int) -> Int { candidate < sizes.count ? sizes[candidate] : 0 }

    /// Forgets all candidates; to be called before the first is begun.
    mutating func removeAll() {
        if first.isEmpty {
            first = [Int](repeating: 0, count: BlockPacking.blockLength)
            sizes = first
        }
        for candidate in sizes.indices { sizes[candidate] = 0 }
        size = 0
    }

    /// Begins candidates with the positions of the term looked at first, which must be the phrase's
    /// first if it is sloppy.
    ///
    /// - Parameters:
    ///   - candidates: Of which those begin whose posting is not below zero.
    ///   - postings: By candidate the place of the posting in its list; all are in one block.
    ///   - places: Where the block's postings have their values.
    ///   - values: For each posting the first position and the differences behind.
    ///   - shift: The place of the first of `values` in the block.
    mutating func begin(
        _ candidates: Range<Int>, _ postings: [Int], _ places: borrowing ValuePlaces,
        _ values: [UInt32], shift: Int, offset: UInt32
    ) {
        let most = size + values.count
        if starts.count < most {
            starts += [UInt32](repeating: 0, count: max(most, 2 * starts.count) - starts.count)
        }
        let before = size
        Self.begin(
            candidates, postings, places.starts, values, shift, offset, &starts, &size, &first,
            &sizes)
        if slop > 0 {
            if displacements.count < starts.count {
                displacements += [UInt32](
                    repeating: 0, count: starts.count - displacements.count)
            }
            for index in before..<size { displacements[index] = 0 }
        }
    }

    @inline(__always)
    private static func begin(
        _ candidates: Range<Int>, _ postings: [Int], _ valueStarts: [Int], _ values: [UInt32],
        _ shift: Int, _ offset: UInt32, _ starts: inout [UInt32], _ size: inout Int,
        _ first: inout [Int], _ sizes: inout [Int]
    ) {
        let postings = postings.span
        let valueStarts = valueStarts.span
        let values = values.span
        var starts = starts.mutableSpan
        var first = first.mutableSpan
        var sizes = sizes.mutableSpan
        var end = size
        for candidate in candidates where postings[candidate] >= 0 {
            let place = postings[candidate] % BlockPacking.blockLength
            first[candidate] = end
            var position: UInt32 = 0
            for index in valueStarts[place] &- shift..<valueStarts[place &+ 1] &- shift {
                position &+= values[index]
                starts[end] = position &- offset
                end &+= position >= offset ? 1 : 0
            }
            sizes[candidate] = end &- first[candidate]
        }
        size = end
    }

    /// Keeps of candidates the starts that fit the positions of a further term, expected at `offset`
    /// from the start; the other parameters are those of `begin`.
    mutating func narrow(
        _ candidates: Range<Int>, _ postings: [Int], _ places: borrowing ValuePlaces,
        _ values: [UInt32], shift: Int, offset: UInt32
    ) {
        if slop == 0 {
            return Self.narrowExactly(
                candidates, postings, places.starts, values, shift, offset, &starts, first,
                &sizes)
        }
        for candidate in candidates where postings[candidate] >= 0 {
            let own = first[candidate]..<first[candidate] + sizes[candidate]
            let range =
                places.start(ofPosting: postings[candidate]) - shift..<places.end(
                    ofPosting: postings[candidate]) - shift
            sizes[candidate] = keepNear(values, range, offset, own)
        }
    }

    @inline(__always)
    private static func narrowExactly(
        _ candidates: Range<Int>, _ postings: [Int], _ valueStarts: [Int], _ values: [UInt32],
        _ shift: Int, _ offset: UInt32, _ starts: inout [UInt32], _ first: [Int],
        _ sizes: inout [Int]
    ) {
        let postings = postings.span
        let valueStarts = valueStarts.span
        let values = values.span
        let first = first.span
        var starts = starts.mutableSpan
        var sizes = sizes.mutableSpan
        for candidate in candidates where postings[candidate] >= 0 {
            let place = postings[candidate] % BlockPacking.blockLength
            let end = valueStarts[place &+ 1] &- shift
            var next = valueStarts[place] &- shift
            var position = 0
            var kept = first[candidate]
            var index = kept
            let last = kept &+ sizes[candidate]
            // Both ascend: the one that is behind goes on.
            while next < end, index < last {
                let wanted = Int(starts[index]) &+ Int(offset)
                let following = position &+ Int(values[next])
                if following < wanted {
                    position = following
                    next &+= 1
                } else {
                    starts[kept] = starts[index]
                    kept &+= following == wanted ? 1 : 0
                    index &+= 1
                }
            }
            sizes[candidate] = kept &- first[candidate]
        }
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
        begin(
            0..<1, [0], Self.places(of: positions), Self.differences(positions), shift: 0,
            offset: offset)
    }

    /// Narrows the only candidate by the ascending positions of a further term.
    mutating func narrow(_ positions: [UInt32], offset: UInt32) {
        narrow(
            0..<1, [0], Self.places(of: positions), Self.differences(positions), shift: 0,
            offset: offset)
    }

    /// How many starts of the only candidate are left.
    var count: UInt32 { UInt32(clamping: count(of: 0)) }

    private static func places(of positions: [UInt32]) -> ValuePlaces {
        var places = ValuePlaces()
        places.set([UInt32(positions.count)], count: 1)
        return places
    }

    private static func differences(_ positions: [UInt32]) -> [UInt32] {
        var before: UInt32 = 0
        return positions.map { position in
            defer { before = position }
            return position &- before
        }
    }
}
