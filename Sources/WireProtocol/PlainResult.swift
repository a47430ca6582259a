package import WireMessages

/// The `ResultMeta` of an answer all of whose shards are ok, without explanation and profile; or of one
/// that is not the last of its item, which has `firstHit` alone.
package struct PlainResult: Equatable, Sendable {
    /// Rank of the message's first hit, from 0.
    package var firstHit: UInt32
    package var totalHits: UInt64 = 0
    package var totalRelation = WireTotalRelation.exact
    /// The place of the last hit, as ASCII text; empty without one.
    package var next: Frame = []
    /// Shards asked, all ok; nil for a message that is not the last.
    package var shards: UInt32?
    package var resent: UInt32 = 0
    package var hedged: UInt32 = 0
    package var tookMicroseconds: UInt64 = 0

    /// The meta of an item's message with hits from `firstHit` on.
    package init(firstHit: UInt32) {
        self.firstHit = firstHit
    }

    /// The message itself.
    package var wire: WireResultMeta {
        var meta = WireResultMeta()
        meta.firstHit = firstHit
        meta.totalHits = totalHits
        meta.totalRelation = totalRelation
        meta.tookUs = tookMicroseconds
        meta.next = String(decoding: next, as: UTF8.self)
        guard let shards else { return meta }
        meta.coverage.shards = shards
        meta.coverage.ok = shards
        meta.coverage.resent = resent
        meta.coverage.hedged = hedged
        return meta
    }

    /// Its frame.
    package func encoded(in codec: WireCodec) -> Frame {
        codec == .protobuf ? protobuf : codec.encodeOwn(wire)
    }

    /// The octets that the general encoder makes of `wire` (`PlainResultTests`).
    private var protobuf: Frame {
        var writer = ProtobufWriter(capacity: byteCount)
        write(to: &writer)
        return writer.frame
    }

    /// What its fields take, in octets.
    var byteCount: Int {
        let coverage = shards.map { FieldSize.of(presentOctets: coverageBytes(of: $0)) } ?? 0
        return FieldSize.of(UInt64(firstHit)) + FieldSize.of(totalHits)
            + FieldSize.of(UInt64(totalRelation.rawValue)) + FieldSize.of(tookMicroseconds)
            + coverage + FieldSize.of(octets: next.count)
    }

    /// What the fields of its coverage take.
    private func coverageBytes(of shards: UInt32) -> Int {
        2 * FieldSize.of(UInt64(shards)) + FieldSize.of(UInt64(resent))
            + FieldSize.of(UInt64(hedged))
    }

    /// Writes its fields.
    func write(to writer: inout ProtobufWriter) {
        writer.append(addingCapacity: byteCount - next.count) { output in
            output.appendField(1, UInt64(firstHit))
            output.appendField(2, totalHits)
            output.appendField(3, UInt64(totalRelation.rawValue))
            output.appendField(4, tookMicroseconds)
            if let shards {
                output.appendField(5, lengthOf: coverageBytes(of: shards))
                output.appendField(1, UInt64(shards))
                output.appendField(2, UInt64(shards))
                output.appendField(6, UInt64(resent))
                output.appendField(8, UInt64(hedged))
            }
            if !next.isEmpty { output.appendField(6, lengthOf: next.count) }
        }
        writer.append(fields: next)
    }
}
