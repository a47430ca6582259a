/// A level from 1 to 7 for each document of a dense term, which bounds what the term adds to the
/// document's score: documents of a term, or of several, that can reach a threshold are found for 64
/// at a time.
///
/// Quantised impacts as in V. Anh and A. Moffat, "Impact transformation: effective and efficient web
/// retrieval", 2002, section 3; here in steps that hold a falling share of the postings each, as
/// thresholds are reached by few. Kept by the bits of the level, each as a bitmap of all documents, on
/// which comparisons are a few logical operations (P. O'Neil and D. Quass, "Improved query
/// performance with variant indexes", 1997, section 4). Ours only choose candidates, whose scores are
/// then computed. They are made under the norms of the day; bounds under others are wider, see
/// `widening`. Immutable.
struct ImpactLevels: Sendable {
    /// The bits of the levels, low ones first, one slice after the other: of each, bit d of word
    /// d / 64. All zero without the term.
    let slices: [UInt64]
    /// What saturated frequencies do not exceed, by level, ascending; 0 at level 0.
    let greatest: [Float]
    /// The norms that the saturated frequencies were computed with.
    private let parameters: NormParameters

    /// The number of bits of a level.
    static let sliceCount = 3
    /// The greatest level.
    static let highest = 1 << sliceCount - 1
    /// The share of a level's documents that is in the next, too.
    private static let share = 0.4
    /// Above what `Float` may have rounded in norms and saturated frequencies.
    private static let rounding: Float = 1 + 16 * Float.ulpOfOne

    /// The levels of a term's postings; linear in them and in the documents of the segment.
    ///
    /// - Parameters:
    ///   - bits: The term's documents.
    ///   - ratios: Their saturated frequencies from 0 to 1, as many as bits.
    init(_ bits: [UInt64], ratios: [Float], _ parameters: NormParameters) {
        let (levels, greatest) = Self.levels(ratios)
        var slices = [UInt64](repeating: 0, count: bits.count * Self.sliceCount)
        var posting = 0
        for word in bits.indices {
            var rest = bits[word]
            while rest != 0, posting < ratios.count {
                let lowest = rest & (~rest &+ 1)
                let level = levels[Self.step(ratios[posting])]
                for slice in 0..<Self.sliceCount where level >> slice & 1 != 0 {
                    slices[slice * bits.count + word] |= lowest
                }
                rest ^= lowest
                posting += 1
            }
        }
        self.slices = slices
        self.greatest = greatest
        self.parameters = parameters
    }

    /// The step of a saturated frequency among 256 of equal size, by which levels are told apart.
    private static func step(_ ratio: Float) -> Int { Int(max(0, min(255, ratio * 256))) }

    /// The level of each step, and the greatest saturated frequency of each level.
    private static func levels(_ ratios: [Float]) -> (levels: [UInt8], greatest: [Float]) {
        var counts = [Int](repeating: 0, count: 256)
        var maxima = [Float](repeating: 0, count: 256)
        for ratio in ratios {
            counts[step(ratio)] += 1
            maxima[step(ratio)] = max(maxima[step(ratio)], ratio)
        }
        var levels = [UInt8](repeating: 1, count: 256)
        var greatest = [Float](repeating: 0, count: highest + 1)
        var above = 0
        for step in counts.indices.reversed() where counts[step] > 0 {
            // A level holds the steps above which there are fewer postings than its share.
            var level = 1
            var limit = Double(ratios.count) * share
            while level < highest, Double(above) < limit {
                level += 1
                limit *= share
            }
            levels[step] = UInt8(level)
            greatest[level] = max(greatest[level], maxima[step])
            above += counts[step]
        }
        for level in 1...highest { greatest[level] = max(greatest[level], greatest[level - 1]) }
        return (levels, greatest)
    }

    /// What bounds are to be multiplied by where other norms are in force; nil when nothing follows
    /// from them.
    ///
    /// Of the saturated frequency f / (f + norm) under two norms the second is at most the first times
    /// the greater of 1 and norm 1 / norm 2, which is at most the inverse ratio of the average
    /// lengths: a longer average makes all documents shorter in comparison.
    func widening(under other: NormParameters) -> Float? {
        guard other.k1 == parameters.k1, other.b == parameters.b else { return nil }
        let ratio = Float(other.averageLength / parameters.averageLength)
        return max(1, ratio) * Self.rounding
    }

    /// The bytes that they take.
    var byteCount: Int { 8 * slices.count }

    /// The bytes that those of a segment with so many documents take.
    static func byteCount(documentLimit: UInt32) -> Int {
        (Int(documentLimit) + 63) / 64 * 8 * sliceCount
    }
}
