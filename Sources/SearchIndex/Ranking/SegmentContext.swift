/// One segment as a search sees it: its fields, and the norms that the statistics in force give.
struct SegmentContext: Sendable {
    private let segment: SegmentReader
    /// The segment's place in the shard.
    let number: Int
    private let shard: ShardReader
    private let statistics: CollectionStatistics
    /// By place of the field in the segment: what scores depend on beside the postings.
    private let scoring: [FieldScoring]

    init(_ shard: ShardReader, number: Int, norms tables: NormTables) {
        self.shard = shard
        segment = shard.segments[number]
        self.number = number
        statistics = tables.statistics
        scoring = segment.fields.map {
            FieldScoring(norms: tables.table(of: $0.name), field: $0)
        }
    }

    var documentCount: Int { segment.documentCount }

    /// Scanners of terms, in their order, with the sum of their inverse document frequencies and the
    /// field's place; nil when the segment lacks the field or one of the terms.
    func scanners(
        for terms: [PhraseTerm], field name: String
    ) throws(SearchError) -> (
        scanners: [TermScanner], inverseDocumentFrequency: Float, field: Int
    )? {
        guard
            let field = segment.fields.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) })
        else { return nil }
        var scanners: [TermScanner] = []
        var sum: Float = 0
        do {
            for term in terms {
                guard let entry = try segment.fields[field].lookup(term.term) else { return nil }
                scanners.append(TermScanner(try segment.fields[field].postings(entry)))
                sum += BM25.inverseDocumentFrequency(
                    documents: statistics.documents, frequency: entry.globalDocumentFrequency)
            }
        } catch {
            throw .index(error)
        }
        return (scanners, sum, field)
    }

    /// Lends the length codes of a field's documents, and the norm for each code.
    @inline(__always)
    func withScoring(field: Int, _ body: (Span<UInt8>, Span<Float>) -> Void) {
        segment.fields[field].withLengthCodes { codes in
            let norms = scoring[field].norms.norms
            body(codes, norms.span)
        }
    }

    /// The documents that were deleted; nil without any.
    var deleted: DocumentSet? { nil }

    /// Lends the bytes of the whole segment file.
    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try segment.file.withBytes(0..<segment.file.byteCount, body)
    }

    /// The error for what a decoder found in the file's bytes.
    func corrupt(_ error: Malformed) -> SearchError { .index(segment.corrupt(error)) }

    /// Offers a document to a collector.
    func offer(
        _ document: UInt32, _ score: Float, to collector: inout TopKCollector
    ) throws(SearchError) {
        try collector.offer(
            .init(
                score: score,
                document: SegmentDocument(segment: number, document: DocumentNumber(document))),
            key: orderKey(of:))
    }

    private func orderKey(of place: SegmentDocument) throws(SearchError) -> OrderKey {
        do throws(IndexError) {
            return try shard.segments[place.segment].orderKey(of: place.document)
        } catch {
            throw .index(error)
        }
    }
}

// Searching.
extension SegmentContext {
    /// Offers every document that can be among the best, and counts as told.
    func search(
        _ query: Query, into collector: inout TopKCollector, totals: TotalCounting,
        meter: WorkMeter
    ) throws(SearchError) -> TotalHits {
        var meter = meter
        do throws(ListFailure) {
            let answered = try withBytes { (bytes) throws(ListFailure) -> TotalHits? in
                guard let plan = try ListPlan(query, self, bytes, &meter) else { return nil }
                return try search(plan, into: &collector, totals: totals, meter, bytes)
            }
            if let answered { return answered }
        } catch {
            switch error {
            case .malformed(let problem): throw corrupt(problem)
            case .search(let error): throw error
            }
        }
        var tree = try SegmentSearch(query, in: self, meter: meter)
        try tree.run(into: &collector)
        return TotalHits(count: tree.totalHits, isExact: true)
    }

