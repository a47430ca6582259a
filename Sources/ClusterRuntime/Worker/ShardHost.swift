import ClusterCore
import SearchIndex
import WireMessages
import WireProtocol

/// The opened shards of one worker, and the work on them. Immutable: every search thread uses it.
struct ShardHost: Sendable {
    /// What HELLO says of them, one for each index.
    let announcements: [WireServedIndex]
    let searchers: [ServedShardKey: ShardSearcher]
    /// Of each index as it was built, which brokers send with their searches.
    let statistics: [String: CollectionStatistics]
    let dataFolder: String

    /// Opens the shards: milliseconds each, whatever their size.
    ///
    /// - Throws: `IndexError` naming the file; a shard number that the index does not have is one.
    init(dataFolder: String, serve: [(index: String, shards: ShardSelection)]) throws {
        var announcements: [WireServedIndex] = []
        var searchers: [ServedShardKey: ShardSearcher] = [:]
        var statistics: [String: CollectionStatistics] = [:]
        for (index, selection) in serve {
            let directory = "\(dataFolder)/\(index)"
            let description = try IndexDescription(directory: directory)
            var announcement = WireServedIndex(description, name: index)
            for number in try selection.numbers(of: description, directory: directory) {
                let shard = try ShardReader(
                    directory: directory, number: ShardNumber(number), of: description)
                searchers[ServedShardKey(index: index, shard: number)] = ShardSearcher(
                    shard: shard, schema: description.schema)
                announcement.shards.append(WireServedShard(shard))
            }
            announcements.append(announcement)
            statistics[index] = description.statistics
        }
        self.announcements = announcements
        self.searchers = searchers
        self.statistics = statistics
        self.dataFolder = dataFolder
    }

    /// Whether the worker's own thread should do a job: see `WorkerJob.isSmall`.
    func isSmall(_ job: WorkerJob) -> Bool {
        searchers[job.shard].map { job.isSmall(in: $0) } ?? false
    }

    /// Does a job to its end, or until its control says stop. Called on a search thread, and for small jobs
    /// on the worker's own.
    func perform(_ job: WorkerJob, control: JobControl) -> JobOutcome {
        guard let searcher = searchers[job.shard] else {
            return .failed(.notFound, "shard \(job.shard.index)/\(job.shard.shard) is not open")
        }
        do {
            switch job.kind {
            case .search(let search):
                return .hits(try answer(search, searcher, control))
            case .likeTerms(let job):
                return .likeTerms(
                    try searcher.likeTerms(
                        of: job.query, statistics: job.statistics,
                        control: SearchControl { control.searchStop }))
            case .explain(let job):
                return .explanation(
                    try searcher.explain(
                        job.query, documentID: job.documentID, statistics: job.statistics,
                        limits: job.limits, control: SearchControl { control.searchStop }))
            case .fetch(let fetch):
                let former = try HitFormer(
                    fetch.form, query: fetch.query, schema: searcher.schema)
                return .documents(try documents(fetch.keys[...], former, searcher.shard, control))
            }
        } catch let failure as ItemFailure {
            return .failed(failure.code, failure.message)
        } catch let error as SearchError {
            let failure = ItemFailure(error)
            return .failed(failure.code, failure.message)
        } catch {
            return .failed(.internal, "\(error)")
        }
    }

    private func answer(
        _ search: WorkerJob.SearchJob, _ searcher: ShardSearcher, _ control: JobControl
    ) throws -> ShardAnswer {
        let former = try HitFormer(search.form, query: search.query, schema: searcher.schema)
        let found = try search.hits(
            of: searcher, control: SearchControl { control.searchStop })
        guard let first = search.documentsFrom, first < found.hits.count else { return found }
        let keys = found.hits[first...].map(\.ranked.orderKey)
        var answer = found
        answer.documents = try documents(keys[...], former, searcher.shard, control)
        return answer
    }

    /// What is wanted of the stored documents of some hits, within the limit on one answer.
    private func documents(
        _ keys: ArraySlice<OrderKey>, _ former: HitFormer, _ shard: ShardReader,
        _ control: JobControl
    ) throws -> [FormedHit] {
        var documents: [FormedHit] = []
        var bytes = 0
        for key in keys {
            if let failure = control.stopReason { throw failure }
            guard let document = try shard.document(key) else {
                throw ItemFailure(
                    .internal, "shard \(shard.number) has no document with order key \(key)")
            }
            let formed = try former.formed(document)
            bytes += formed.byteCount
            guard bytes <= ProtocolLimits.maxAnswerDocumentBytes else {
                throw ItemFailure(
                    .tooLarge,
                    "the documents of this answer have more than "
                        + "\(ProtocolLimits.maxAnswerDocumentBytes) bytes: ask for fewer hits, or "
                        + "for ids only")
            }
            documents.append(formed)
        }
        return documents
    }
}

extension ShardSelection {
    /// The numbers it means of an index, ascending; checked against the index.
    fileprivate func numbers(
        of index: IndexDescription, directory: String
    ) throws(IndexError) -> [UInt32] {
        switch self {
        case .all:
            return Array(0..<UInt32(index.shardCount))
        case .only(let numbers):
            if let excess = numbers.first(where: { $0 >= UInt32(index.shardCount) }) {
                throw IndexError(
                    .missing, "no shard \(excess)", file: directory,
                    expected: "shards 0 to \(index.shardCount - 1)", found: "shard \(excess)",
                    advice: "correct the list of shards to serve")
            }
            return numbers
        }
    }
}

extension WireServedIndex {
    fileprivate init(_ index: IndexDescription, name: String) {
        self.init()
        self.name = name
        buildID = index.buildID.description
        shardCount = UInt32(index.shardCount)
        schema = String(decoding: index.schema.canonicalJSON, as: UTF8.self)
        statistics = index.statistics.wire
    }
}

extension WireServedShard {
    fileprivate init(_ shard: ShardReader) {
        self.init()
        self.shard = shard.number.rawValue
        generation = shard.generation.rawValue
        liveDocuments = shard.liveDocuments
    }
}

extension JobControl {
    /// In the engine's words.
    fileprivate var searchStop: StopReason? {
        stopReason.map { $0.code == .cancelled ? .cancelled : .deadline }
    }
}
