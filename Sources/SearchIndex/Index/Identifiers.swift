/// A document's place in its segment, from 0; ascends with the order keys.
public struct DocumentNumber: Hashable, Comparable, Sendable {
    /// The number itself.
    public let rawValue: UInt32

    /// A document number.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// Compares the numbers.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A shard's place in its index, from 0.
public struct ShardNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself.
    public let rawValue: UInt32

    /// A shard number.
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// Compares the numbers.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The decimal number.
    public var description: String { String(rawValue) }
}

/// The number of a shard's manifest; every change of the shard raises it.
public struct Generation: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number itself; a bulk build writes 1.
    public let rawValue: UInt64

    /// A generation number.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Compares the numbers.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The decimal number.
    public var description: String { String(rawValue) }
}

/// What breaks ties between equal scores and names a hit: unique in an index, lower comes first.
public struct OrderKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The key itself; in a bulk build the input position of the document's line.
    public let rawValue: UInt64

    /// An order key.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Compares the keys.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The decimal number.
    public var description: String { String(rawValue) }
}

/// A field's place in the schema, from 0.
public struct FieldNumber: Hashable, Comparable, Sendable {
    /// The number itself.
    public let rawValue: UInt16

    /// A field number.
    public init(_ rawValue: UInt16) { self.rawValue = rawValue }

    /// Compares the numbers.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A term's UTF-8 bytes; terms compare, hash and sort as bytes, never as `String`.
public typealias TermBytes = [UInt8]

/// The random identity of a build; the shards of one build carry the same one.
public struct BuildID: Hashable, Sendable, CustomStringConvertible {
    /// The length of an identity in bytes.
    public static let byteCount = 16

    /// The 16 bytes.
    public let bytes: [UInt8]

    /// An identity of exactly 16 bytes; nil for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// Reads 32 hexadecimal digits, in lower or upper case; nil for anything else.
    public init?(_ text: String) {
        let digits = text.utf8.compactMap { Self.value(ofDigit: $0) }
        guard digits.count == 2 * Self.byteCount, text.utf8.count == digits.count else {
            return nil
        }
        self.bytes = (0..<Self.byteCount).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
    }

    /// A fresh identity from the system's random generator.
    public static func random() -> BuildID {
        var generator = SystemRandomNumberGenerator()
        return BuildID(
            unchecked: (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String { bytes.map(Hexadecimal.text).joined() }

    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Hexadecimal text of fixed width.
enum Hexadecimal {
    /// The lower-case digits of an integer, as many as its width has.
    static func text<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: Value.bitWidth / 4 - digits.count) + digits
    }
}
