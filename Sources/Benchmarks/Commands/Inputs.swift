import ClusterRuntime

/// What a run measures with: documents, opened indexes, queries with their reference answers.
struct Inputs {
    let corpus: Corpus
    let one: EngineIndex
    let four: EngineIndex
    /// Queries sent in batches.
    let batched: QuerySet
    /// Their first ones, timed one by one.
    let timed: QuerySet
    /// Queries sent in batches that cost next to nothing to search.
    let lightBatched: QuerySet
    let lightTimed: QuerySet

    /// - Throws: `BenchmarkError` if the data is unfit, such as queries that mostly find nothing.
    init(_ options: RunOptions) throws {
        corpus = try Corpus(path: options.documents)
        one = try EngineIndex(directory: "\(options.data)/one")
        four = try EngineIndex(directory: "\(options.data)/four")
        guard one.documents == corpus.documents, four.documents == corpus.documents else {
            throw BenchmarkError(
                "\(options.data) has indexes of \(one.documents) and \(four.documents) documents, "
                    + "\(options.documents) has \(corpus.documents): prepare them again")
        }
        let texts = try Queries.read(options.queries, atMost: options.batchQueries)
        batched = try QuerySet(texts, in: one, kind: "queries")
        timed = batched.prefix(options.timedQueries, kind: "queries")
        lightBatched = try QuerySet.light(from: texts, in: one, count: options.batchQueries)
        lightTimed = lightBatched.prefix(options.timedQueries, kind: "light queries")
        let unanswered = batched.answers.count { $0.hits.isEmpty }
        guard unanswered * 10 < texts.count else {
            throw BenchmarkError(
                "\(unanswered) of \(texts.count) queries find nothing: make them from the documents"
            )
        }
    }

    var description: String {
        "\(corpus.description); queries made from the documents, \(batched.description) in batches, "
            + "the first \(timed.texts.count.grouped) one by one; \(lightBatched.description) in "
            + "batches, the first \(lightTimed.texts.count.grouped) one by one; top \(hitsOfAnItem)"
    }

    /// Queries that take long to search.
    func heavy(_ options: RunOptions) throws -> QuerySet {
        try .heavy(
            from: batched.texts, in: one, count: options.heavyQueries,
            least: .seconds(options.heavyMilliseconds / 1_000))
    }

    /// All ways of searching in process.
    var searchBenchmarks: [SearchBenchmark] {
        [
            SearchBenchmark(index: one, queries: timed),
            SearchBenchmark(index: four, queries: timed),
            SearchBenchmark(index: one, queries: lightTimed),
        ]
    }

    /// All ways through a cluster; the first is the one with light queries, one shard, one item in
    /// flight, ids and scores only.
    func clusterBenchmarks(_ client: ClientConnection) -> [ClusterBenchmark] {
        func benchmark(
            _ mode: ClusterBenchmark.Mode, _ index: (name: String, index: EngineIndex),
            withDocuments: Bool, _ queries: QuerySet
        ) -> ClusterBenchmark {
            ClusterBenchmark(
                mode: mode, index: index.name, shards: index.index.shards,
                withDocuments: withDocuments, queries: queries, client: client)
        }
        var benchmarks = [
            benchmark(.oneInFlight, ("one", one), withDocuments: false, lightTimed),
            benchmark(.batches, ("one", one), withDocuments: false, lightBatched),
        ]
        for index in [("one", one), ("four", four)] {
            for withDocuments in [false, true] {
                benchmarks.append(
                    benchmark(.oneInFlight, index, withDocuments: withDocuments, timed))
                benchmarks.append(
                    benchmark(.batches, index, withDocuments: withDocuments, batched))
            }
        }
        return benchmarks
    }
}
