/// A whole index, searched in this process: all shards of a directory, merged.
///
/// Answers are the same, bit for bit, whatever the number of shards. Immutable: any number of
/// threads may use one at once; a search runs on the thread that asks.
public final class EmbeddedIndex: Sendable {
    /// What `index.json` says.
    public let description: IndexDescription
    /// One for each shard, in the order of their numbers.
    public let shards: [ShardSearcher]

    /// Opens the index in a directory: milliseconds for each shard, whatever its size.
    ///
    /// - Throws: `IndexError` naming the file if any shard is missing or damaged.
    public init(directory: String) throws(IndexError) {
        let description = try IndexDescription(directory: directory)
        var shards: [ShardSearcher] = []
        for number in 0..<UInt32(description.shardCount) {
            let reader = try ShardReader(
                directory: directory, number: ShardNumber(number), of: description)
            shards.append(ShardSearcher(shard: reader, schema: description.schema))
        }
        self.description = description
        self.shards = shards
    }

    /// The query that a text means in this index.
    public func parse(
        _ text: String, defaultOperator: DefaultOperator = .or,
        mode: QueryParser.Mode = .strict
    ) throws(QueryError) -> Query {
        let parser = QueryParser(
            schema: description.schema, defaultOperator: defaultOperator, mode: mode)
        return try parser.parse(text)
    }

    /// The hits of the merged list from `offset` on, at most `limit`, and how many documents match.
    ///
    /// Pages: give the place of a page's last hit as `after` to get the next one; pages of any
    /// size, one behind the other, are the whole list.
    ///
    /// - Parameters:
    ///   - offset: how many hits of the list, or behind `after`, are left out.
    ///   - totals: how exactly matches are counted; those before `after` count too.
    ///   - limits: how many terms of a shard a pattern may stand for.
    ///   - after: only hits behind this place are wanted.
    public func search(
        _ query: Query, limit: Int, offset: Int = 0, totals: TotalCounting = .exact,
        limits: ExpansionLimits = ExpansionLimits(), after: ScorePlace? = nil,
        control: SearchControl = .none
    ) throws(SearchError) -> SearchAnswer {
        var meter = WorkMeter(control: control)
        let query = try rewritten(query, &meter)
        var lists: [[RankedHit]] = []
        var total = TotalHits(count: 0, isExact: true)
        let (sum, overflow) = max(0, limit).addingReportingOverflow(max(0, offset))
        let k = overflow ? Int.max : sum
        var floor: Float?
        var cuts: [ShardCut] = []
        for shard in shards {
            let found = try shard.search(
                query, k: k, statistics: description.statistics, totals: totals, floor: floor,
                limits: limits, after: after, control: control)
            if let cut = found.cut { cuts.append(ShardCut(shard: shard.shard.number, cut: cut)) }
            // A shard that found k documents tells the others what is not worth finding.
            if found.hits.count == k, let last = found.hits.last {
                floor = max(floor ?? last.score, last.score)
            }
            lists.append(found.hits)
            total = total + found.total
        }
        let merged = HitMerger.merge(lists, offset: offset, limit: limit)
        let hits = merged.map { place in
            ShardHit(
                hit: lists[place.source][place.index],
                shard: shards[place.source].shard.number)
        }
        return SearchAnswer(hits: hits, total: total, cuts: cuts)
    }

    /// The stored JSON of a hit of this index.
    public func document(of hit: ShardHit) throws(IndexError) -> [UInt8] {
        try document(hit.hit.orderKey, in: hit.shard)
    }

    /// The stored JSON of the document of a shard that has an order key.
    func document(_ key: OrderKey, in shard: ShardNumber) throws(IndexError) -> [UInt8] {
        guard let document = try shards[Int(shard.rawValue)].shard.document(key) else {
            throw IndexError(
                .corrupt, "no document with order key \(key)",
                file: "shard \(shard)", advice: "run `swiftlet index verify`")
        }
        return document
    }
}

/// A hit, and the shard it is in.
public struct ShardHit: Sendable, Hashable {
    /// Score, order key and id.
    public let hit: RankedHit
    /// Where its document is.
    public let shard: ShardNumber
}

/// The answer of a whole index.
public struct SearchAnswer: Sendable, Hashable {
    /// In the order of `RankedHit.precedes`.
    public let hits: [ShardHit]
    /// Documents that match.
    public let total: TotalHits
    /// Shards in which a pattern stands for more terms than were searched, so that hits may be
    /// missing.
    public let cuts: [ShardCut]

    /// The number of matches, or the lower bound that is known.
    public var totalHits: UInt64 { total.count }
    /// How many shards may lack hits.
    public var degradedShards: Int { cuts.count }
}
