import ClusterCore

/// Runs a batch of any length through a backend with bounded memory, and gives the answers in the
/// order of the queries.
///
/// Queries are cut into chunks, several of which are open at once. A chunk that ends before an
/// earlier one waits for it, and counts as open while it waits, so at most `openChunks` chunks are
/// held whatever the batch's length.
package struct BatchRunner: Sendable {
    /// Queries in a chunk.
    package var chunkLength = 64
    /// Chunks held at once.
    package var openChunks = 24

    private let backend: any SearchBackend
    private let options: SearchOptions

    /// A runner over a backend.
    package init(backend: any SearchBackend, options: SearchOptions) {
        self.backend = backend
        self.options = options
    }

    /// The answers of one chunk, in the order of its queries.
    package typealias Chunk = [(line: BatchLine, answer: Result<SearchResponse, SearchError>)]

    /// Runs the batch.
    ///
    /// - Parameters:
    ///   - next: gives the next query, nil at the end; called from this task only.
    ///   - write: gets every chunk, in order; called from this task only.
    /// - Throws: what `next` and `write` throw; open work is then cancelled.
    package func run(
        next: () throws -> BatchLine?, write: (Chunk) throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (number: Int, chunk: Chunk).self) { group in
            var started = 0
            var written = 0
            var ended: [Int: Chunk] = [:]
            var isAtEnd = false
            while true {
                while !isAtEnd, started - written < openChunks {
                    let lines = try read(next)
                    isAtEnd = lines.count < chunkLength
                    guard !lines.isEmpty else { break }
                    let number = started
                    started += 1
                    group.addTask { (number, await answers(to: lines)) }
                }
                guard written < started else { return }
                if let (number, chunk) = try await group.next() { ended[number] = chunk }
                while let chunk = ended.removeValue(forKey: written) {
                    try write(chunk)
                    written += 1
                }
            }
        }
    }

    private func read(_ next: () throws -> BatchLine?) throws -> [BatchLine] {
        var lines: [BatchLine] = []
        while lines.count < chunkLength, let line = try next() { lines.append(line) }
        return lines
    }

    private func answers(to lines: [BatchLine]) async -> Chunk {
        let answers = await backend.answers(to: lines.map(\.request), options: options)
        return Array(zip(lines, answers)).map { ($0.0, $0.1) }
    }
}

/// Counts and times of a batch.
package struct BatchSummary: Sendable {
    package private(set) var items = 0
    package private(set) var completed = 0
    package private(set) var failed = 0
    /// Tasks sent again, and tasks also given to a second replica, for the items above.
    package private(set) var resent = 0
    package private(set) var hedged = 0
    /// A fair sample of the times answers took, in microseconds.
    private var sample: [UInt64] = []
    private var timed = 0
    private static let sampleSize = 100_000

    package init() {}

    /// Counts an answer. Only complete answers count as completed.
    package mutating func add(_ answer: Result<SearchResponse, SearchError>) {
        items += 1
        switch answer {
        case .success(let response):
            count(response.coverage)
            guard response.coverage.isComplete else {
                failed += 1
                return
            }
            completed += 1
            time(response.took)
        case .failure(let error):
            failed += 1
            if let coverage = error.coverage { count(coverage) }
        }
    }

    private mutating func count(_ coverage: SearchCoverage) {
        resent += Int(coverage.resent)
        hedged += Int(coverage.hedged)
    }

    /// Keeps every time with the same chance (Vitter, "Random Sampling with a Reservoir", 1985,
    /// algorithm R).
    private mutating func time(_ took: Duration) {
        let (seconds, attoseconds) = took.components
        let microseconds = UInt64(
            clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        timed += 1
        if sample.count < Self.sampleSize {
            sample.append(microseconds)
        } else {
            let place = Int.random(in: 0..<timed)
            if place < sample.count { sample[place] = microseconds }
        }
    }

    /// As JSON, for `--summary`.
    package func json(seconds: Double) -> String {
        let (p50, p99) = percentiles
        let rate = seconds > 0 ? Double(items) / seconds : 0
        return """
            {"items":\(items),"completed":\(completed),"failed":\(failed),"resent":\(resent),\
            "hedged":\(hedged),"seconds":\(seconds),"queries_per_second":\(rate),"p50_us":\(p50),"p99_us":\(p99)}
            """
    }

    /// Median and 99th percentile of the times, in microseconds; zeros without any.
    package var percentiles: (p50: UInt64, p99: UInt64) {
        Percentiles.medianAnd99th(of: sample)
    }
}
