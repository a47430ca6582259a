import SearchIndex
import WireMessages
import WireProtocol

/// Collects outcomes for one broker into the frames of REPLY, FETCHED and
/// CALL_FAILED: answers that are ready together travel together.
struct ReplyBuilder: Sendable {
    private(set) var searches: [WireTaskResult] = []
    private(set) var hits: Frame = []
    private(set) var ids: Frame = []
    private(set) var documents: Frame = []
    private(set) var fetches: [WireFetchResult] = []
    private(set) var fetchedDocuments: Frame = []
    private(set) var failures: [WireTaskFailure] = []

    /// When it is sent at the latest.
    var due = MonotonicInstant.distantFuture

    /// Whether nothing in it is waited for more urgently than an answer to a search.
    var holdsSearchesOnly: Bool { fetches.isEmpty && failures.isEmpty }

    /// Of the metas, bytes of sort values and fragments, about.
    private var metaBytes = 0

    /// Bytes collected so far, without the fixed parts of the metas.
    var byteCount: Int {
        hits.count + ids.count + documents.count + fetchedDocuments.count + metaBytes
    }

    mutating func add(_ task: UInt64, _ outcome: JobOutcome, took: Duration) {
        switch outcome {
        case .hits(let answer): add(task, answer, took)
        case .documents(let documents): add(task, documents)
        case .likeTerms(let terms):
            add(task, took) {
                $0.likeTerms = terms.map { terms in
                    var wire = WireLikeTerms()
                    wire.isAbsent = terms == nil
                    wire.terms = terms?.map(\.wire) ?? []
                    return wire
                }
            }
        case .explanation(let explanation): add(task, took) { $0.explanation = explanation.wire }
        case .failed(let code, let message): add(task, failed: code, message)
        }
    }

    mutating func add(_ task: UInt64, failed code: WireErrorCode, _ message: String) {
        var failure = WireTaskFailure()
        failure.task = task
        failure.code = code
        failure.message = message
        failures.append(failure)
    }

    /// Adds an answer without hits.
    private mutating func add(
        _ task: UInt64, _ took: Duration, _ fill: (inout WireTaskResult) -> Void
    ) {
        var result = WireTaskResult()
        result.task = task
        result.tookUs = took.wholeMicroseconds
        fill(&result)
        metaBytes += WireCodec.protobuf.encodeOwn(result).count
        searches.append(result)
    }

    private mutating func add(_ task: UInt64, _ answer: ShardAnswer, _ took: Duration) {
        var result = WireTaskResult()
        result.task = task
        result.hits = UInt32(answer.hits.count)
        result.totalHits = answer.total.count
        result.totalAtLeast = !answer.total.isExact
        if let cut = answer.cut {
            result.degraded = true
            result.degradedReason = cut.description
            metaBytes += result.degradedReason.utf8.count
        }
        result.coveredDocuments = answer.coveredDocuments
        result.scoredPostings = UInt64(clamping: answer.scoredPostings)
        result.floor = answer.floor ?? 0
        result.tookUs = took.wholeMicroseconds
        result.documentLengths = answer.documents.map { UInt32($0.document.count) }
        result.snippets = snippets(of: answer.documents)
        for hit in answer.hits {
            let ranked = hit.ranked
            let packed = PackedHit(
                sortKey: Double(ranked.score), orderKey: ranked.orderKey.rawValue,
                idOffset: UInt32(ids.count), idLength: UInt32(ranked.id.count))
            PackedHits.append(packed, to: &hits)
            ids.append(contentsOf: ranked.id)
            guard !hit.values.isEmpty else { continue }
            var values = WireSortValues()
            values.values = hit.values.map { FieldValue.wire(sortValue: $0) }
            metaBytes += hit.values.reduce(0) { $0 + $1.byteCount }
            result.sort.append(values)
        }
        for formed in answer.documents { documents.append(contentsOf: formed.document) }
        searches.append(result)
    }

    private mutating func add(_ task: UInt64, _ documents: [FormedHit]) {
        var result = WireFetchResult()
        result.task = task
        result.documentLengths = documents.map { UInt32($0.document.count) }
        result.snippets = snippets(of: documents)
        for formed in documents { fetchedDocuments.append(contentsOf: formed.document) }
        fetches.append(result)
    }

    /// One for each document, or none at all when no document has any.
    private mutating func snippets(of documents: [FormedHit]) -> [WireHitSnippets] {
        guard documents.contains(where: { !$0.snippets.isEmpty }) else { return [] }
        metaBytes += documents.reduce(0) { $0 + $1.byteCount - $1.document.count }
        return documents.map { WireHitSnippets($0.snippets) }
    }
}

extension FieldValue? {
    /// Bytes that the value takes in a message, about.
    fileprivate var byteCount: Int {
        guard case .text(let text) = self else { return 12 }
        return text.count + 6
    }
}
