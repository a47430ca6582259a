/// The first sixteen bytes of a string, as two words from their lowest byte up; bytes that it does
/// not have are 0.
struct TermHead: Sendable, Equatable {
    /// The most bytes of a string that its head and its length say all about.
    static let byteCount = 16

    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0

    /// The head of the empty string.
    init() {}

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The head of the `count` bytes from `place` on, with `bits` set in each, of a text of at least
    /// sixteen.
    ///
    /// The length, which nobody can foresee, decides no branch.
    @inline(__always)
    init(_ text: Span<UInt8>, at place: Int, count: Int, setting bits: UInt64) {
        let last = text.count - Self.byteCount
        if place <= last {
            low = text.loadInteger(at: place, as: UInt64.self)
            high = text.loadInteger(at: place + 8, as: UInt64.self)
        } else {
            // The last sixteen bytes, without those in front of the place.
            let all =
                UInt128(text.loadInteger(at: last + 8, as: UInt64.self)) << 64
                | UInt128(text.loadInteger(at: last, as: UInt64.self))
            let rest = all >> UInt128(8 * (place - last))
            low = UInt64(truncatingIfNeeded: rest)
            high = UInt64(truncatingIfNeeded: rest >> 64)
        }
        // How many bytes are behind the eighth, and how many are missing in front of it.
        let more = count &- 8
        let sign = more >> 63
        low = (low | bits) & Self.mask(8 &+ (more & sign))
        high = (high | bits) & Self.mask(more & ~sign)
    }

    /// The head of any string.
    init(_ bytes: Span<UInt8>) {
        if bytes.count >= Self.byteCount {
            low = bytes.loadInteger(at: 0, as: UInt64.self)
            high = bytes.loadInteger(at: 8, as: UInt64.self)
        } else if bytes.count >= 8 {
            low = bytes.loadInteger(at: 0, as: UInt64.self)
            let last = bytes.loadInteger(at: bytes.count - 8, as: UInt64.self)
            high = (last >> UInt64(8 * (15 - bytes.count))) >> 8
        } else {
            for index in bytes.indices { low |= UInt64(bytes[index]) << UInt64(8 * index) }
        }
    }

    /// The low `count` bytes of a word, at most 8.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        // In two steps, as none is of 64 bits.
        let half = UInt64(truncatingIfNeeded: count) &* 4
        return ~((.max &<< half) &<< half)
    }

    /// Appends the bytes of a string of `count` bytes, at most sixteen.
    func append(count: Int, to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: count) { output in
            for index in 0..<count {
                let word = index < 8 ? low : high
                output.append(UInt8(truncatingIfNeeded: word &>> UInt64(8 * (index & 7))))
            }
        }
    }
}
