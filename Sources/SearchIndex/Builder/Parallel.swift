/// Work on many items by several threads.
enum Parallel {
    private struct Progress<Output: Sendable>: Sendable {
        /// The next item to begin.
        var next = 0
        var running = 0
        /// How many results were taken, in order.
        var taken = 0
        var isOver = false
        var results: [Result<Output, IndexError>?]

        /// Begins the next item if it is less than `window` ahead of what was taken.
        mutating func claim(window: Int) -> Int? {
            guard next < results.count, next - taken < window else { return nil }
            next += 1
            running += 1
            return next - 1
        }
    }

    /// What the calling thread does next.
    private enum Step<Output> {
        case take(Result<Output, IndexError>)
        case work(Int)
        case end
    }

    /// Applies `body` to every item, on the calling thread and up to `threads` - 1 others.
    ///
    /// - Returns: The results in the order of the items.
    /// - Throws: The error of the first item that failed, in the order of the items; items not
    ///   begun by then are left out.
    static func map<Item: Sendable, Output: Sendable>(
        _ items: [Item], threads: Int,
        _ body: @escaping @Sendable (Item) throws(IndexError) -> Output
    ) throws(IndexError) -> [Output] {
        var outputs: [Output] = []
        try forEach(items, threads: threads, window: items.count, body) { outputs.append($0) }
        return outputs
    }

    /// Applies `body` to every item, on the calling thread and up to `threads` - 1 others, and calls
    /// `take` with each result on the calling thread, in the order of the items, while the other
    /// threads go on.
    ///
    /// When no more threads can be had, the ones there are do it all.
    ///
    /// - Parameter window: The most items that are begun and not yet taken.
    /// - Throws: The error of the first item that failed, in the order of the items, or that of
    ///   `take`; items not begun by then are left out.
    static func forEach<Item: Sendable, Output: Sendable>(
        _ items: [Item], threads: Int, window: Int,
        _ body: @escaping @Sendable (Item) throws(IndexError) -> Output,
        take: (Output) throws(IndexError) -> Void
    ) throws(IndexError) {
        guard threads > 1, items.count > 1 else {
            for item in items { try take(body(item)) }
            return
        }
        let progress = Monitor(
            Progress<Output>(results: Array(repeating: nil, count: items.count)))
        let work: @Sendable (Int) -> Void = { index in
            let result = Result { () throws(IndexError) in try body(items[index]) }
            progress.update { state in
                state.results[index] = result
                state.running -= 1
            }
        }
        for number in 1..<min(threads, items.count)
        where RawThread.start(
            name: "build \(number)",
            { while let index = claim(progress, window: window) { work(index) } }) != 0
        {
            break
        }
        defer { close(progress) }
        while true {
            switch step(progress, window: window) {
            case .take(let result): try take(result.get())
            case .work(let index): work(index)
            case .end: return
            }
        }
    }

    /// Calls `aside` on another thread, if there may be several, and `body` on the calling one.
    ///
    /// - Returns: What both return.
    /// - Throws: The error of `aside`, or else that of `body`, when both have ended.
    static func both<Aside: Sendable, Own>(
        threads: Int, aside: @escaping @Sendable () throws(IndexError) -> Aside,
        _ body: () throws(IndexError) -> Own
    ) throws(IndexError) -> (Aside, Own) {
        let end = Monitor<Result<Aside, IndexError>?>(nil)
        let work: @Sendable () -> Void = {
            let result = Result { () throws(IndexError) in try aside() }
            end.update { $0 = result }
        }
        if threads == 1 || RawThread.start(name: "build aside", work) != 0 { work() }
        let own = Result { () throws(IndexError) in try body() }
        return (try end.wait { $0 }.get(), try own.get())
    }

    /// The next item for another thread, waiting until there may be one; nil when all are begun.
    private static func claim<Output>(
        _ progress: Monitor<Progress<Output>>, window: Int
    ) -> Int? {
        progress.wait { state -> Int?? in
            if state.isOver || state.next == state.results.count { return .some(nil) }
            return state.claim(window: window).map(Optional.some)
        }
    }

    private static func step<Output>(
        _ progress: Monitor<Progress<Output>>, window: Int
    ) -> Step<Output> {
        progress.wait { state in
            if state.taken == state.results.count { return .end }
            if let result = state.results[state.taken] {
                state.results[state.taken] = nil
                state.taken += 1
                return .take(result)
            }
            return state.claim(window: window).map(Step.work)
        }
    }

    /// Lets the other threads begin nothing more, and waits for them.
    private static func close<Output>(_ progress: Monitor<Progress<Output>>) {
        progress.update { $0.isOver = true }
        progress.wait { $0.running == 0 ? () : nil }
    }
}
