/// Counts how often a phrase occurs in each of a batch's documents, given the positions of its terms
/// one term after the other.
///
/// Exact phrases: the starts at which every term stands at its offset. Sloppy ones: the positions
/// of the first term from which all terms can be placed with a displacement of at most `slop`, as
/// `PhraseQuery` defines it. The buffers serve all documents of a search.
///
/// Most documents that hold all terms hold no exact phrase. Before positions are compared one by one,
/// those of a further term are only looked up among marks of the starts, a Bloom filter with one hash
/// function (B. Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970): whether
/// enough are there takes no branch for each. And of a document that needs several occurrences no more
/// is looked at than can still give them.
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
    /// How often the phrase must occur in each of them to be worth a count.
    private var least: [Int] = []
    /// A bit for every start that a candidate began with, at the start's remainder by the number of
    /// bits that a candidate has: what has no bit there is no start.
    private var marks: [UInt64] = []
    private static let markWords = 4

    init() {}

    /// A counter of its own.
    init(slop: UInt32) { self.slop = slop }

    var isSmall: Bool { starts.count <= 4 * Self.capacity }

    /// Whether no further candidates are to be begun.
    var isFull: Bool { size >= Self.capacity }

    /// How many starts of a candidate are left; of one with fewer than are required, perhaps fewer yet.
    @inline(__always)
    func count(of candidate: Int) -> Int { candidate < sizes.count ? sizes[candidate] : 0 }

    /// Forgets all candidates; to be called before the first is begun.
    mutating func removeAll() {
        if first.isEmpty {
            first = [Int](repeating: 0, count: BlockPacking.blockLength)
            sizes = first
            least = [Int](repeating: 1, count: BlockPacking.blockLength)
            marks = [UInt64](repeating: 0, count: Self.markWords * BlockPacking.blockLength)
        }
        for candidate in sizes.indices {
            sizes[candidate] = 0
            least[candidate] = 1
        }
        size = 0
    }

    /// Says that fewer occurrences in a candidate need not be counted, of an exact phrase; its count may
    /// then be 0. To be called after `removeAll`.
    @inline(__always)
    mutating func require(_ count: Int, of candidate: Int) { least[candidate] = count }

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
            &sizes, least, &marks)
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
        _ first: inout [Int], _ sizes: inout [Int], _ least: [Int], _ marks: inout [UInt64]
    ) {
        let postings = postings.span
        let valueStarts = valueStarts.span
        let values = values.span
        var starts = starts.mutableSpan
        var first = first.mutableSpan
        var sizes = sizes.mutableSpan
        let least = least.span
        var marks = marks.mutableSpan
        var end = size
        for candidate in candidates where postings[candidate] >= 0 {
            let place = postings[candidate] % BlockPacking.blockLength
            let base = candidate &* markWords
            for word in base..<base &+ markWords { marks[word] = 0 }
            first[candidate] = end
            var position: UInt32 = 0
            for index in valueStarts[place] &- shift..<valueStarts[place &+ 1] &- shift {
                position &+= values[index]
                let start = position &- offset
                starts[end] = start
                marks[base &+ Int(start >> 6) % markWords] |= 1 &<< UInt64(start)
                end &+= position >= offset ? 1 : 0
            }
            let count = end &- first[candidate]
            sizes[candidate] = count >= least[candidate] ? count : 0
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
                &sizes, least, marks)
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
        _ sizes: inout [Int], _ least: [Int], _ marks: [UInt64]
    ) {
        let postings = postings.span
        let valueStarts = valueStarts.span
        let values = values.span
        let first = first.span
        let least = least.span
        let marks = marks.span
        var starts = starts.mutableSpan
        var sizes = sizes.mutableSpan
        for candidate in candidates where postings[candidate] >= 0 {
            let place = postings[candidate] % BlockPacking.blockLength
            let own = valueStarts[place] &- shift..<valueStarts[place &+ 1] &- shift
            let words = candidate &* markWords..<candidate &* markWords &+ markWords
            let least = least[candidate]
            // Mostly no position is where a start wants one, which the marks tell without a branch.
            guard countMarked(values, own, marks.extracting(words), offset: offset) >= least else {
                sizes[candidate] = 0
                continue
            }
            let (begin, size) = (first[candidate], sizes[candidate])
            sizes[candidate] = keepFollowed(
                values, own, &starts, begin..<begin &+ size, offset: offset, least: least)
        }
    }

    /// How many positions have the mark of a start that wants them: at least as many as are wanted.
    @inline(__always)
    private static func countMarked(
        _ values: Span<UInt32>, _ own: Range<Int>, _ marks: Span<UInt64>, offset: UInt32
    ) -> Int {
        var count: UInt64 = 0
        var start = 0 &- offset
        for index in own {
            start &+= values[index]
            count &+= marks[Int(start >> 6) % markWords] &>> UInt64(start) & 1
        }
        return Int(count)
    }

    /// Keeps in front the starts of a candidate, from `candidate.lowerBound` on, that have a position
    /// at `offset` behind them; returns how many, or 0 when there are fewer than `least`.
    @inline(__always)
    private static func keepFollowed(
        _ values: Span<UInt32>, _ own: Range<Int>, _ starts: inout MutableSpan<UInt32>,
        _ candidate: Range<Int>, offset: UInt32, least: Int
    ) -> Int {
        let missing = least &- 1
        var next = own.lowerBound
        var position = 0
        var kept = candidate.lowerBound
        var index = kept
        // As many of either may be passed over as leave enough for what is still to be found.
        var stop = own.upperBound &- missing
        var limit = candidate.upperBound &- missing
        // Both ascend: the one that is behind goes on.
        while next < stop, index < limit {
            let wanted = Int(starts[index]) &+ Int(offset)
            let following = position &+ Int(values[next])
            if following < wanted {
                position = following
                next &+= 1
            } else {
                starts[kept] = starts[index]
                let found = following == wanted ? 1 : 0
                kept &+= found
                index &+= 1
                stop = min(own.upperBound, stop &+ found)
                limit = min(candidate.upperBound, limit &+ found)
            }
        }
        let count = kept &- candidate.lowerBound
        return count > missing ? count : 0
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
