/// A pair that no posting of a block or term beats in both parts at once.
///
/// For every posting there is a pair with at least its frequency and at most its length, so the
/// best score among the pairs bounds the scores of the postings under any statistics, as long as
/// scores grow with the frequency and fall with the length.
public struct ScoreBound: Hashable, Sendable {
    /// The frequency, at least 1; `UInt32.max` stands for any.
    public let frequency: UInt32
    /// The code of the document's length in the field.
    public let lengthCode: LengthCode

    /// A pair.
    public init(frequency: UInt32, lengthCode: LengthCode) {
        self.frequency = frequency
        self.lengthCode = lengthCode
    }

    /// The stored frequency that stands for any.
    static let anyFrequency: UInt8 = .max
    /// The bytes of a stored pair.
    static let byteCount = 2

    /// Reads a pair; a stored frequency of zero counts as 1.
    @inline(__always)
    init(_ bytes: Span<UInt8>, at byteOffset: Int) {
        let stored = bytes[byteOffset]
        frequency = stored == Self.anyFrequency ? .max : UInt32(max(1, stored))
        lengthCode = LengthCode(rawValue: bytes[byteOffset + 1])
    }

    /// Appends the stored form.
    func append(to bytes: inout [UInt8]) {
        bytes.append(UInt8(clamping: frequency))
        bytes.append(lengthCode.rawValue)
    }
}

/// Collects the undominated pairs of postings.
struct ScoreBoundBuilder {
    /// The lowest length code met with each frequency; the last entry stands for all from 255 on.
    private var lowestCode = [Int](repeating: Int.max, count: 256)
    private var highest = 0

    /// Adds a posting.
    mutating func insert(frequency: UInt32, lengthCode: UInt8) {
        let slot = Int(min(frequency, UInt32(ScoreBound.anyFrequency)))
        lowestCode[slot] = min(lowestCode[slot], Int(lengthCode))
        highest = max(highest, slot)
    }

    /// At most `limit` pairs, frequencies and length codes ascending; then starts anew.
    ///
    /// Where there are more undominated pairs, neighbours with the closest codes are merged into
    /// the greater frequency with the lower code, down to maximum frequency with minimum length.
    mutating func finish(limit: Int) -> [ScoreBound] {
        var pairs = takeUndominated()
        while pairs.count > limit { Self.mergeClosest(&pairs) }
        return pairs.map(\.bound)
    }

    /// The pair that `score` rates highest, as a posting has it, then at most `limit` - 1 for all
    /// other postings, merged where there are more; then starts anew.
    mutating func finish(limit: Int, bestBy score: (ScoreBound) -> Float) -> [ScoreBound] {
        var pairs = takeUndominated()
        var best = 0
        var highest: Float = -1
        for (index, pair) in pairs.enumerated() {
            let own = score(pair.bound)
            if own > highest { (best, highest) = (index, own) }
        }
        let first = pairs.remove(at: best)
        while pairs.count > limit - 1 { Self.mergeClosest(&pairs) }
        return [first.bound] + pairs.map(\.bound)
    }

    /// A pair that no other beats, its frequency cut to what is stored.
    private struct Pair {
        let frequency: Int
        var code: Int

        var bound: ScoreBound {
            ScoreBound(
                frequency: frequency == Int(ScoreBound.anyFrequency) ? .max : UInt32(frequency),
                lengthCode: LengthCode(rawValue: UInt8(code)))
        }
    }

    /// All undominated pairs, frequencies ascending; then starts anew.
    private mutating func takeUndominated() -> [Pair] {
        var pairs: [Pair] = []
        var lowest = Int.max
        for frequency in stride(from: highest, through: 0, by: -1)
        where lowestCode[frequency] < lowest {
            lowest = lowestCode[frequency]
            pairs.append(Pair(frequency: frequency, code: lowest))
        }
        for slot in 0...highest { lowestCode[slot] = Int.max }
        highest = 0
        return pairs.reversed()
    }

    private static func mergeClosest(_ pairs: inout [Pair]) {
        var best = 0
        for index in 0..<pairs.count - 1
        where pairs[index + 1].code - pairs[index].code
            < pairs[best + 1].code - pairs[best].code
        {
            best = index
        }
        pairs[best + 1].code = pairs[best].code
        pairs.remove(at: best)
    }
}
