/// A document's length in a field, in tokens, as one byte that grows with it.
///
/// Lengths up to 40 are exact; above, the code keeps four significant bits and rounds down. This
/// is Lucene's `SmallFloat.intToByte4` and gives the same 256 values as Tantivy's field norms.
public struct LengthCode: Hashable, Comparable, Sendable {
    /// The number of codes.
    public static let count = 256

    /// The code.
    public let rawValue: UInt8

    /// A code as stored.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The code of a length: the greatest whose length is not above it.
    public init(length: UInt32) {
        let bounded = min(length, UInt32(Int32.max))
        if bounded < Self.exactCodes {
            rawValue = UInt8(bounded)
        } else {
            rawValue = UInt8(Self.exactCodes + Self.encode(bounded - Self.exactCodes))
        }
    }

    /// The length that the code stands for.
    public var length: UInt32 {
        let code = UInt32(rawValue)
        if code < Self.exactCodes { return code }
        return Self.exactCodes + Self.decode(code - Self.exactCodes)
    }

    /// The lengths of all codes, indexed by code.
    public static let lengths: [UInt32] = (0..<count).map {
        LengthCode(rawValue: UInt8($0)).length
    }

    /// Compares the codes, and with them the lengths.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Codes below the number of those that the greatest length leaves free stand for themselves.
    private static let exactCodes = 255 - encode(UInt32(Int32.max))

    /// Four significant bits, the highest of them implied: exponent above, three bits below.
    private static func encode(_ value: UInt32) -> UInt32 {
        let bits = UInt32(32 - value.leadingZeroBitCount)
        if bits < 4 { return value }
        let shift = bits - 4
        return (value >> shift & 7) | (shift + 1) << 3
    }

    private static func decode(_ code: UInt32) -> UInt32 {
        let bits = code & 7
        return code < 8 ? bits : (bits | 8) << (code >> 3 - 1)
    }
}
