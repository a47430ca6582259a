/// The threads of a build: each turns blocks of lines into runs of its own.
///
/// Used by one thread; blocks that wait are as many as there are threads.
final class BlockPool {
    private struct State: Sendable {
        var queue: [(number: Int, block: InputBlock)] = []
        var results: [Int: [BadLine]] = [:]
        var running = 0
        var isClosed = false
        var failure: IndexError?
        var runs: [RunSource] = []
    }

    private let state = Monitor(State())
    private let threads: Int
    private var submitted = 0
    private var reported = 0

    /// Starts the threads.
    ///
    /// - Throws: `inputOutput` when there can be no thread at all.
    init(
        _ options: IndexBuildOptions, folder: String, threads: Int, memoryBytes: Int
    ) throws(IndexError) {
        self.threads = threads
        for number in 0..<threads {
            let worker = RunWorker(
                options, folder: folder, name: "\(number)", memoryBytes: memoryBytes / threads)
            state.update { $0.running += 1 }
            let code = RawThread.start(name: "build \(number)") { [state] in
                Self.run(worker, state)
            }
            if code == 0 { continue }
            state.update { $0.running -= 1 }
            // The threads there are do it all.
            if number > 0 { break }
            throw SystemError.error(code, "start a thread", path: folder)
        }
    }

    deinit { close() }

    /// Queues a block, waiting for room.
    ///
    /// - Returns: Bad lines found so far and not returned before, in the order of the input.
    func add(_ block: InputBlock) throws(IndexError) -> [BadLine] {
        let number = submitted
        submitted += 1
        let (limit, reported) = (threads, reported)
        let (bad, done, failure) = state.wait { state -> ([BadLine], Int, IndexError?)? in
            guard state.queue.count < limit || state.failure != nil else { return nil }
            state.queue.append((number, block))
            let (bad, done) = Self.takeResults(&state, from: reported)
            return (bad, done, state.failure)
        }
        self.reported = done
        if let failure { throw failure }
        return bad
    }

    /// Waits until all blocks are done.
    ///
    /// - Returns: Bad lines not returned before, in the order of the input, and all runs.
    func finish() throws(IndexError) -> (bad: [BadLine], runs: [RunSource]) {
        state.update { $0.isClosed = true }
        let reported = reported
        let (bad, done, failure, runs) = state.wait { state in
            guard state.running == 0 else {
                return nil as ([BadLine], Int, IndexError?, [RunSource])?
            }
            let (bad, done) = Self.takeResults(&state, from: reported)
            return (bad, done, state.failure, state.runs)
        }
        self.reported = done
        if let failure { throw failure }
        return (bad, runs)
    }

    /// Ends the threads and waits for them; blocks that wait are dropped.
    func close() {
        state.update { state in
            state.isClosed = true
            state.queue = []
        }
        state.wait { $0.running == 0 ? () : nil }
    }

    private static func takeResults(
        _ state: inout State, from first: Int
    ) -> (bad: [BadLine], next: Int) {
        var next = first
        var bad: [BadLine] = []
        while let lines = state.results.removeValue(forKey: next) {
            bad += lines
            next += 1
        }
        return (bad, next)
    }

    private static func run(_ initial: RunWorker, _ state: Monitor<State>) {
        var worker = initial
        var failure: IndexError?
        while failure == nil, let (number, block) = next(state) {
            let bad = worker.add(block)
            do throws(IndexError) { try worker.spillIfNeeded() } catch { failure = error }
            state.update { $0.results[number] = bad }
        }
        let runs = worker.finish()
        let problem = failure
        state.update { state in
            state.runs += runs
            state.running -= 1
            guard let problem else { return }
            state.failure = state.failure ?? problem
            state.queue = []
            state.isClosed = true
        }
    }

    private static func next(_ state: Monitor<State>) -> (number: Int, block: InputBlock)? {
        state.wait { state -> (number: Int, block: InputBlock)?? in
            if !state.queue.isEmpty { return .some(state.queue.removeFirst()) }
            return state.isClosed ? .some(nil) : nil
        }
    }
}
