/// Encodes `Hits` of protobuf octet by octet, without making a message of each hit first.
///
/// Only hits without sort values and snippets; the octets are those that the general encoder makes
/// of the same hits (`HitsEncoderTests`). Every answer of a broker ends here, and a general encoder
/// walks each hit three times.
package struct HitsEncoder {
    private var frame: Frame = []

    /// An encoder with room for about so many hits.
    package init(hits: Int) {
        frame.reserveCapacity(hits * Self.usualBytes)
    }

    private static let usualBytes = 48

    /// What one hit is, as the message has it.
    package struct Hit {
        let id: ArraySlice<UInt8>
        let score: Float
        let index: String
        let shard: UInt32
        let orderKey: UInt64

        package init(
            id: ArraySlice<UInt8>, score: Float, index: String, shard: UInt32, orderKey: UInt64
        ) {
            self.id = id
            self.score = score
            self.index = index
            self.shard = shard
            self.orderKey = orderKey
        }
    }

    /// Numbers and wire types of the fields, one octet each (proto3 encoding guide, "message
    /// structure").
    private enum Key {
        static let hits: UInt8 = 1 << 3 | 2
        static let id: UInt8 = 1 << 3 | 2
        static let score: UInt8 = 2 << 3 | 5
        static let index: UInt8 = 3 << 3 | 2
        static let shard: UInt8 = 4 << 3
        static let orderKey: UInt8 = 5 << 3
    }

    /// Adds a hit behind those before it. The id must be ASCII; octets of other text may not be UTF-8,
    /// which no receiver would take.
    package mutating func append(_ hit: Hit) {
        frame.append(Key.hits)
        append(varint: UInt64(Self.byteCount(of: hit)))
        if !hit.id.isEmpty {
            frame.append(Key.id)
            append(varint: UInt64(hit.id.count))
            frame.append(contentsOf: hit.id)
        }
        if hit.score.bitPattern != 0 {
            frame.append(Key.score)
            var bits = hit.score.bitPattern
            for _ in 0..<4 {
                frame.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
            }
        }
        if !hit.index.isEmpty {
            frame.append(Key.index)
            append(varint: UInt64(hit.index.utf8.count))
            frame.append(contentsOf: hit.index.utf8)
        }
        append(Key.shard, UInt64(hit.shard))
        append(Key.orderKey, hit.orderKey)
    }

    /// The frame of all hits.
    package consuming func finish() -> Frame { frame }

    private static func byteCount(of hit: Hit) -> Int {
        func text(_ count: Int) -> Int {
            count == 0 ? 0 : 1 + varintBytes(UInt64(count)) + count
        }
        func number(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + varintBytes(value) }
        return text(hit.id.count) + (hit.score.bitPattern == 0 ? 0 : 5)
            + text(hit.index.utf8.count) + number(UInt64(hit.shard)) + number(hit.orderKey)
    }

    private mutating func append(_ key: UInt8, _ value: UInt64) {
        guard value != 0 else { return }
        frame.append(key)
        append(varint: value)
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7f {
            frame.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        frame.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func varintBytes(_ value: UInt64) -> Int {
        max(1, (UInt64.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }
}
