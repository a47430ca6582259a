/// A document within one segment, from 0, in ascending order of its order key.
public struct DocumentNumber: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static func < (left: DocumentNumber, right: DocumentNumber) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A shard of an index, from 0.
public struct ShardNumber: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static func < (left: ShardNumber, right: ShardNumber) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A state of a shard: one more with every change of its segments, from 1.
public struct Generation: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static func < (left: Generation, right: Generation) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What breaks ties between equal scores: assigned once, in a bulk build the document's position in
/// the input. Unique within an index; the lower key comes first.
public struct OrderKey: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public static func < (left: OrderKey, right: OrderKey) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The build of an index: 16 random bytes, shown as 32 hexadecimal digits. Shards of different
/// builds are never searched together.
public struct BuildID: Hashable, Sendable, CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public let description: String

    /// A new build.
    public init(using generator: inout some RandomNumberGenerator) {
        let halves = (generator.next(), generator.next()) as (UInt64, UInt64)
        description = Self.digits(halves.0) + Self.digits(halves.1)
    }

    /// From its text; nil if that is not 32 lower-case hexadecimal digits.
    public init?(_ text: String) {
        let isDigits = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard text.utf8.count == 32, isDigits else { return nil }
        description = text
    }

    private static func digits(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}

/// The size of one text or keyword field over a whole index.
public struct FieldStatistics: Hashable, Sendable {
    public let name: String
    /// Tokens of all documents together.
    public let tokens: UInt64

    public init(name: String, tokens: UInt64) {
        self.name = name
        self.tokens = tokens
    }
}

/// What scores depend on besides the documents themselves: the same for every shard of an index, so
/// that any number of shards scores like one.
public struct CollectionStatistics: Hashable, Sendable {
    /// Documents physically present.
    public let documents: UInt64
    /// One for each indexed field, in the schema's order.
    public let fields: [FieldStatistics]

    public init(documents: UInt64, fields: [FieldStatistics]) {
        self.documents = documents
        self.fields = fields
    }

    /// Tokens in a field; 0 if there is no such field.
    public func tokens(in field: String) -> UInt64 {
        fields.first { $0.name == field }?.tokens ?? 0
    }
}
