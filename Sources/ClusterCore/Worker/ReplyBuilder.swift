import SearchIndex
import WireMessages
import WireProtocol

/// Collects the outcomes of one turn for one broker into the frames of REPLY, FETCHED and
/// CALL_FAILED: answers that are ready together travel together.
struct ReplyBuilder: Sendable {
    private(set) var searches: [WireTaskResult] = []
    private(set) var hits: Frame = []
    private(set) var ids: Frame = []
    private(set) var documents: Frame = []
    private(set) var fetches: [WireFetchResult] = []
    private(set) var fetchedDocuments: Frame = []
    private(set) var failures: [WireTaskFailure] = []

    /// Bytes collected so far, without the metas.
    var byteCount: Int { hits.count + ids.count + documents.count + fetchedDocuments.count }

    mutating func add(_ task: UInt64, _ outcome: JobOutcome, took: Duration) {
        switch outcome {
        case .hits(let answer): add(task, answer, took)
        case .documents(let documents): add(task, documents)
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

    private mutating func add(_ task: UInt64, _ answer: ShardAnswer, _ took: Duration) {
        var result = WireTaskResult()
        result.task = task
        result.hits = UInt32(answer.hits.count)
        result.totalHits = answer.totalHits
        result.coveredDocuments = answer.coveredDocuments
        result.tookUs = took.wholeMicroseconds
        result.documentLengths = answer.documents.map { UInt32($0.count) }
        for hit in answer.hits {
            let packed = PackedHit(
                sortKey: Double(hit.score), orderKey: hit.orderKey.rawValue,
                idOffset: UInt32(ids.count), idLength: UInt32(hit.id.count))
            PackedHits.append(packed, to: &hits)
            ids.append(contentsOf: hit.id)
        }
        for document in answer.documents { documents.append(contentsOf: document) }
        searches.append(result)
    }

    private mutating func add(_ task: UInt64, _ documents: [[UInt8]]) {
        var result = WireFetchResult()
        result.task = task
        result.documentLengths = documents.map { UInt32($0.count) }
        for document in documents { fetchedDocuments.append(contentsOf: document) }
        fetches.append(result)
    }
}
