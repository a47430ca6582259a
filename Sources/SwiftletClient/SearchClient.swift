import ClusterCore
import ClusterRuntime
public import Logging
package import SearchIndex
package import WireMessages
import WireProtocol
import ZeroMQ

/// A connection to a cluster: one search, or batches of any length.
///
/// Any number of tasks may use a client at once. It keeps to one broker of its list, and goes to
/// the next when that one is silent. Close it when it is no longer needed.
///
/// ```swift
/// let client = try SearchClient(endpoints: ["ipc:///run/swiftlet/broker-1.clients"])
/// let answer = try await client.search("text editor")
/// ```
public final class SearchClient: Sendable {
    /// Answers of a batch, each with the position of its request, in the order that the options name.
    public typealias Answers = AsyncStream<
        (index: Int, answer: Result<SearchResponse, SearchError>)
    >

    /// Items of one SUBMIT.
    static let longestSubmit = 1_000
    /// SUBMITs of one batch that are open at once.
    static let openSubmits = 4

    private let connection: ClientConnection

    /// A client of the brokers at `endpoints`, which need not be there yet.
    ///
    /// - Parameters:
    ///   - endpoints: of brokers' client sockets, at least one.
    ///   - name: shown in the broker's status.
    ///   - logger: for what the connection notices, such as a silent broker.
    /// - Throws: `SearchError` with `BAD_REQUEST` for an endpoint that cannot be used.
    public convenience init(
        endpoints: [String], name: String = "client", logger: Logger = Logger(label: "client")
    ) throws(SearchError) {
        try self.init(
            endpoints: endpoints, name: name, logger: logger, context: nil)
    }

    /// A client in a context of its own, or in the one whose `inproc` endpoints it is to reach.
    init(
        endpoints: [String], name: String, logger: Logger, context: Context?
    ) throws(SearchError) {
        guard !endpoints.isEmpty else {
            throw SearchError(code: "BAD_REQUEST", message: "no broker endpoint was given")
        }
        do {
            connection = try ClientConnection(
                settings: ClientSettings(name: name, brokerCount: endpoints.count),
                endpoints: endpoints, context: try context ?? Context(), logger: logger)
        } catch {
            throw SearchError(
                code: "BAD_REQUEST", message: "cannot connect to \(endpoints): \(error)")
        }
    }

    /// Runs tasks on the thread that owns the connection's socket, for the least latency: neither a search nor
    /// its answer then goes from one thread of the program to another.
    ///
    /// For tasks that ask one search after the other and do little else. What they do between two searches
    /// holds up everybody who uses this client: they must not block, nor compute for more than a few
    /// milliseconds. Jobs beyond 4096 that wait run in the global pool, as all do once the client is closed.
    ///
    /// ```swift
    /// try await withTaskExecutorPreference(client.executor) {
    ///     for text in texts { try await use(client.search(text)) }
    /// }
    /// ```
    public var executor: any TaskExecutor { connection.executor }

    /// Answers one query.
    ///
    /// - Parameters:
    ///   - text: the query, in the language of docs/query-language.md.
    ///   - limit: the most hits of the answer; nil for the options' limit.
    ///   - offset: how many of the best hits are left out; nil for the options' offset.
    /// - Throws: why there is no answer, such as `BAD_REQUEST`, `NO_WORKERS` or `DEADLINE`.
    public func search(
        _ text: String, limit: UInt32? = nil, offset: UInt32? = nil,
        options: SearchOptions = SearchOptions()
    ) async throws(SearchError) -> SearchResponse {
        let request = SearchRequest(text, limit: limit, offset: offset)
        return try await answers(to: [request], options: options)[0].get()
    }

    /// Answers one query over all indexes: the best hits with their documents.
    public func simpleSearch(
        _ text: String, limit: UInt32 = 10, offset: UInt32 = 0
    ) async throws(SearchError) -> SearchResponse {
        try await search(text, limit: limit, offset: offset)
    }

