/// A set of Unicode scalars as ranges of code points; surrogates are never members.
struct ScalarSet: Hashable {
    /// The largest code point.
    static let maximum: UInt32 = 0x10FFFF
    /// All scalars.
    static let all = ScalarSet([0...maximum])

    /// Ascending, apart from each other.
    private(set) var ranges: [ClosedRange<UInt32>] = []

    /// The union of `ranges`, which may overlap and come in any order.
    init(_ ranges: [ClosedRange<UInt32>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
                let end = max(last.upperBound, range.upperBound)
                self.ranges[self.ranges.count - 1] = last.lowerBound...end
            } else {
                self.ranges.append(range)
            }
        }
    }

    /// All scalars that are not in the set.
    var inverted: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= Self.maximum { result.append(next...Self.maximum) }
        return ScalarSet(result)
    }
}

/// The UTF-8 forms of a set of scalars as sequences of byte ranges.
///
/// Every scalar's form is in the product of exactly one sequence, and no other bytes are. The
/// method is that of Russ Cox, "Regular Expression Matching in the Wild" (2010), section "UTF-8":
/// split at the borders of the lengths, then where continuation bytes are not the whole range.
struct UTF8Sequences {
    /// The ranges of the bytes of a form, first byte first; 1 to 4.
    private(set) var sequences: [[ClosedRange<UInt8>]] = []

    init(_ set: ScalarSet) {
        for range in set.ranges {
            add(range.lowerBound, min(range.upperBound, 0xD7FF))
            add(max(range.lowerBound, 0xE000), range.upperBound)
        }
    }

    private mutating func add(_ low: UInt32, _ high: UInt32) {
        var low = low
        // Step 1: one length at a time.
        for limit: UInt32 in [0x7F, 0x7FF, 0xFFFF, ScalarSet.maximum] where low <= min(limit, high)
        {
            addOneLength(low, min(limit, high))
            low = limit + 1
        }
    }

    /// Step 2: cuts where the first bytes differ and the ones behind are not all of 80...BF.
    private mutating func addOneLength(_ low: UInt32, _ high: UInt32) {
        var stack = [(low, high)]
        while let (low, high) = stack.popLast() {
            if let cut = Self.cut(low, high) {
                stack.append((cut, high))
                stack.append((low, cut - 1))
            } else {
                sequences.append(zip(Self.bytes(low), Self.bytes(high)).map { $0...$1 })
            }
        }
    }

    /// Where the upper part of a range starts that is no product of byte ranges; nil for one that is.
    private static func cut(_ low: UInt32, _ high: UInt32) -> UInt32? {
        guard high > 0x7F else { return nil }
        for shift: UInt32 in [6, 12, 18] {
            let mask: UInt32 = 1 << shift - 1
            guard low & ~mask != high & ~mask else { continue }
            if low & mask != 0 { return (low | mask) + 1 }
            if high & mask != mask { return high & ~mask }
        }
        return nil
    }

    private static func bytes(_ scalar: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        UTF8Encoder.encode(scalar) { bytes.append($0) }
        return bytes
    }
}
