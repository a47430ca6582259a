/// One segment as a search sees it: its fields, and the norms that the statistics in force give.
struct SegmentContext {
    private let segment: SegmentReader
    /// The segment's place in the shard.
    private let number: Int
    private let statistics: CollectionStatistics
    /// By place of the field in the segment: the norm for each length code.
    private let norms: [[Float]]

    init(_ segment: SegmentReader, number: Int, norms tables: NormTables) {
        self.segment = segment
        self.number = number
        statistics = tables.statistics
        norms = segment.fields.map { tables.table(of: $0.name) }
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
            let norms = norms[field]
            body(codes, norms.span)
        }
    }

    /// Offers a document to a collector.
    func offer(
        _ document: UInt32, _ score: Float, to collector: inout TopKCollector
    ) throws(SearchError) {
        let document = DocumentNumber(document)
        let key: OrderKey
        do { key = try segment.orderKey(of: document) } catch { throw .index(error) }
        try collector.offer(
            .init(
                score: score, orderKey: key,
                document: SegmentDocument(segment: number, document: document))
        ) { (other) throws(SearchError) in
            // Order keys are unique, so ids of other segments are never needed; those of this one
            // are only if a damaged file repeats a key.
            guard other.segment == number else { return [] }
            do throws(IndexError) {
                return try segment.id(of: other.document)
            } catch {
                throw SearchError.index(error)
            }
        }
    }
}
