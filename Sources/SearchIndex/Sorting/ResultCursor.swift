/// The place of a hit in an answer, as a short text that the next page is asked with.
///
/// The text is base64url of: version 1; the number of sort values; without any, the score as four
/// bytes; each value as a kind and eight bytes, or a kind and counted bytes of text; the order key;
/// the id, counted; the name of the index. Integers are little-endian, counts LEB128. It holds all
/// that decides the order, so pages neither repeat nor miss hits.
public struct ResultCursor: Sendable, Hashable {
    /// The most bytes of a text that is read.
    public static let maximumTokenBytes = 1 << 14

    /// The score; 0 in a list sorted by columns.
    public let score: Float
    /// One value per sort key, and the order key.
    public let tuple: SortTuple
    /// The document's id, UTF-8 bytes.
    public let id: ArraySlice<UInt8>
    /// The name of the index that the document is in.
    public let index: String

    /// The place of a hit.
    public init(score: Float, tuple: SortTuple, id: ArraySlice<UInt8>, index: String) {
        self.score = score
        self.tuple = tuple
        self.id = id
        self.index = index
    }

    /// The place in a list ranked by scores.
    public var scorePlace: ScorePlace { ScorePlace(score: score, orderKey: tuple.orderKey) }

    /// The text.
    public var token: String { Base64URL.text(of: encoded) }

    /// The text, as ASCII.
    package var encodedToken: [UInt8] { Base64URL.digits(of: encoded) }

    private var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + id.count + index.utf8.count)
        bytes.append(Self.version)
        bytes.append(UInt8(clamping: tuple.values.count))
        if tuple.values.isEmpty { bytes.appendInteger(score.bitPattern) }
        for value in tuple.values { Self.append(value, to: &bytes) }
        bytes.appendInteger(tuple.orderKey.rawValue)
        bytes.appendVarint(UInt64(id.count))
        bytes += id
        bytes += index.utf8
        return bytes
    }

    /// Reads a text.
    ///
    /// - Parameter keys: those the hits are sorted by; none for the order of scores.
    /// - Throws: `cursor` when it is none or one of another order. Whether its values are of the
    ///   kinds of the fields is for the search to check.
    public init(token: String, keys: [SortKey]) throws(SortError) {
        guard token.utf8.count <= Self.maximumTokenBytes, let bytes = Base64URL.bytes(of: token),
            let cursor = Self(decoding: bytes), !cursor.score.isNaN
        else { throw SortError(.cursor) }
        guard cursor.tuple.values.count == keys.count else {
            throw SortError(.numberOfValues(cursor.tuple.values.count, keys: keys.count))
        }
        self = cursor
    }
}

// The bytes.
extension ResultCursor {
    private static let version: UInt8 = 1

    /// The kinds of values.
    private enum Kind: UInt8 {
        case missing, text, integer, double, bool, date
    }

    private static func append(_ value: FieldValue?, to bytes: inout [UInt8]) {
        switch value {
        case nil: bytes.append(Kind.missing.rawValue)
        case .text(let text):
            bytes.append(Kind.text.rawValue)
            bytes.appendVarint(UInt64(text.count))
            bytes += text
        case .integer(let value): append(.integer, UInt64(bitPattern: value), to: &bytes)
        case .double(let value): append(.double, value.bitPattern, to: &bytes)
        case .bool(let value): append(.bool, value ? 1 : 0, to: &bytes)
        case .date(let value): append(.date, UInt64(bitPattern: value), to: &bytes)
        }
    }

    private static func append(_ kind: Kind, _ bits: UInt64, to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes.appendInteger(bits)
    }

    /// Nil for bytes that are no cursor.
    private init?(decoding bytes: [UInt8]) {
        var cursor = ByteCursor()
        do throws(Malformed) {
            guard try cursor.integer(bytes.span, as: UInt8.self) == Self.version else { return nil }
            let count = try cursor.integer(bytes.span, as: UInt8.self)
            guard Int(count) <= SortKey.maximumKeys else { return nil }
            score = count > 0 ? 0 : Float(bitPattern: try cursor.integer(bytes.span))
            var values: [FieldValue?] = []
            for _ in 0..<count {
                guard let value = try Self.value(bytes, &cursor) else { return nil }
                values.append(value)
            }
            tuple = SortTuple(values: values, orderKey: OrderKey(try cursor.integer(bytes.span)))
            id = try Self.counted(bytes, &cursor)[...]
        } catch {
            return nil
        }
        guard let name = String(validating: bytes[cursor.byteOffset...], as: UTF8.self) else {
            return nil
        }
        index = name
    }

    /// A value, which may be missing; nil for a kind that there is not.
    private static func value(
        _ bytes: [UInt8], _ cursor: inout ByteCursor
    ) throws(Malformed) -> FieldValue?? {
        guard let kind = Kind(rawValue: try cursor.integer(bytes.span)) else { return nil }
        switch kind {
        case .missing: return .some(nil)
        case .text: return .text(try counted(bytes, &cursor))
        case .integer: return .integer(try cursor.integer(bytes.span))
        case .double: return .double(Double(bitPattern: try cursor.integer(bytes.span)))
        case .bool:
            let bits: UInt64 = try cursor.integer(bytes.span)
            return bits > 1 ? nil : .bool(bits == 1)
        case .date: return .date(try cursor.integer(bytes.span))
        }
    }

    private static func counted(
        _ bytes: [UInt8], _ cursor: inout ByteCursor
    ) throws(Malformed) -> [UInt8] {
        let count = try cursor.length(bytes.span, limit: bytes.count, of: "a length")
        let start = try cursor.skip(count, bytes.span)
        return Array(bytes[start..<start + count])
    }
}
