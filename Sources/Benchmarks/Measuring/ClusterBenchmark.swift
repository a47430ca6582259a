import ClusterCore
import ClusterRuntime
import WireMessages

/// Queries through a broker and its workers, as a client sees them over ipc.
struct ClusterBenchmark: Benchmark {
    enum Mode: Sendable {
        /// One item at a time, asked for on the connection's own thread: the time from submitting it to
        /// its answer.
        case oneInFlight
        /// The same, asked for by a task of the global pool.
        case oneInFlightFromPool
        /// Messages of 64 items, four of them under way: items a second.
        case batches
    }

    let mode: Mode
    /// The name of the index at the cluster, and its shards.
    let index: String
    let shards: Int
    let withDocuments: Bool
    let queries: QuerySet
    let client: ClientConnection

    static let itemsOfAMessage = 64
    static let messagesInFlight = 4

    var name: String { Self.name(mode, shards: shards, withDocuments: withDocuments) }
    private var texts: [String] { queries.texts }
    var title: String {
        "\(name), \(mode == .batches ? "queries/s" : "µs a query"), on \(queries.description)"
    }

    static func name(_ mode: Mode, shards: Int, withDocuments: Bool) -> String {
        let what =
            switch mode {
            case .oneInFlight: "one in flight"
            case .oneInFlightFromPool: "one in flight from the pool"
            case .batches: "64-item messages"
            }
        let content = withDocuments ? "with documents" : "ids and scores"
        return "cluster, \(what), \(shards == 1 ? "1 shard" : "\(shards) shards"), \(content)"
    }

    mutating func measure() async throws -> [Observation] {
        switch mode {
        case .oneInFlight:
            try await withTaskExecutorPreference(client.executor) { try await measureTimes() }
        case .oneInFlightFromPool: try await measureTimes()
        case .batches: try await measureRate()
        }
    }

    private func measureTimes() async throws -> [Observation] {
        var times: [Duration] = []
        var outcomes: [Outcome?] = []
        for text in texts {
            let batch = batch(of: [text])
            let began = ContinuousClock.now
            let outcome = await client.outcome(of: batch)
            times.append(ContinuousClock.now - began)
            outcomes.append(outcome)
        }
        try check(outcomes)
        return [.times(name, on: queries.description, Samples(times))]
    }

    private func measureRate() async throws -> [Observation] {
        let starts = Array(stride(from: 0, to: texts.count, by: Self.itemsOfAMessage))
        let began = ContinuousClock.now
        let outcomes = await withTaskGroup(of: (Int, [Outcome?]).self) { group in
            var outcomes = [Outcome?](repeating: nil, count: texts.count)
            for (number, start) in starts.enumerated() {
                if number >= Self.messagesInFlight, let (first, some) = await group.next() {
                    outcomes.replaceSubrange(first..<first + some.count, with: some)
                }
                group.addTask { (start, await answers(from: start)) }
            }
            for await (first, some) in group {
                outcomes.replaceSubrange(first..<first + some.count, with: some)
            }
            return outcomes
        }
        let seconds = (ContinuousClock.now - began).seconds
        try check(outcomes)
        return [.number(name, on: queries.description, Double(texts.count) / seconds, "queries/s")]
    }

    /// The outcomes of one message's items, by their place in it.
    private func answers(from start: Int) async -> [Outcome?] {
        let some = texts[start..<min(start + Self.itemsOfAMessage, texts.count)]
        var outcomes = [Outcome?](repeating: nil, count: some.count)
        for await answered in client.submit(batch(of: some)) {
            for (item, outcome) in answered { outcomes[item] = outcome }
        }
        return outcomes
    }

    /// One item and its answer, not timed.
    func answer(to text: String) async throws -> (WireItem, ItemAnswer) {
        let batch = batch(of: [text])
        guard let outcome = await client.outcome(of: batch) else {
            throw BenchmarkError("\(name): no answer to `\(text)`")
        }
        return (batch.items[0], try outcome.get())
    }

    private func batch(of some: some Collection<String>) -> ClientBatch {
        var settings = WireSubmit()
        settings.indexes = [index]
        settings.limit = UInt32(hitsOfAnItem)
        settings.documents = withDocuments ? .source : .none
        let items = some.map { text in
            var item = WireItem()
            item.text = text
            return item
        }
        return ClientBatch(settings: settings, items: items, budget: .seconds(30))
    }

    private func check(_ outcomes: [Outcome?]) throws {
        var answers: [Answer] = []
        for (text, outcome) in zip(texts, outcomes) {
            guard let outcome else { throw BenchmarkError("\(name): no answer to `\(text)`") }
            let answer = try outcome.get()
            let coverage = answer.meta.coverage
            guard coverage.shards == UInt32(shards), coverage.ok == coverage.shards else {
                throw BenchmarkError("\(name): `\(text)` was answered by \(coverage)")
            }
            guard answer.documents.count == (withDocuments ? answer.hits.count : 0) else {
                throw BenchmarkError(
                    "\(name): \(answer.documents.count) documents for \(answer.hits.count) hits")
            }
            answers.append(Answer(answer))
        }
        try answers.check(against: queries, name)
    }
}

private typealias Outcome = Result<ItemAnswer, ItemFailure>
