/// Encodes `Hits` of protobuf without making a message of each hit first.
///
/// Only hits without sort values and snippets; the octets are those that the general encoder makes
/// of the same hits (`HitsEncoderTests`). Every answer of a broker ends here.
package struct HitsEncoder {
    private var writer: ProtobufWriter

    /// An encoder with room for about so many hits.
    package init(hits: Int) {
        writer = ProtobufWriter(capacity: hits * Self.usualBytes)
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

    /// Adds a hit behind those before it. The id must be ASCII; octets of other text may not be UTF-8,
    /// which no receiver would take.
    package mutating func append(_ hit: Hit) {
        writer.append(
            1,
            message: { writer in
                writer.append(1, hit.id)
                writer.append(2, float: hit.score)
                writer.append(3, hit.index)
                writer.append(4, UInt64(hit.shard))
                writer.append(5, hit.orderKey)
            })
    }

    /// The frame of all hits.
    package consuming func finish() -> Frame { writer.frame }
}
