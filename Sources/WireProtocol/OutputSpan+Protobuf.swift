/// The fields of a protobuf message, written where there is room for them already (the encoding guide of
/// proto3). What is 0 or empty is left out. Numbers of fields are at most 15.
extension OutputSpan<UInt8> {
    /// A field's number and how its content is written.
    mutating func appendKey(_ field: UInt8, _ type: ProtobufWireType) {
        append(field << 3 | type.rawValue)
    }

    /// Seven bits an octet, the lowest first.
    mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7f {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number, unless it is 0.
    mutating func appendField(_ field: UInt8, _ value: UInt64) {
        if value != 0 { appendField(field, present: value) }
    }

    /// A number that is there also when it is 0.
    mutating func appendField(_ field: UInt8, present value: UInt64) {
        appendKey(field, .varint)
        append(varint: value)
    }

    /// The key of a message or of octets, and their number.
    mutating func appendField(_ field: UInt8, lengthOf count: Int) {
        appendKey(field, .lengthDelimited)
        append(varint: UInt64(count))
    }

    /// A float that is there also when it is 0.
    mutating func appendField(_ field: UInt8, presentFloat value: Float) {
        appendKey(field, .fixed32)
        var bits = value.bitPattern
        for _ in 0..<4 {
            append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
        }
    }
}
