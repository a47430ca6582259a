/// Encodes `Hits` of protobuf without making a message of each hit first.
///
/// Only hits without sort values and snippets; the octets are those that the general encoder makes
/// of the same hits (`HitsEncoderTests`). Every answer of a broker ends here.
package struct HitsEncoder {
    private var frame: Frame = []

    /// An encoder with room for about so many hits.
    package init(hits: Int) {
        frame.reserveCapacity(hits * Self.usualBytes)
    }

    private static let usualBytes = 48

    /// Adds a hit behind those before it, with the content of the message's fields.
    ///
    /// The lengths come first, so that room is made and checked once and the octets follow one another.
    ///
    /// - Parameters:
    ///   - id: where the id stands in `ids`. It must be ASCII; octets of other text may not be UTF-8, which
    ///     no receiver would take.
    ///   - index: in UTF-8.
    package mutating func append(
        id: Range<Int>, of ids: Frame, score: Float, index: Frame, shard: UInt32, orderKey: UInt64
    ) {
        let id = ids.span.extracting(id)
        let byteCount =
            FieldSize.of(octets: id.count) + FieldSize.of(score)
            + FieldSize.of(octets: index.count) + FieldSize.of(UInt64(shard))
            + FieldSize.of(orderKey)
        let total = FieldSize.of(presentOctets: byteCount)
        frame.append(addingCapacity: total) { output in
            // A measured kernel: checked appends of single octets took twice the time. The cursor checks
            // that a field has room before it writes it.
            unsafe output.withUnsafeMutableBufferPointer { target, count in
                var cursor = unsafe OctetCursor(room: target.extracting(count...))
                unsafe cursor.putKey(1, .lengthDelimited, count: byteCount)
                unsafe cursor.putField(1, id)
                unsafe cursor.putField(2, score)
                unsafe cursor.putField(3, index.span)
                unsafe cursor.putField(4, UInt64(shard))
                unsafe cursor.putField(5, orderKey)
                unsafe precondition(cursor.position == total, "a length was wrong")
                count += total
            }
        }
    }

    /// The frame of all hits.
    package consuming func finish() -> Frame { frame }
}

/// What a field takes, 0 where it is left out.
private enum FieldSize {
    static func of(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + of(varint: value) }

    static func of(_ value: Float) -> Int { value.bitPattern == 0 ? 0 : 5 }

    static func of(octets count: Int) -> Int { count == 0 ? 0 : of(presentOctets: count) }

    /// Of octets or a message that are there also when they are empty.
    static func of(presentOctets count: Int) -> Int { 1 + of(varint: UInt64(count)) + count }

    static func of(varint value: UInt64) -> Int {
        (UInt64.bitWidth - (value | 1).leadingZeroBitCount + 6) / 7
    }
}

/// Writes fields of protobuf into memory, as `ProtobufWriter` does into a frame: what is 0 or empty is left
/// out. Each field is preceded by one check that it has room, by its size.
@unsafe
private struct OctetCursor {
    /// Memory that is not initialised yet.
    let room: UnsafeMutableBufferPointer<UInt8>
    /// Octets written so far.
    private(set) var position = 0

    init(room: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.room = unsafe room
    }

    /// A field that begins a message or text of so many octets.
    mutating func putKey(_ field: UInt8, _ type: ProtobufWireType, count: Int) {
        unsafe makeSure(1 + FieldSize.of(varint: UInt64(count)))
        unsafe put(field << 3 | type.rawValue)
        unsafe put(varint: UInt64(count))
    }

    mutating func putField(_ field: UInt8, _ value: UInt64) {
        guard value != 0 else { return }
        unsafe makeSure(FieldSize.of(value))
        unsafe put(field << 3 | ProtobufWireType.varint.rawValue)
        unsafe put(varint: value)
    }

    mutating func putField(_ field: UInt8, _ value: Float) {
        guard value.bitPattern != 0 else { return }
        unsafe makeSure(FieldSize.of(value))
        unsafe put(field << 3 | ProtobufWireType.fixed32.rawValue)
        var bits = value.bitPattern
        for _ in 0..<4 {
            unsafe put(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
        }
    }

    mutating func putField(_ field: UInt8, _ octets: Span<UInt8>) {
        guard !octets.isEmpty else { return }
        unsafe makeSure(FieldSize.of(presentOctets: octets.count))
        unsafe put(field << 3 | ProtobufWireType.lengthDelimited.rawValue)
        unsafe put(varint: UInt64(octets.count))
        for place in octets.indices { unsafe put(octets[place]) }
    }

    private func makeSure(_ size: Int) {
        unsafe precondition(size <= room.count - position, "an answer's frame is too short")
    }

    @inline(__always)
    private mutating func put(varint value: UInt64) {
        var rest = value
        while rest > 0x7f {
            unsafe put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        unsafe put(UInt8(truncatingIfNeeded: rest))
    }

    /// There is room: `makeSure` was asked for the whole field.
    @inline(__always)
    private mutating func put(_ octet: UInt8) {
        unsafe (room.baseAddress.unsafelyUnwrapped + position).initialize(to: octet)
        unsafe position += 1
    }
}