    /// Answers a batch; the stream gives every request's answer once and then ends.
    ///
    /// Requests go out in messages of at most 1000, of which few are open at once. Ending the
    /// iteration early cancels the rest.
    public func batch(
        _ requests: [SearchRequest], options: SearchOptions = SearchOptions()
    ) -> Answers {
        AsyncStream { continuation in
            let task = Task {
                let sequence = AnswerSequence { continuation.yield(($0, $1)) }
                let isInOrder = options.order == .submission
                await self.run(requests, options) { index, answer in
                    if isInOrder {
                        sequence.take(index, answer)
                    } else {
                        continuation.yield((index, answer))
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// The broker's view of the cluster.
    package func status(
        within budget: Duration = .seconds(2)
    ) async throws(SearchError) -> WireStatusReply {
        do {
            return try await connection.status(within: budget)
        } catch {
            throw SearchError(error)
        }
    }

    /// What the broker's process measures, as docs/operations.md lists it.
    package func metrics(
        within budget: Duration = .seconds(2)
    ) async throws(SearchError) -> WireMetricsReply {
        do {
            return try await connection.metrics(within: budget)
        } catch {
            throw SearchError(error)
        }
    }

    /// Changes settings of the broker; what is nil stays as it is.
    ///
    /// A broker speaks for itself alone: with several, each is told by a client of its own.
    ///
    /// - Returns: all settings then in force.
    /// - Throws: `BAD_REQUEST`, naming field, value and range; then nothing was changed.
    @discardableResult
    public func configure(
        _ change: ClusterSettings, within budget: Duration = .seconds(2)
    ) async throws(SearchError) -> ClusterSettings {
        var admin = WireAdmin()
        admin.configure = try change.wire
        return try await administer(admin, within: budget)
    }

    /// Changes how the broker uses a worker, until it is changed again; what is nil stays as it is.
    ///
    /// - Parameters:
    ///   - name: of a worker that has joined.
    ///   - isActive: whether it gets tasks; its health never changes that.
    ///   - weight: its share of the tasks; 0 for the one it announces.
    /// - Throws: `NOT_FOUND` for a worker that never joined, `BAD_REQUEST` for a weight out of range.
    public func setNode(
        _ name: String, isActive: Bool? = nil, weight: Double? = nil,
        within budget: Duration = .seconds(2)
    ) async throws(SearchError) {
        var admin = WireAdmin()
        admin.node.name = name
        if let isActive { admin.node.active = isActive }
        if let weight { admin.node.weight = weight }
        _ = try await administer(admin, within: budget)
    }

    /// Makes a supervisor start a worker and keep it running; see ``addNodes(_:within:)``.
    public func addNode(
        _ name: String, endpoint: String, weight: Double? = nil, threads: Int = 1,
        within budget: Duration = .seconds(10)
    ) async throws(SearchError) {
        let node = NewNode(name, endpoint: endpoint, weight: weight, threads: threads)
        try await addNodes([node], within: budget)
    }

    /// Makes a supervisor start workers and keep them running; with the first error none of those that
    /// are checked by the broker has been started.
    ///
    /// - Throws: `BAD_REQUEST` for a name that is taken or an index that is not there, `UNSUPPORTED`
    ///   where no supervisor has joined the broker.
    public func addNodes(
        _ nodes: [NewNode], within budget: Duration = .seconds(10)
    ) async throws(SearchError) {
        var admin = WireAdmin()
        admin.add.nodes = try nodes.map { node throws(SearchError) in try node.wire }
        _ = try await administer(admin, within: budget)
    }

    /// Makes a worker finish what it has, end, and be forgotten.
    ///
    /// - Throws: `NOT_FOUND` for a worker that is not known.
    public func removeNode(
        _ name: String, within budget: Duration = .seconds(10)
    ) async throws(SearchError) {
        var admin = WireAdmin()
        admin.remove.name = name
        _ = try await administer(admin, within: budget)
    }

    /// Makes a worker finish what it has and end; a supervisor does not start it again by itself.
    ///
    /// - Throws: `NOT_FOUND` for a worker that is not known.
    public func drainNode(
        _ name: String, within budget: Duration = .seconds(10)
    ) async throws(SearchError) {
        var admin = WireAdmin()
        admin.drain.name = name
        _ = try await administer(admin, within: budget)
    }

    /// Makes a supervisor start a worker that was drained, or that it has given up.
    ///
    /// - Throws: `NOT_FOUND` for a worker that no supervisor of the broker runs.
    public func startNode(
        _ name: String, within budget: Duration = .seconds(10)
    ) async throws(SearchError) {
        var admin = WireAdmin()
        admin.start.name = name
        _ = try await administer(admin, within: budget)
    }

    /// Makes the supervisors that have joined the broker end all their workers and brokers, and then
    /// themselves. Returns when they have begun; what is under way is finished first.
    ///
    /// - Parameter host: of the only supervisor to do so; nil for all.
    /// - Throws: `NOT_FOUND` where no such supervisor has joined the broker, `BAD_REQUEST` for a cluster
    ///   within a program, which stops it itself.
    public func stopCluster(
        host: String? = nil, within budget: Duration = .seconds(10)
    ) async throws(SearchError) {
        var admin = WireAdmin()
        admin.stop.host = host ?? ""
        _ = try await administer(admin, within: budget)
    }

    private func administer(
        _ change: WireAdmin, within budget: Duration
    ) async throws(SearchError) -> ClusterSettings {
        do {
            return ClusterSettings(try await connection.administer(change, within: budget))
        } catch {
            throw SearchError(error)
        }
    }

    /// Says goodbye; open work fails with `CANCELLED`.
    public func close() async {
        await connection.close()
    }

    private func run(
        _ requests: [SearchRequest], _ options: SearchOptions,
        _ report: @escaping @Sendable (Int, Result<SearchResponse, SearchError>) -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            var open = 0
            for start in stride(from: 0, to: requests.count, by: Self.longestSubmit) {
                if open == Self.openSubmits {
                    await group.next()
                    open -= 1
                }
                if Task.isCancelled { return }
                let part = requests[start..<min(start + Self.longestSubmit, requests.count)]
                let batch = ClientBatch(part, options)
                open += 1
                group.addTask { [connection] in
                    for await outcomes in connection.submit(batch) {
                        for (item, outcome) in outcomes { report(start + item, outcome.answer) }
                    }
                }
            }
        }
    }
}

extension SearchClient: SearchBackend {
    private static let connectionEnded = ItemFailure(
        .cancelled, "the connection ended without an answer")

    package func answers(
        to requests: [SearchRequest], options: SearchOptions
    ) async -> [Result<SearchResponse, SearchError>] {
        if requests.count == 1 { return [await outcome(of: requests[0], options).answer] }
        var answers = [Result<SearchResponse, SearchError>](
            repeating: .failure(SearchError(Self.connectionEnded)), count: requests.count)
        for await (index, answer) in batch(requests, options: options) {
            answers[index] = answer
        }
        return answers
    }

    package func explanation(
        of request: SearchRequest, documentID id: String, options: SearchOptions
    ) async -> Result<Explanation, SearchError> {
        await outcome(of: request, options) { $0.explain = id }
            .map { Explanation(wire: $0.meta.explanation) }.mapError { SearchError($0) }
    }

    /// Submits one request by itself: its caller is woken by the answer alone.
    private func outcome(
        of request: SearchRequest, _ options: SearchOptions,
        _ change: (inout WireItem) -> Void = { _ in }
    ) async -> Result<ItemAnswer, ItemFailure> {
        var batch = ClientBatch([request], options)
        change(&batch.items[0])
        return await connection.outcome(of: batch)
            ?? .failure(Self.connectionEnded)
    }
}
