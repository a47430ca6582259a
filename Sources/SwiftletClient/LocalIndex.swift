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

    private func answer(
        _ request: SearchRequest, _ options: SearchOptions
    ) -> Result<SearchResponse, SearchError> {
        let began = ContinuousClock.now
        let deadline = began + options.budget
        do {
            let name = index.description.name
            guard options.indexes.isEmpty || options.indexes.contains(name) else {
                throw SearchError(
                    code: "NOT_FOUND",
                    message: "the index is called '\(name)', not \(options.indexes)")
            }
            let query = try index.parse(
                request.text,
                defaultOperator: (request.queryOperator ?? options.queryOperator) == .and
                    ? .and : .or, mode: options.isLenient ? .lenient : .strict)
            let found = try index.search(
                query, limit: Int(request.limit ?? options.limit),
                offset: Int(request.offset ?? options.offset),
                limits: ExpansionLimits(excess: options.isLenient ? .cut : .refused),
                control: SearchControl { deadline <= .now ? .deadline : nil })
            let hits = try found.hits.map { try self.hit($0, options.documents) }
            let shards = UInt32(index.shards.count)
            let degraded = UInt32(found.degradedShards)
            return .success(
                SearchResponse(
                    hits: hits, totalHits: found.totalHits, took: began.duration(to: .now),
                    coverage: SearchCoverage(
                        shards: shards, ok: shards - degraded, degraded: degraded)))
        } catch {
            return .failure(SearchError(local: error))
        }
    }

    private func hit(_ found: ShardHit, _ withDocument: Bool) throws -> SearchHit {
        SearchHit(
            id: String(decoding: found.hit.id, as: UTF8.self), score: found.hit.score,
            index: index.description.name, shard: found.shard.rawValue,
            orderKey: found.hit.orderKey.rawValue,
            document: withDocument ? try index.document(of: found) : nil)
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
        case SearchIndex.SearchError.deadline:
            self.init(code: "DEADLINE", message: "the search did not end within its time budget")
        case SearchIndex.SearchError.tooManyTerms:
            self.init(code: "TOO_LARGE", message: "\(error)")
        case SearchIndex.SearchError.noSuchDocument:
            self.init(code: "NOT_FOUND", message: "\(error)")
        case SearchIndex.SearchError.pattern, SearchIndex.SearchError.unsupported:
            self.init(code: "BAD_REQUEST", message: "\(error)")
        default: self.init(code: "INTERNAL", message: "\(error)")
        }
    }
}
