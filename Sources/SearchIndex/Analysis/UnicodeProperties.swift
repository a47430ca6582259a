/// The word-break property of UAX #29, table 3; raw values are those of the generated table.
enum WordBreakClass: UInt8 {
    case other, carriageReturn, lineFeed, newline, extend, zeroWidthJoiner, format, katakana
    case hebrewLetter, letter, singleQuote, doubleQuote, midNumberLetter, midLetter, midNumber
    case numeric, extendNumberLetter, space, regionalIndicator
}

/// What the analyzers know about one scalar.
struct ScalarProperties {
    /// Class in bits 0-4, flags above, as `UnicodeTables.kindFlags` has them.
    fileprivate let flags: UInt8

    /// Alphabetic, Nd, Nl or No: Rust's `char::is_alphanumeric`.
    var isAlphanumeric: Bool { flags & 0x20 != 0 }
    /// Extended_Pictographic.
    var isPictographic: Bool { flags & 0x40 != 0 }
    /// Emoji_Presentation.
    var isEmoji: Bool { flags & 0x80 != 0 }
    /// The word-break class.
    var wordBreak: WordBreakClass { WordBreakClass(rawValue: flags & 0x1F) ?? .other }
}

/// The Unicode properties of every scalar, expanded from the generated run-length tables.
///
/// Two stages: blocks of 128 code points, equal blocks stored once (about 40 KB). The first use
/// expands them, in about a millisecond; immutable afterwards.
struct UnicodeProperties: Sendable {
    /// The one instance.
    static let shared = UnicodeProperties()

    private static let blockShift: UInt32 = 7
    private static let blockLength = 1 << 7

    /// Per block of code points, the offset of its kinds in `kinds`.
    private let blockStarts: [UInt16]
    private let kinds: [UInt8]

    private init() {
        var all: [UInt8] = []
        all.reserveCapacity(0x110000)
        for run in UnicodeTables.runs {
            let kind = UInt8(truncatingIfNeeded: run)
            all += [UInt8](repeating: kind, count: Int(run >> 8))
        }
        precondition(all.count == 0x110000, "generated table covers \(all.count) code points")
        var known: [[UInt8]: UInt16] = [:]
        var starts: [UInt16] = []
        var kinds: [UInt8] = []
        for first in stride(from: 0, to: all.count, by: Self.blockLength) {
            let block = Array(all[first..<first + Self.blockLength])
            if let start = known[block] {
                starts.append(start)
            } else {
                let start = UInt16(kinds.count)
                known[block] = start
                starts.append(start)
                kinds.append(contentsOf: block)
            }
        }
        self.blockStarts = starts
        self.kinds = kinds
    }

    /// The properties of `scalar`, at most 0x10FFFF.
    @inline(__always)
    func properties(of scalar: UInt32) -> ScalarProperties {
        ScalarProperties(flags: UnicodeTables.kindFlags[kind(of: scalar)])
    }

    /// The simple lowercase of `scalar`; U+0130, whose lowercase is two scalars, gives itself.
    @inline(__always)
    func lowercase(_ scalar: UInt32) -> UInt32 {
        let delta = UnicodeTables.kindLowercaseDeltas[kind(of: scalar)]
        return UInt32(truncatingIfNeeded: Int64(scalar) + Int64(delta))
    }

    @inline(__always)
    private func kind(of scalar: UInt32) -> Int {
        let start = blockStarts[Int(scalar >> Self.blockShift)]
        return Int(kinds[Int(start) + Int(scalar) & (Self.blockLength - 1)])
    }
}
