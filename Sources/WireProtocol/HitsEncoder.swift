/// Encodes `Hits` of protobuf without making a message of each hit first.
///
/// Only hits without sort values and snippets; the octets are those that the general encoder makes
/// of the same hits (`HitsEncoderTests`). Nearly every answer of a broker ends here.
package struct HitsEncoder {
    /// The octets of `Hits` so far.
    private(set) var frame: Frame = []

    /// What the hits take so far, in octets.
    package var byteCount: Int { frame.count }

    /// An encoder of no hits.
    package init() {}

    /// What all hits of one shard have in common: the octets of their fields `index` and `shard`.
    package struct Place {
        fileprivate let fields: Frame

        /// - Parameter index: in UTF-8.
        package init(index: Frame, shard: UInt32) {
            var writer = ProtobufWriter(capacity: 16 + index.count)
            writer.append(3, index)
            writer.append(4, UInt64(shard))
            fields = writer.frame
        }
    }

    /// Adds hits of one shard behind those before them.
    ///
    /// - Parameters:
    ///   - rows: where the hits stand in `hits`.
    ///   - ids: what they point into. The ids must be ASCII; octets of other text may not be UTF-8, which
    ///     no receiver would take.
    ///   - score: of all of them, in place of their own; nil for those.
    /// - Complexity: O(octets); room is made once.
    package mutating func append(
        _ rows: Range<Int>, of hits: [PackedHit], ids: Frame, in place: Place, score: Float? = nil
    ) {
        var room = rows.count * (Self.mostOctets + place.fields.count)
        for row in rows { room += Int(hits[row].idLength) }
        frame.append(addingCapacity: room) { output in
            // A measured kernel: checked appends of single octets took twice the time. The cursor checks
            // that a hit has room before it writes it, and ids are read as spans, with checks.
            unsafe output.withUnsafeMutableBufferPointer { target, count in
                var cursor = unsafe OctetCursor(room: target.extracting(count...))
                for row in rows {
                    let hit = hits[row]
                    let start = Int(hit.idOffset)
                    let id = ids.span.extracting(start..<start + Int(hit.idLength))
                    unsafe cursor.put(
                        id, score ?? Float(hit.sortKey), place.fields.span, hit.orderKey)
                }
                unsafe count += cursor.position
            }
        }
    }

    /// What a hit takes at most beside its id and its place: four keys, two lengths, score and order key.
    private static let mostOctets = 4 + 2 * 5 + 4 + 10

    /// The frame of all hits.
    package consuming func finish() -> Frame { frame }

    /// Goes on with no hits, in the same memory if that is no more than most answers need.
    mutating func reset() {
        frame.removeAll(keepingCapacity: frame.capacity <= Self.mostKept)
    }

    private static let mostKept = 4_096
}

/// Writes hits into memory, as `ProtobufWriter` does fields into a frame: what is 0 or empty is left out.
@unsafe
private struct OctetCursor {
    /// Memory that is not initialised yet.
    let room: UnsafeMutableBufferPointer<UInt8>
    /// Octets written so far.
    private(set) var position = 0

    init(room: UnsafeMutableBufferPointer<UInt8>) {
        unsafe self.room = unsafe room
    }

    /// A hit. That there is room for its size is checked, and its fields write no more than that.
    @inline(__always)
    mutating func put(
        _ id: Span<UInt8>, _ score: Float, _ place: Span<UInt8>, _ orderKey: UInt64
    ) {
        let size =
            FieldSize.of(octets: id.count) + FieldSize.of(score) + place.count
            + FieldSize.of(orderKey)
        unsafe precondition(
            FieldSize.of(presentOctets: size) <= room.count - position,
            "an answer's frame is too short")
        unsafe putKey(1, .lengthDelimited)
        unsafe put(varint: UInt64(size))
        if !id.isEmpty {
            unsafe putKey(1, .lengthDelimited)
            unsafe put(varint: UInt64(id.count))
            unsafe put(id)
        }
        if score.bitPattern != 0 {
            unsafe putKey(2, .fixed32)
            unsafe UnsafeMutableRawPointer(room.baseAddress.unsafelyUnwrapped + position)
                .storeBytes(of: score.bitPattern.littleEndian, as: UInt32.self)
            unsafe position += 4
        }
        unsafe put(place)
        if orderKey != 0 {
            unsafe putKey(5, .varint)
            unsafe put(varint: orderKey)
        }
    }

    @inline(__always)
    private mutating func putKey(_ field: UInt8, _ type: ProtobufWireType) {
        unsafe put(field << 3 | type.rawValue)
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

    @inline(__always)
    private mutating func put(_ octet: UInt8) {
        unsafe (room.baseAddress.unsafelyUnwrapped + position).initialize(to: octet)
        unsafe position += 1
    }

    @inline(__always)
    private mutating func put(_ octets: Span<UInt8>) {
        unsafe octets.withUnsafeBufferPointer { octets in
            guard let source = octets.baseAddress else { return }
            unsafe (room.baseAddress.unsafelyUnwrapped + position).initialize(
                from: source, count: octets.count)
        }
        unsafe position += octets.count
    }
}
