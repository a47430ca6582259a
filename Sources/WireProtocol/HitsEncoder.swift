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

    /// Adds a hit behind those before it, with the content of the message's fields. The id must be ASCII;
    /// octets of other text may not be UTF-8, which no receiver would take.
    package mutating func append(
        id: ArraySlice<UInt8>, score: Float, index: String, shard: UInt32, orderKey: UInt64
    ) {
        writer.append(
            1,
            message: { writer in
                writer.append(1, id)
                writer.append(2, float: score)
                writer.append(3, index)
                writer.append(4, UInt64(shard))
                writer.append(5, orderKey)
            })
    }

    /// The frame of all hits.
    package consuming func finish() -> Frame { writer.frame }
}
