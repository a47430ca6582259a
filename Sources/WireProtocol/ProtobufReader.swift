/// Reads one protobuf message field by field (the encoding guide of proto3), for the few messages that
/// every item passes through; the general decoder builds a tree of messages first.
///
/// It takes what `ProtobufWriter` makes and little else: whatever is not expected is nil, and the
/// message is then for the general decoder, which accepts it or says what is wrong.
package struct ProtobufReader {
    private let frame: Frame
    private var position: Int
    private let end: Int

    /// A reader of a whole frame.
    package init(_ frame: Frame) {
        self.frame = frame
        position = 0
        end = frame.count
    }

    private init(_ frame: Frame, _ range: Range<Int>) {
        self.frame = frame
        position = range.lowerBound
        end = range.upperBound
    }

    /// Whether all has been read.
    package var isAtEnd: Bool { position == end }

    /// The octets that have not been read.
    package var rest: ArraySlice<UInt8> { frame[position..<end] }

    /// The field that comes next, below 16; nil at the end, and for what no field begins with. Its
    /// content must be read next, as what it is.
    package mutating func nextField() -> UInt8? {
        guard position < end, frame[position] < 0x80 else { return nil }
        defer { position += 1 }
        return frame[position] >> 3
    }

    /// Whether the field just begun is of a wire type.
    private func isOf(_ type: ProtobufWireType) -> Bool {
        frame[position - 1] & 7 == type.rawValue
    }

    /// The number that the field just begun has; below 2^63.
    package mutating func number() -> UInt64? { isOf(.varint) ? varint() : nil }

    /// The number that the field just begun has, if 32 bits hold it.
    package mutating func number32() -> UInt32? { number().flatMap { UInt32(exactly: $0) } }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard position < end else { return nil }
            let octet = frame[position]
            position += 1
            value |= UInt64(octet & 0x7f) << shift
            if octet < 0x80 { return value }
        }
        return nil
    }

    /// The float that the field just begun has.
    package mutating func float() -> Float? {
        guard isOf(.fixed32), end - position >= 4 else { return nil }
        defer { position += 4 }
        return Float(bitPattern: LittleEndian.load(UInt32.self, from: frame.span, at: position))
    }

    /// The octets that the field just begun has.
    package mutating func octets() -> ArraySlice<UInt8>? { range().map { frame[$0] } }

    /// The message that the field just begun has.
    package mutating func message() -> ProtobufReader? {
        range().map { ProtobufReader(frame, $0) }
    }

    /// The next message of a list: of a message that has nothing but messages as its field 1. Nil for
    /// anything else, and at the end, for which `isAtEnd` must be asked first.
    package mutating func nextInList() -> ProtobufReader? { nextField() == 1 ? message() : nil }

    private mutating func range() -> Range<Int>? {
        guard isOf(.lengthDelimited), let length = varint(), length <= UInt64(end - position) else {
            return nil
        }
        let start = position
        position += Int(length)
        return start..<position
    }
}
