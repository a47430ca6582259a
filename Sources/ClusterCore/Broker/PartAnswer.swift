import SearchIndex
import WireMessages
import WireProtocol

/// What one shard answered. A reference, since a part is looked at often and its answer is large.
final class PartAnswer {
    let worker: WorkerKey
    let workerName: String
    let generation: UInt64
    /// Those behind the place that was asked.
    let hits: ShardHits
    let total: TotalHits
    let coveredDocuments: UInt64
    /// Why hits may be missing: a pattern was cut. Nil for a whole answer.
    let shortcoming: ItemFailure?
    let tookMicroseconds: UInt64
    let times: TaskTimes
    /// What is sent of the hits from the offset on, when it came with the answer.
    let sources: [HitSource]?
    /// In the stage `rewriting`: the terms for each more-like-this node; nil where its document is
    /// not in the shard.
    let likeTerms: [[LikeTerm]?]
    /// In the stage `explaining`.
    let explanation: WireExplanation?

    init(
        of task: PendingTask, _ result: TaskAnswer, _ payload: ReplyReader.Payload,
        hits: ShardHits, liveDocuments: UInt64, now: MonotonicInstant
    ) {
        worker = task.worker.key
        workerName = task.worker.name
        generation = task.generation
        self.hits = hits
        total = TotalHits(
            count: result.totalHits, isExact: !result.totalAtLeast && !result.isDegraded)
        coveredDocuments = min(result.coveredDocuments, liveDocuments)
        shortcoming =
            result.isDegraded
            ? ItemFailure(
                .tooLarge,
                result.degradedReason.isEmpty
                    ? "a pattern was cut to its first terms" : result.degradedReason) : nil
        tookMicroseconds = result.tookMicroseconds
        times = TaskTimes(
            sentAt: task.sentAt, answeredAt: now, scoredPostings: result.scoredPostings,
            floor: result.floor)
        sources = payload.sources
        likeTerms = result.likeTerms.map {
            $0.isAbsent ? nil : $0.terms.map { LikeTerm(wire: $0) }
        }
        explanation = result.explanation
    }
}

/// What is told of a task in a profile, beside what its answer has.
struct TaskTimes {
    let sentAt: MonotonicInstant
    let answeredAt: MonotonicInstant
    let scoredPostings: UInt64
    let floor: Float
}

/// What an answer has of one stored document.
struct HitSource {
    /// JSON; empty when the document was not asked.
    let document: ArraySlice<UInt8>
    /// The fragments with the query's words; nil when none were asked or there are none.
    let snippets: WireHitSnippets?

    var byteCount: Int { document.count + (snippets?.byteCount ?? 0) }
}

/// The merged hits and the documents that have arrived for them.
struct Assembly {
    /// In the order of the answer; `source` is the position in the item's parts, `index` that in the
    /// hits of the part's answer.
    var hits: [MergedHit]
    /// One for each hit; empty where none are asked.
    var sources: [HitSource?]
    /// Fetches not answered, by part: the positions in `hits` each will fill.
    var missing: [Int: FetchState] = [:]
    /// Of documents and fragments.
    var sourceBytes = 0

    /// What has arrived for a hit.
    func source(of hit: Int) -> HitSource? { sources.isEmpty ? nil : sources[hit] }

    /// One part's fetch.
    struct FetchState {
        var positions: [Int] = []
        /// Sendings not answered: two of one that is hedged.
        var tasks: [PendingTask] = []
    }
}
