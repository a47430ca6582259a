/// Work on many items by several threads.
enum Parallel {
    private struct Progress<Output: Sendable>: Sendable {
        var next = 0
        var running = 0
        var results: [Result<Output, IndexError>?]
    }

    /// Applies `body` to every item, on the calling thread and up to `threads` - 1 others.
    ///
    /// When no more threads can be had, the ones there are do it all.
    ///
    /// - Returns: The results in the order of the items.
    /// - Throws: The error of the first item that failed, in the order of the items; items not
    ///   begun by then are left out.
    static func map<Item: Sendable, Output: Sendable>(
        _ items: [Item], threads: Int,
        _ body: @escaping @Sendable (Item) throws(IndexError) -> Output
    ) throws(IndexError) -> [Output] {
        guard threads > 1, items.count > 1 else {
            var results: [Output] = []
            for item in items { results.append(try body(item)) }
            return results
        }
        let progress = Monitor(
            Progress<Output>(results: Array(repeating: nil, count: items.count)))
        let work: @Sendable () -> Void = {
            while let index = claim(progress) {
                let result = Result { () throws(IndexError) in try body(items[index]) }
                progress.update { state in
                    state.results[index] = result
                    state.running -= 1
                    if case .failure = result { state.next = items.count }
                }
            }
        }
        for number in 1..<min(threads, items.count)
        where RawThread.start(name: "build \(number)", work) != 0 {
            break
        }
        work()
        let results = progress.wait { state in
            state.next >= items.count && state.running == 0 ? state.results : nil
        }
        var outputs: [Output] = []
        for result in results {
            if let result { outputs.append(try result.get()) }
        }
        return outputs
    }

    /// The next item to work on; nil when all are taken.
    private static func claim<Output>(_ progress: Monitor<Progress<Output>>) -> Int? {
        progress.update { state in
            guard state.next < state.results.count else { return nil }
            state.next += 1
            state.running += 1
            return state.next - 1
        }
    }
}
