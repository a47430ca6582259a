import ClusterCore
import SearchIndex
import WireMessages
import WireProtocol

/// The opened shards of one worker, and the work on them. Immutable: every search thread uses it.
struct ShardHost: Sendable {
    /// What HELLO says of them, one for each index.
    let announcements: [WireServedIndex]
    private let searchers: [ServedShardKey: ShardSearcher]

    /// Opens the shards: milliseconds each, whatever their size.
    ///
    /// - Throws: `IndexError` naming the file; a shard number that the index does not have is one.
    init(dataFolder: String, serve: [(index: String, shards: ShardSelection)]) throws {
        var announcements: [WireServedIndex] = []
        var searchers: [ServedShardKey: ShardSearcher] = [:]
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
        }
        self.announcements = announcements
        self.searchers = searchers
    }

    /// Does a job to its end, or until its control says stop. Called on a search thread.
    func perform(_ job: WorkerJob, control: JobControl) -> JobOutcome {
        guard let searcher = searchers[job.shard] else {
            return .failed(.notFound, "shard \(job.shard.index)/\(job.shard.shard) is not open")
        }
        do {
            switch job.kind {
            case .search(let search):
                return .hits(try answer(search, searcher, control))
            case .fetch(let keys):
                return .documents(try documents(keys[...], in: searcher.shard, control))
            }
        } catch let failure as ItemFailure {
            return .failed(failure.code, failure.message)
        } catch let error as SearchError {
            return .failed(error.code, "\(error)")
        } catch {
            return .failed(.internal, "\(error)")
        }
    }

    private func answer(
        _ search: WorkerJob.SearchJob, _ searcher: ShardSearcher, _ control: JobControl
    ) throws -> ShardAnswer {
        let found = try searcher.search(
            search.query, k: search.k, statistics: search.statistics,
            control: SearchControl { control.searchStop })
        var documents: [[UInt8]] = []
        if let first = search.documentsFrom, first < found.hits.count {
            let keys = found.hits[first...].map(\.orderKey)
            documents = try self.documents(keys[...], in: searcher.shard, control)
        }
        return ShardAnswer(
            hits: found.hits, totalHits: found.totalHits,
            coveredDocuments: found.coveredDocuments, documents: documents)
    }

    /// The stored documents of some hits, within the limit on one answer.
    private func documents(
        _ keys: ArraySlice<OrderKey>, in shard: ShardReader, _ control: JobControl
    ) throws -> [[UInt8]] {
        var documents: [[UInt8]] = []
        var bytes = 0
        for key in keys {
            if let failure = control.stopReason { throw failure }
            guard let document = try shard.document(key) else {
                throw ItemFailure(
                    .internal, "shard \(shard.number) has no document with order key \(key)")
            }
            bytes += document.count
            guard bytes <= ProtocolLimits.maxAnswerDocumentBytes else {
                throw ItemFailure(
                    .tooLarge,
                    "the documents of this answer have more than "
                        + "\(ProtocolLimits.maxAnswerDocumentBytes) bytes: ask for fewer hits, or "
                        + "for ids only")
            }
            documents.append(document)
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

extension SearchError {
    fileprivate var code: WireErrorCode {
        switch self {
        case .cancelled: .cancelled
        case .deadline: .deadline
        case .tooManyTerms: .tooLarge
        case .noSuchDocument: .notFound
        case .pattern, .unsupported, .sort, .noText: .badRequest
        case .index: .internal
        }
    }
}
