/// One segment as a search sees it: its fields, and the norms that the statistics in force give.
///
/// A reference, so that searches do not copy what it holds.
final class SegmentContext: Sendable {
    let segment: SegmentReader
    /// The segment's place in the shard.
    let number: Int
    private let shard: ShardReader
    private let statistics: CollectionStatistics
    /// By place of the field in the segment: what scores depend on beside the postings.
    let scoring: [FieldScoring]
    /// The documents that were deleted, which no search finds; nil without any.
    let deleted: DocumentSet?
    /// Buffers for searches over lists.
    let buffers: BufferPool<SearchBuffers>
    /// Buffers for counting phrases.
    let phraseBuffers: BufferPool<PhraseBuffers>

    init(_ shard: ShardReader, number: Int, norms tables: NormTables) {
        self.shard = shard
        segment = shard.segments[number]
        self.number = number
        statistics = tables.statistics
        deleted = segment.deleted.map { DocumentSet($0) }
        scoring = segment.fields.map {
            FieldScoring(norms: tables.table(of: $0.name), field: $0)
        }
        buffers = BufferPool()
        phraseBuffers = BufferPool()
        scope = SearchScope.empty
    }

    private init(_ context: SegmentContext, _ scope: SearchScope) {
        segment = context.segment
        number = context.number
        shard = context.shard
        statistics = context.statistics
        scoring = context.scoring
        deleted = context.deleted
        buffers = context.buffers
        phraseBuffers = context.phraseBuffers
        self.scope = scope
    }

    var documentCount: Int { segment.documentCount }

    /// The place of a field in the segment.
    func place(of name: String) -> Int? {
        segment.fields.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// What a leaf's saturated frequency is multiplied by; of a phrase the inverse document
    /// frequencies of its terms are summed, in order.
    func weight(boost: Float, inverseDocumentFrequency: Float, field: Int) -> Float {
        BM25.weight(
            boost: boost, inverseDocumentFrequency: inverseDocumentFrequency,
            k1: scoring[field].norms.parameters.k1)
    }

    /// How rare a term is in the whole index.
    func inverseDocumentFrequency(_ entry: TermEntry) -> Float {
        BM25.inverseDocumentFrequency(
            documents: statistics.documents, frequency: entry.globalDocumentFrequency)
    }

    /// Scanners of terms, in their order, with the sum of their inverse document frequencies and the
    /// field's place; nil when the segment lacks the field or one of the terms.
    func scanners(
        for terms: [PhraseTerm], field name: String
    ) throws(SearchError) -> (
        scanners: [TermScanner], inverseDocumentFrequency: Float, field: Int
    )? {
        guard let field = place(of: name) else { return nil }
        var scanners: [TermScanner] = []
        var sum: Float = 0
        do {
            for term in terms {
                guard let entry = try segment.fields[field].lookup(term.term) else { return nil }
                scanners.append(TermScanner(try segment.fields[field].postings(entry)))
                sum += inverseDocumentFrequency(entry)
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

    /// What the frequency of a term, saturated, exceeds in no document.
    func maximum(of scanner: TermScanner, field: Int) throws(SearchError) -> Float {
        do throws(IndexError) {
            return try segment.fields[field].withLengthCodes { (codes) throws(IndexError) in
                let norms = scoring[field].norms.norms
                return try scanner.maximum(codes, norms.span)
            }
        } catch {
            throw .index(error)
        }
    }

    /// What the search in progress found out about the whole shard.
    let scope: SearchScope

    /// The segment as a search with a scope of its own sees it.
    func within(_ scope: SearchScope) -> SegmentContext {
        scope.isEmpty ? self : SegmentContext(self, scope)
    }

    /// The documents that a pattern, range, set of values or test for existence matches, and what
    /// each of them scores; nil for other queries.
    func set(
        of query: Query, _ meter: inout WorkMeter
    ) throws(SearchError) -> (documents: DocumentSet, boost: Float)? {
        switch query {
        case .expansion(let query):
            let entries = scope.entries(of: query, segment: number)
            return (
                try query.documents(holding: entries, in: segment, meter: &meter), query.boost
            )
        case .range(let query):
            return (try query.documents(in: segment, meter: &meter), query.boost)
        case .termSet(let query):
            return (try query.documents(in: segment, meter: &meter), query.boost)
        case .exists(let query):
            return (try query.documents(in: segment, meter: &meter), query.boost)
        case .matchAll, .matchNone, .term, .phrase, .boolean, .constantScore, .disjunctionMax,
            .moreLikeThis:
            return nil
        }
    }

    /// Lends the bytes of the whole segment file.
    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try segment.file.withBytes(0..<segment.file.byteCount, body)
    }

    /// The error for what a decoder found in the file's bytes.
    func corrupt(_ error: Malformed) -> SearchError { .index(segment.corrupt(error)) }

    /// Why a search ends, in the caller's words.
    func searchError(_ failure: ListFailure) -> SearchError {
        switch failure {
        case .malformed(let problem): corrupt(problem)
        case .search(let error): error
        }
    }

    /// Offers a document to a collector.
    func offer(
        _ document: UInt32, _ score: Float, to collector: inout TopKCollector
    ) throws(SearchError) {
        try collector.offer(
            .init(
                score: score,
                document: SegmentDocument(segment: number, document: DocumentNumber(document))),
            keys: self)
    }
}

extension SegmentContext: OrderKeys {
    func orderKey(of place: SegmentDocument) throws(SearchError) -> OrderKey {
        do throws(IndexError) {
            return try shard.segments[place.segment].orderKey(of: place.document)
        } catch {
            throw .index(error)
        }
    }
}
