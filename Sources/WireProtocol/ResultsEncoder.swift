/// Encodes `Results` answer by answer.
///
/// The octets are those that the general encoder makes of the same answers (`ResultsEncoderTests`).
package struct ResultsEncoder {
    private var writer = ProtobufWriter(capacity: 0)
    /// In which form the answers are; any, before the first.
    package private(set) var codec = WireCodec.protobuf
    /// The hits of the next answer, in protobuf.
    package var hits = HitsEncoder()

    /// An encoder of no answers.
    package init() {}

    /// What the answers take so far, in octets.
    package var byteCount: Int { writer.frame.count }

    /// Adds an answer with the hits in `hits`, which begins anew; the answers before it are in protobuf.
    ///
    /// - Parameters:
    ///   - request: the id of its SUBMIT.
    ///   - index: of its item there.
    package mutating func append(request: UInt64, index: UInt32, meta: PlainResult) {
        codec = .protobuf
        let size = meta.byteCount
        begin(request, index, metaBytes: size, hitsBytes: hits.frame.count)
        writer.append(3, messageOf: size)
        let start = writer.frame.count
        meta.write(to: &writer)
        precondition(writer.frame.count == start + size, "the length of a meta was wrong")
        writer.append(4, present: hits.frame)
        hits.reset()
    }

    /// Adds an answer of a `ResultMeta` and `Hits` that are encoded already, as those before it are.
    package mutating func append(
        request: UInt64, index: UInt32, meta: Frame, hits: Frame, in codec: WireCodec
    ) {
        self.codec = codec
        guard codec == .protobuf else {
            let number = index == 0 ? "" : #""index":\#(index),"#
            writer.append(text: byteCount == 0 ? Self.opening : ",")
            writer.append(text: #"{"request":\#(request),\#(number)"meta":"#)
            writer.append(fields: meta)
            writer.append(text: #","hits":"#)
            writer.append(fields: hits)
            return writer.append(text: "}")
        }
        begin(request, index, metaBytes: meta.count, hitsBytes: hits.count)
        writer.append(3, present: meta)
        writer.append(4, present: hits)
    }

    private static let opening = #"{"answers":["#

    private mutating func begin(
        _ request: UInt64, _ index: UInt32, metaBytes: Int, hitsBytes: Int
    ) {
        let size =
            FieldSize.of(request) + FieldSize.of(UInt64(index))
            + FieldSize.of(presentOctets: metaBytes) + FieldSize.of(presentOctets: hitsBytes)
        writer.append(1, messageOf: size)
        writer.append(1, request)
        writer.append(2, UInt64(index))
    }

    /// The message of all answers since it was last taken.
    package mutating func take() -> Frame {
        if codec == .json { writer.append(text: "]}") }
        return writer.take()
    }
}
