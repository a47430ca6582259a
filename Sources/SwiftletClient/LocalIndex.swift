import ClusterCore
package import SearchIndex

/// An index in this process as a backend: the same requests and answers as a cluster's.
package final class LocalIndex: SearchBackend {
    private let index: EmbeddedIndex
    private let threads: Int

    /// Opens the index in a folder.
    ///
    /// - Parameter threads: searches that run at once.
    /// - Throws: `IndexError` naming the file.
    package init(directory: String, threads: Int) throws(IndexError) {
        index = try EmbeddedIndex(directory: directory)
        self.threads = max(1, threads)
    }

    package func answers(
        to requests: [SearchRequest], options: SearchOptions
    ) async -> [Result<SearchResponse, SearchError>] {
        let perTask = (requests.count + threads - 1) / threads
        return await withTaskGroup { group in
            for start in stride(from: 0, to: requests.count, by: max(1, perTask)) {
                let part = requests[start..<min(start + perTask, requests.count)]
                group.addTask { (start, part.map { self.answer($0, options) }) }
            }
            var parts: [Int: [Result<SearchResponse, SearchError>]] = [:]
            for await (start, answers) in group { parts[start] = answers }
            return parts.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    package func explanation(
        of request: SearchRequest, documentID id: String, options: SearchOptions
    ) async -> Result<Explanation, SearchError> {
        let deadline = ContinuousClock.now + (options.budget ?? SearchOptions.defaultBudget)
        do {
            return .success(
                try index.explain(
                    try query(of: request, options), documentID: Array(id.utf8),
                    limits: options.expansionLimits, control: Self.control(deadline)))
        } catch {
            return .failure(SearchError(local: error))
        }
    }

    private func answer(
        _ request: SearchRequest, _ options: SearchOptions
    ) -> Result<SearchResponse, SearchError> {
        let began = ContinuousClock.now
        let control = Self.control(began + (options.budget ?? SearchOptions.defaultBudget))
        do {
            let query = try index.rewritten(try query(of: request, options), control: control)
            var options = options
            options.documents = request.documents ?? options.documents
            let former = try HitFormer(
                options.hitForm, query: query, schema: index.description.schema)
            let page = try page(of: query, request, options, control)
            let hits = try page.hits.map { try hit($0, options, former) }
            let hasPlaces = (options.merge ?? .scoreDescending).hasPlaces
            let isFull =
                hasPlaces && !hits.isEmpty && hits.count == Int(request.limit ?? options.limit)
            return .success(
                SearchResponse(
                    hits: hits, next: isFull ? page.hits.last.map(cursor)?.token : nil,
                    totalHits: page.total.count, isTotalExact: page.total.isExact,
                    took: began.duration(to: .now),
                    coverage: coverage(cuts: page.cuts)))
        } catch {
            return .failure(SearchError(local: error))
        }
    }

    private func coverage(cuts: [ShardCut]) -> SearchCoverage {
        let shards = UInt32(index.shards.count)
        let degraded = UInt32(cuts.count)
        return SearchCoverage(
            shards: shards, ok: shards - degraded, degraded: degraded,
            degradations: cuts.map {
                ShardFailure(
                    index: index.description.name, shard: $0.shard.rawValue, code: "TOO_LARGE",
                    message: $0.cut.description)
            })
    }

    private static func control(_ deadline: ContinuousClock.Instant) -> SearchControl {
        SearchControl { deadline <= .now ? .deadline : nil }
    }

    private func query(
        of request: SearchRequest, _ options: SearchOptions
    ) throws -> Query {
        let name = index.description.name
        guard options.indexes.isEmpty || options.indexes.contains(name) else {
            throw SearchError(
                code: "NOT_FOUND",
                message: "the index is called '\(name)', not \(options.indexes)")
        }
        return try index.parse(
            request.text,
            defaultOperator: (request.queryOperator ?? options.queryOperator) == .and
                ? .and : .or, mode: options.isLenient ? .lenient : .strict)
    }
}

// Pages of hits in either order.
extension LocalIndex {
    /// A hit; its score is 0 in a list sorted by columns, its tuple without values in the other.
    private typealias Hit = (score: Float, sorted: SortedHit)

    private struct Page {
        let hits: [Hit]
        let total: TotalHits
        let cuts: [ShardCut]
    }

    private func page(
        of query: Query, _ request: SearchRequest, _ options: SearchOptions,
        _ control: SearchControl
    ) throws -> Page {
        let after = try request.after.map {
            try ResultCursor(token: $0, keys: options.sort)
        }
        let merge = options.merge ?? .scoreDescending
        try merge.check(sort: options.sort, hasPlace: after != nil)
        let limit = Int(request.limit ?? options.limit)
        let offset = Int(request.offset ?? options.offset)
        guard merge == .scoreDescending else {
            return try page(of: query, by: merge, options, limit: limit, offset: offset, control)
        }
        guard options.sort.isEmpty else {
            let found = try index.search(
                query, sort: options.sort, after: after?.tuple, limit: limit, offset: offset,
                limits: options.expansionLimits, control: control)
            return Page(
                hits: found.hits.map { (0, $0) }, total: found.total, cuts: found.cuts)
        }
        let found = try index.search(
            query, limit: limit, offset: offset, totals: options.totals,
            limits: options.expansionLimits, after: after?.scorePlace, control: control)
        return Page(
            hits: found.hits.map { Self.hit(FoundHit($0.hit), in: $0.shard) }, total: found.total,
            cuts: found.cuts)
    }

    private static func hit(_ found: FoundHit, in shard: ShardNumber) -> Hit {
        (found.ranked.score, SortedHit(tuple: found.tuple, id: found.ranked.id, shard: shard))
    }

    /// A page of a list that is not in the order of one index: every shard by itself, then merged.
    private func page(
        of query: Query, by merge: MergeStrategy, _ options: SearchOptions, limit: Int,
        offset: Int, _ control: SearchControl
    ) throws -> Page {
        var lists: [ShardList<FoundHit>] = []
        var total = TotalHits(count: 0, isExact: true)
        var cuts: [ShardCut] = []
        let job = WorkerJob.SearchJob(
            query: query, statistics: index.description.statistics,
            k: merge.depth(for: limit + offset), lowest: merge == .scoreAscending,
            sort: options.sort, totals: options.totals, limits: options.expansionLimits)
        for shard in index.shards {
            let answer = try job.hits(of: shard, control: control)
            lists.append(ShardList(hits: answer.hits, index: 0))
            total = total + answer.total
            if let cut = answer.cut { cuts.append(ShardCut(shard: shard.shard.number, cut: cut)) }
        }
        let places = HitMerger.merge(
            lists, by: merge, offset: offset, limit: limit, id: { $0.ranked.id }
        ) { left, right in
            left.precedes(right, by: options.sort, lowestFirst: merge == .scoreAscending)
        }
        let hits = places.map { place in
            let hit = lists[place.source].hits[place.index]
            return Self.hit(
                place.fusedScore.map(hit.fused) ?? hit,
                in: index.shards[place.source].shard.number)
        }
        return Page(hits: hits, total: total, cuts: cuts)
    }

    private func hit(
        _ found: Hit, _ options: SearchOptions, _ former: HitFormer
    ) throws -> SearchHit {
        let formed =
            options.hitForm.needsSource
            ? try former.formed(try index.document(of: found.sorted)) : nil
        return SearchHit(
            id: String(decoding: found.sorted.id, as: UTF8.self), score: found.score,
            sortValues: found.sorted.tuple.values, index: index.description.name,
            shard: found.sorted.shard.rawValue, orderKey: found.sorted.tuple.orderKey.rawValue,
            document: options.documents ? formed?.document : nil,
            snippets: formed?.snippets ?? [])
    }

    private func cursor(_ hit: Hit) -> ResultCursor {
        ResultCursor(
            score: hit.score, tuple: hit.sorted.tuple, id: hit.sorted.id,
            index: index.description.name)
    }
}

extension SearchOptions {
    /// What is wanted of the stored documents.
    var hitForm: HitForm {
        HitForm(wantsDocument: documents, fields: fields, highlighting: highlighting)
    }

    /// How many terms patterns may stand for.
    fileprivate var expansionLimits: ExpansionLimits {
        ExpansionLimits(excess: isLenient ? .cut : .refused)
    }
}

extension SearchError {
    /// From what the engine throws.
    fileprivate init(local error: any Error) {
        switch error {
        case let error as SearchError: self = error
        case let error as QueryError:
            self.init(
                code: "BAD_REQUEST", message: "query: \(error)", positionBytes: error.byteOffset)
        case let error as SortError:
            self.init(ItemFailure(SearchIndex.SearchError.sort(error)))
        case let error as SearchIndex.SearchError: self.init(ItemFailure(error))
        case let error as ItemFailure: self.init(error)
        default: self.init(code: "INTERNAL", message: "\(error)")
        }
    }
}
