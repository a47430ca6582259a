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

    /// Adds a hit behind those before it, with the content of the message's fields.
    ///
    /// The lengths come first, so that the octets follow one another without a look back or a check of
    /// room for each field.
    ///
    /// - Parameters:
    ///   - id: where the id stands in `ids`. It must be ASCII; octets of other text may not be UTF-8, which
    ///     no receiver would take.
    ///   - index: in UTF-8.
    package mutating func append(
        id: Range<Int>, of ids: Frame, score: Float, index: Frame, shard: UInt32, orderKey: UInt64
    ) {
        let hasScore = score.bitPattern != 0
        let byteCount =
            ProtobufSize.ofField(octets: id.count) + (hasScore ? ProtobufSize.ofFloat : 0)
            + ProtobufSize.ofField(octets: index.count) + ProtobufSize.ofField(UInt64(shard))
            + ProtobufSize.ofField(orderKey)
        writer.append(1, messageOf: byteCount) { output in
            output.appendField(1, ids.span.extracting(id))
            if hasScore { output.appendField(2, presentFloat: score) }
            output.appendField(3, index.span)
            output.appendField(4, UInt64(shard))
            output.appendField(5, orderKey)
        }
    }

    /// The frame of all hits.
    package consuming func finish() -> Frame { writer.frame }
}