    /// Answers by lists; nil when the plan is a phrase whose matches must be counted, since that
    /// takes the positions of all of them.
    private func search(
        _ plan: ListPlan, into collector: inout TopKCollector, totals: TotalCounting,
        _ meter: WorkMeter, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TotalHits? {
        var total = TotalHits(count: 0, isExact: plan.isEmpty)
        if totals != .none, !plan.isEmpty {
            guard plan.phrase == nil else { return nil }
            var counter = ListCounter(plan, documentCount: documentCount, meter)
            total = try counter.count(totals, bytes)
        }
        var search = ListSearch(plan, self, meter)
        try search.run(into: &collector, bytes)
        return total
    }
}

// Lists.
extension SegmentContext {
    /// The place of a field in the segment.
    private func place(of name: String) -> Int? {
        segment.fields.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// The list of a term; nil when the segment lacks it.
    func list(
        _ term: TermQuery, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList? {
        guard let place = place(of: term.field), let entry = try lookup(term.term, place) else {
            return nil
        }
        let weight = BM25.weight(
            boost: term.boost, inverseDocumentFrequency: inverseDocumentFrequency(entry))
        return try list(entry, place, weight: weight, leaf: leaf, bytes)
    }

    /// The lists of a phrase's terms and what else it needs; nil when the segment lacks one.
    func phrase(
        _ phrase: PhraseQuery, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> (lists: [TermList], plan: PhrasePlan)? {
        guard let place = place(of: phrase.field) else { return nil }
        var entries: [TermEntry] = []
        var sum: Float = 0
        for term in phrase.terms {
            guard let entry = try lookup(term.term, place) else { return nil }
            entries.append(entry)
            sum += inverseDocumentFrequency(entry)
        }
        let weight = BM25.weight(boost: phrase.boost, inverseDocumentFrequency: sum)
        let first = phrase.terms.first?.position ?? 0
        let start = segment.fields[place].positions?.range.lowerBound ?? 0
        var lists: [TermList] = []
        var lookups: [PositionLookup] = []
        for (term, entry) in zip(phrase.terms, entries) {
            let list = try list(entry, place, weight: weight, leaf: 0, bytes)
            lists.append(list)
            lookups.append(
                PositionLookup(
                    list, offset: term.position &- first,
                    range: start + entry.positions.lowerBound..<start + entry.positions.upperBound))
        }
        let looseBound = phrase.slop > 0 ? lists.first?.maximum : nil
        if phrase.slop == 0 { lookups.sort { $0.documentFrequency < $1.documentFrequency } }
        return (
            lists,
            PhrasePlan(
                lookups: lookups, counter: PhraseCounter(slop: phrase.slop),
                looseBound: looseBound)
        )
    }

    private func lookup(
        _ term: TermBytes, _ field: Int
    ) throws(ListFailure) -> TermEntry? {
        do { return try segment.fields[field].lookup(term) } catch { throw .search(.index(error)) }
    }

    private func inverseDocumentFrequency(_ entry: TermEntry) -> Float {
        BM25.inverseDocumentFrequency(
            documents: statistics.documents, frequency: entry.globalDocumentFrequency)
    }

    private func list(
        _ entry: TermEntry, _ place: Int, weight: Float, leaf: Int, _ bytes: Span<UInt8>
    ) throws(ListFailure) -> TermList {
        let field = segment.fields[place]
        do {
            let layout = try PostingsLayout(
                entry, bytes, base: field.postings.range.lowerBound,
                hasPositions: field.hasPositions, documentCount: segment.documentCount)
            return try TermList(
                layout, weight: weight, leaf: leaf, scoring: scoring[place], bytes)
        } catch {
            throw .malformed(error)
        }
    }

    /// The documents of the segment that a query matches.
    func documents(
        matching query: Query, _ meter: inout WorkMeter
    ) throws(ListFailure) -> DocumentSet {
        do {
            var search = try SegmentSearch(query, in: self, meter: meter)
            return try search.allMatches()
        } catch {
            throw .search(error)
        }
    }
}
