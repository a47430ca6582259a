import WireMessages
import WireProtocol

/// What the simulated workers of `bench broker` serve: an index without documents, of which every
/// shard gives the same ten hits whatever is asked.
struct MadeUpIndex: Sendable {
    let name: String
    let shards: Int

    static let hitsOfAShard = 10
    /// So that scores are exact and none comes twice.
    static let maximumShards = 4_096

    /// A hit: of a higher score the lower its rank and, among equal ranks, its shard.
    struct Hit {
        let shard: Int
        let rank: Int

        var score: Float {
            Float((hitsOfAShard - rank) * maximumShards - shard)
        }
        var orderKey: UInt64 { UInt64(shard * hitsOfAShard + rank) }
        var id: String { "d\(orderKey)" }
    }

    /// The hits of one shard, best first.
    func hits(ofShard shard: Int) -> [Hit] {
        (0..<Self.hitsOfAShard).map { Hit(shard: shard, rank: $0) }
    }

    /// The same as a REPLY has them, the places of the ids counted from its first one.
    func packedHits(ofShard shard: Int) -> (hits: [PackedHit], ids: Frame) {
        var ids: Frame = []
        let hits = hits(ofShard: shard).map { hit in
            defer { ids += hit.id.utf8 }
            return PackedHit(
                sortKey: Double(hit.score), orderKey: hit.orderKey, idOffset: UInt32(ids.count),
                idLength: UInt32(hit.id.utf8.count))
        }
        return (hits, ids)
    }

    /// The hits of the answer to every item: the ten best hits of all shards, in protobuf.
    func expectedHits() throws -> Frame {
        let all = (0..<shards).flatMap { hits(ofShard: $0) }
        var list = WireHits()
        list.hits = all.sorted { $0.score > $1.score }.prefix(Self.hitsOfAShard).map { hit in
            var wire = WireHit()
            wire.id = hit.id
            wire.score = hit.score
            wire.index = name
            wire.shard = UInt32(hit.shard)
            wire.orderKey = hit.orderKey
            return wire
        }
        return try WireCodec.protobuf.encode(list)
    }

    /// As a worker with some of the shards announces it.
    func announcement(of served: [Int]) -> WireServedIndex {
        var index = WireServedIndex()
        index.name = name
        index.buildID = "made-up-\(shards)"
        index.shardCount = UInt32(shards)
        index.schema = #"{"fields": [{"name": "body", "kind": "text"}]}"#
        var field = WireFieldStatistics()
        field.field = "body"
        field.tokens = UInt64(shards * 100)
        index.statistics.documents = UInt64(shards * Self.hitsOfAShard)
        index.statistics.fields = [field]
        index.shards = served.map { shard in
            var wire = WireServedShard()
            wire.shard = UInt32(shard)
            wire.generation = 1
            wire.liveDocuments = UInt64(Self.hitsOfAShard)
            return wire
        }
        return index
    }
}
