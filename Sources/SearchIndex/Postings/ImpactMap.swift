/// A byte for each document of a segment that bounds what a dense term adds to its score: the sum
/// over several such terms is compared with a threshold for eight documents at a time, and only
/// documents that may reach it are looked at.
///
/// Quantised impacts as in V. Anh and A. Moffat, "Impact transformation: effective and efficient
/// web retrieval", 2002, section 3, in steps of equal size, rounded up; ours only choose
/// candidates, whose scores are then computed. They are made under the norms of the day; bounds
/// under others are wider, see `widening`.
struct ImpactMap: Sendable {
    /// By document: 0 without the term, else at least `greatest` times the saturated frequency. Zeros
    /// up to a multiple of eight behind.
    private(set) var codes: [UInt8]
    /// The norms that the saturated frequencies were computed with.
    private let parameters: NormParameters

    /// The code of a saturated frequency of 1.
    static let greatest: Float = 127
    /// Above what `Float` may have rounded in norms and saturated frequencies.
    private static let rounding: Float = 1 + 16 * Float.ulpOfOne

    /// A map without documents.
    init(documentLimit: UInt32, _ parameters: NormParameters) {
        codes = [UInt8](repeating: 0, count: (Int(documentLimit) + 7) / 8 * 8)
        self.parameters = parameters
    }

    /// Adds a document with a saturated frequency from 0 to 1.
    mutating func insert(_ document: UInt32, ratio: Float) {
        codes[Int(document)] = UInt8(max(1, (ratio * Self.greatest).rounded(.up)))
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

    /// The bytes that it takes.
    var byteCount: Int { codes.count }
}

/// When a sum of weighted impact codes can reach what is needed, in whole numbers of 16 bits.
struct ImpactThreshold {
    /// What the codes of each map are multiplied by.
    let weights: [Int16]
    /// What the sum must reach; above every sum when none can.
    let least: Int16

    /// The greatest sum of the weights: times the greatest code it is below 2^15.
    private static let scale: Double = 256

    /// The threshold for some weights, each of what saturated frequencies are multiplied by to bound
    /// contributions, beside which `rest` can be added.
    ///
    /// Weights are rounded up, and what is needed down by more than `Float` may have rounded.
    init(_ factors: [Float], needed: Float, rest: Float) {
        let sum = factors.reduce(0) { $0 + Double($1) }
        guard sum > 0, sum.isFinite, needed > -.infinity else {
            weights = factors.map { _ in 0 }
            least = 0
            return
        }
        let unit = (Self.scale - Double(factors.count)) / sum
        weights = factors.map { Int16((Double($0) * unit).rounded(.up)) }
        let wanted = (Double(needed) - Double(rest)) * unit * Double(ImpactMap.greatest)
        let rounded = wanted - abs(wanted) * 1e-5 - 1
        least = Int16(max(0, min(Double(Int16.max), rounded)).rounded(.down))
    }
}
