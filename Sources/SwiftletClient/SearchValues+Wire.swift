import ClusterCore
import SearchIndex
import WireMessages
import WireProtocol

extension ClientBatch {
    init(_ requests: ArraySlice<SearchRequest>, _ options: SearchOptions) {
        var settings = WireSubmit()
        settings.indexes = options.indexes
        settings.limit = options.limit
        settings.offset = options.offset
        settings.documents = options.documents ? .source : .none
        settings.sort = options.sort.map(\.wire)
        if let number = options.totals.wire { settings.countUpTo = number }
        settings.fields = options.fields
        if let highlighting = options.highlighting { settings.highlight = highlighting.wire }
        settings.operator = options.queryOperator.wire
        settings.lenient = options.isLenient
        if let partial = options.partial {
            settings.allowPartial = true
            settings.minCoverage = partial.minimumCoverage
        }
        settings.profile = options.profile
        settings.ledger = options.ledger ? .full : .whenNotOk
        settings.order = options.order.wire
        if let trace = options.trace {
            settings.traceparent = trace.traceparent
            settings.tracestate = trace.tracestate
        }
        settings.merge = options.merge?.wire ?? .mergeDefault
        settings.loadBalancing = options.loadBalancing?.wire ?? .default
        let items = requests.map { request in
            var item = WireItem()
            item.text = request.text
            // On the wire a limit of 0 means no hits only in an item.
            if let limit = request.limit ?? (options.limit == 0 ? 0 : nil) { item.limit = limit }
            if let offset = request.offset { item.offset = offset }
            if let queryOperator = request.queryOperator { item.operator = queryOperator.wire }
            if let documents = request.documents { item.documents = documents ? .source : .none }
            if let after = request.after { item.after = after }
            if let trace = request.trace {
                item.traceparent = trace.traceparent
                item.tracestate = trace.tracestate
            }
            return item
        }
        self.init(
            settings: settings, items: items, budget: options.budget,
            priority: min(options.priority, Header.maxPriority))
    }
}

extension QueryOperator {
    var wire: WireOperator {
        switch self {
        case .or: .or
        case .and: .and
        }
    }
}

extension SearchError {
    init(_ failure: ItemFailure) {
        self.init(
            code: failure.code.name, message: failure.message, positionBytes: failure.position,
            coverage: failure.coverage.map(SearchCoverage.init))
    }
}

extension SearchCoverage {
    init(_ wire: WireCoverage) {
        self.init(
            shards: wire.shards, ok: wire.ok, skipped: wire.skipped, degraded: wire.degraded,
            failed: wire.failed, resent: wire.resent, hedged: wire.hedged,
            reports: wire.reports.map { ShardReport($0) })
        failures = reports.compactMap(\.failure)
        degradations = reports.compactMap(\.degradation)
    }
}

extension SearchResponse {
    init(_ answer: ItemAnswer) {
        let hits = answer.hits.enumerated().map { position, hit in
            SearchHit(
                id: hit.id, score: hit.score,
                sortValues: hit.sort.map { (try? FieldValue.sortValue($0)) ?? nil },
                index: hit.index, shard: hit.shard, orderKey: hit.orderKey,
                document: position < answer.documents.count
                    ? Array(answer.documents[position]) : nil,
                snippets: hit.snippets.map {
                    FieldSnippets(field: $0.field, fragments: $0.fragments)
                })
        }
        let next = answer.meta.next
        self.init(
            hits: hits, next: next.isEmpty ? nil : next, totalHits: answer.meta.totalHits,
            isTotalExact: answer.meta.totalRelation == .exact,
            took: .microseconds(Int64(clamping: answer.meta.tookUs)),
            coverage: SearchCoverage(answer.meta.coverage))
        if answer.meta.hasProfile { profile = SearchProfile(answer.meta.profile) }
    }
}

extension Result<ItemAnswer, ItemFailure> {
    var answer: Result<SearchResponse, SearchError> {
        map { SearchResponse($0) }.mapError { SearchError($0) }
    }
}
