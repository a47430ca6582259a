/// Counts how often a phrase occurs in a document, given the positions of its terms.
///
/// Exact phrases: the starts at which every term stands at its offset. Sloppy ones: the positions
/// of the first term from which all terms can be placed with a displacement of at most `slop`, as
/// `PhraseQuery` defines it. The buffers serve all documents of a search.
struct PhraseCounter {
    private let slop: UInt32
    /// Start positions that fit the terms looked at so far; the first `size` count.
    private var starts: [UInt32] = []
    /// The displacement of each of them so far; unused by exact phrases.
    private var displacements: [UInt32] = []
    private var size = 0

    init(slop: UInt32) { self.slop = slop }

    /// How many starts are left.
    var count: UInt32 { UInt32(truncatingIfNeeded: size) }

    /// Takes the first `count` of ascending positions, those of the first term looked at, which must
    /// be the phrase's first if it is sloppy.
    mutating func begin(_ positions: [UInt32], count: Int, offset: UInt32) {
        if starts.count < count {
            starts = [UInt32](repeating: 0, count: count)
            displacements = starts
        }
        size = 0
        for index in 0..<count where positions[index] >= offset {
            starts[size] = positions[index] &- offset
            displacements[size] = 0
            size &+= 1
        }
    }

    /// Takes the first `count` of ascending positions, those of a further term, expected at `offset`
    /// from the start.
    mutating func add(_ positions: [UInt32], count: Int, offset: UInt32) {
        if slop == 0 {
            size = Self.keepExact(positions, count, offset, &starts, size)
        } else {
            keepNear(positions, count, offset)
        }
    }

    @inline(__always)
    private static func keepExact(
        _ positions: [UInt32], _ count: Int, _ offset: UInt32, _ starts: inout [UInt32],
        _ size: Int
    ) -> Int {
        let positions = positions.span
        var starts = starts.mutableSpan
        var kept = 0
        var place = 0
        for index in 0..<size {
            let start = starts[index]
            let (wanted, overflow) = start.addingReportingOverflow(offset)
            if overflow { break }
            while place < count, positions[place] < wanted { place &+= 1 }
            if place < count, positions[place] == wanted {
                starts[kept] = start
                kept &+= 1
            }
        }
        return kept
    }

    private mutating func keepNear(_ positions: [UInt32], _ count: Int, _ offset: UInt32) {
        var kept = 0
        var place = 0
        for index in 0..<size {
            let (wanted, overflow) = starts[index].addingReportingOverflow(offset)
            if overflow { break }
            while place < count, positions[place] < wanted { place += 1 }
            var distance = UInt32.max
            if place < count { distance = positions[place] - wanted }
            if place > 0 { distance = min(distance, wanted - positions[place - 1]) }
            let (sum, tooFar) = displacements[index].addingReportingOverflow(distance)
            if tooFar || sum > slop { continue }
            starts[kept] = starts[index]
            displacements[kept] = sum
            kept += 1
        }
        size = kept
    }
}
