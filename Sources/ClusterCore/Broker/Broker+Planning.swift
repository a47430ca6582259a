import OrderedCollections
import SearchIndex
import WireMessages
import WireProtocol

/// What an item asks of which shards, in one stage or two.
extension Broker {
    /// The query of each index, checked; a query that is wrong fails here, before any fan-out.
    func queries(
        of item: PendingItem, _ asked: ItemSettings, on handles: [IndexHandle]
    ) throws(ItemFailure) -> [IndexQuery] {
        guard let source = item.source else {
            preconditionFailure("an item that could not be read, or has ended, is planned")
        }
        if asked.explainedID != nil, handles.count != 1 {
            throw ItemFailure(
                .badRequest,
                "explain: \(handles.count) indexes are asked; name the one with the document")
        }
        try checkKinds(of: asked.sort, on: handles)
        var queries: [IndexQuery] = []
        for handle in handles {
            if asked.namesFields { try asked.check(map.schema(of: handle)) }
            queries.append(
                IndexQuery(index: handle, query: try validQuery(source, asked, for: handle)))
        }
        return queries
    }

    /// Values of one key must compare across the indexes, so their fields must be of one kind.
    private func checkKinds(
        of keys: [SortKey], on handles: [IndexHandle]
    ) throws(ItemFailure) {
        for key in keys {
            let kinds = handles.map { map[$0].schema.field(named: key.field)?.kind }
            guard let other = kinds.firstIndex(where: { $0 != kinds[0] }) else { continue }
            let names = [0, other].map { place in
                "\(kinds[place]?.rawValue ?? "none") in '\(map[handles[place]].name)'"
            }
            throw ItemFailure(
                .badRequest,
                "cannot sort by \"\(key.field)\": it is \(names.joined(separator: ", ")); name "
                    + "indexes where it is of one kind")
        }
    }

    private func validQuery(
        _ source: QuerySource, _ asked: ItemSettings, for index: IndexHandle
    ) throws(ItemFailure) -> Query {
        do throws(QueryError) {
            switch source {
            case .tree(let query):
                try query.validate(schema: map.schema(of: index))
                return query
            case .text(let text):
                let parsers = map.parsers(of: index)
                return try parsers[asked.defaultOperator, asked.parserMode].parse(text.span)
            }
        } catch {
            throw ItemFailure(.badRequest, "query: \(error)", position: error.byteOffset)
        }
    }

    /// Makes the parts of a stage and sends them out: one for every shard that it needs.
    mutating func beginStage(
        _ stage: PendingItem.Stage, of item: PendingItem, _ asked: ItemSettings,
        _ now: MonotonicInstant
    ) {
        var parts: [ItemPart] = []
        var queryFrames: [Frame] = []
        for entry in item.queries {
            for shard in shards(of: entry, stage, asked) {
                let ref = ShardRef(index: entry.index, shard: shard)
                parts.append(ItemPart(shard: ref, query: queryFrames.count))
            }
            queryFrames.append(entry.query.encoded)
        }
        let count = parts.count
        item.begin(stage, parts: parts, queryFrames: queryFrames)
        guard poison.isEmpty else { return makeReadyUnlessPoison(item, now) }
        for part in 0..<count { makeReady(part, of: item, now) }
    }

    /// The shards of an index that a stage needs, ascending.
    private func shards(
        of entry: IndexQuery, _ stage: PendingItem.Stage, _ asked: ItemSettings
    ) -> [UInt32] {
        let count = map.shardCount(of: entry.index)
        switch stage {
        case .searching: return Array(0..<UInt32(count))
        case .explaining: return [home(ofID: asked.explainedID ?? [], shardCount: count)]
        case .rewriting:
            var needed: Set<UInt32> = []
            for like in entry.query.moreLikeThisNodes {
                switch like.like {
                case .text: return Array(0..<UInt32(count))
                case .document(let id): needed.insert(home(ofID: id, shardCount: count))
                }
            }
            return needed.sorted()
        }
    }

    private func home(ofID id: [UInt8], shardCount: Int) -> UInt32 {
        ShardNumber.shard(ofID: id, shardCount: max(1, shardCount)).rawValue
    }

    /// All shards have answered: goes on with the next stage, or ends the item.
    mutating func endStage(of item: PendingItem, _ now: MonotonicInstant) {
        guard let asked = item.settings else { return }
        switch item.stage {
        case .searching: merge(item, asked, now)
        case .explaining: finish(item, Assembly(hits: [], sources: []), now)
        case .rewriting:
            do throws(ItemFailure) {
                try rewriteQueries(of: item)
            } catch {
                return fail(item, error, now)
            }
            beginStage(asked.explainedID == nil ? .searching : .explaining, of: item, asked, now)
        }
    }

    /// Replaces more-like-this nodes by the terms that the shards have named.
    private func rewriteQueries(of item: PendingItem) throws(ItemFailure) {
        for position in item.queries.indices {
            let answers = item.parts.filter { $0.query == position }.compactMap(\.answer?.likeTerms)
            var node = 0
            let query = item.queries[position].query
            item.queries[position].query = try query.replacingMoreLikeThis {
                (like) throws(ItemFailure) in
                let found = answers.compactMap { $0.indices.contains(node) ? $0[node] : nil }
                node += 1
                if case .document(let id) = like.like, found.isEmpty {
                    throw ItemFailure(
                        SearchError.noSuchDocument(id: String(decoding: id, as: UTF8.self)))
                }
                return like.query(of: found.flatMap { $0 })
            }
        }
    }
}

extension ItemSettings {
    /// The stage that an item with some queries starts with.
    func firstStage(of queries: [IndexQuery]) -> PendingItem.Stage {
        if queries.contains(where: { $0.query.hasMoreLikeThis }) { return .rewriting }
        return explainedID == nil ? .searching : .explaining
    }
}
