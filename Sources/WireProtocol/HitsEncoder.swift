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
            ProtobufSize.ofField(octets: id.count) + ProtobufSize.ofField(score)
            + ProtobufSize.ofField(octets: index.count) + ProtobufSize.ofField(UInt64(shard))
            + ProtobufSize.ofField(orderKey)
        let total = ProtobufSize.ofPresent(octets: byteCount)
        frame.append(addingCapacity: total) { output in
            // A measured kernel: checked appends of single octets took five times the instructions.
            unsafe output.withUnsafeMutableBufferPointer { target, count in
                guard let start = target.baseAddress else { return }
                // There is room for `total` octets, the sum of exactly the fields that are written.
                var cursor = unsafe OctetCursor(next: start + count)
                unsafe cursor.putKey(1, .lengthDelimited)
                unsafe cursor.put(varint: UInt64(byteCount))
                unsafe cursor.putField(1, id)
                unsafe cursor.putField(2, score)
                unsafe cursor.putField(3, index.span)
                unsafe cursor.putField(4, UInt64(shard))
                unsafe cursor.putField(5, orderKey)
                unsafe precondition(cursor.next == start + count + total, "a length was wrong")
                count += total
            }
        }
    }

    /// The frame of all hits.
    package consuming func finish() -> Frame { frame }
}

/// Writes fields of protobuf where there is room, as `OutputSpan` does, without checks.
@unsafe
private struct OctetCursor {
    /// Where the next octet goes; whoever writes knows that it is within the memory.
    var next: UnsafeMutablePointer<UInt8>

    @inline(__always)
    mutating func put(_ octet: UInt8) {
        unsafe next.initialize(to: octet)
        unsafe next += 1
    }

    @inline(__always)
    mutating func putKey(_ field: UInt8, _ type: ProtobufWireType) {
        unsafe put(field << 3 | type.rawValue)
    }

    @inline(__always)
    mutating func put(varint value: UInt64) {
        var rest = value
        while rest > 0x7f {
            unsafe put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        unsafe put(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func putField(_ field: UInt8, _ value: UInt64) {
        guard value != 0 else { return }
        unsafe putKey(field, .varint)
        unsafe put(varint: value)
    }

    @inline(__always)
    mutating func putField(_ field: UInt8, _ value: Float) {
        guard value.bitPattern != 0 else { return }
        unsafe putKey(field, .fixed32)
        var bits = value.bitPattern
        for _ in 0..<4 {
            unsafe put(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
        }
    }

    @inline(__always)
    mutating func putField(_ field: UInt8, _ octets: Span<UInt8>) {
        guard !octets.isEmpty else { return }
        unsafe putKey(field, .lengthDelimited)
        unsafe put(varint: UInt64(octets.count))
        unsafe octets.withUnsafeBufferPointer { source in
            for position in 0..<source.count { unsafe put(source[position]) }
        }
    }
}
