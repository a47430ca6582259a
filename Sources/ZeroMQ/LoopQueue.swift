internal import Synchronization

/// A bounded queue into a loop, filled by any thread. Its first element wakes the loop's poll; a burst costs one
/// wake. What the loop's own thread adds wakes nobody: the loop looks for it before it waits.
final class LoopQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isWakeSent = false
        var isClosed = false
        var thread = ThreadMark()
    }

    /// The most elements that wait at one time.
    let capacity: Int

    private let wake: WakeDescriptor
    private let state = Mutex(State())

    /// - Parameter wake: Of the loop; its other queues may have the same.
    init(capacity: Int, wake: WakeDescriptor) {
        precondition(capacity > 0, "a queue needs room, not \(capacity)")
        self.capacity = capacity
        self.wake = wake
    }

    /// Adds an element; false when the queue is full or closed, and then nothing was added.
    func add(_ element: Element, evenIfFull: Bool = false) -> Bool {
        let (isAdded, needsWake) = state.withLock { state in
            let hasRoom = evenIfFull || state.elements.count < capacity
            guard !state.isClosed, hasRoom else { return (false, false) }
            state.elements.append(element)
            if state.isWakeSent || state.thread.isCurrent { return (true, false) }
            state.isWakeSent = true
            return (true, true)
        }
        if needsWake { wake.signal() }
        return isAdded
    }

    /// Whether nothing waits.
    var isEmpty: Bool { state.withLock { $0.elements.isEmpty } }

    /// Whether nothing more is taken in.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Notes that the calling thread is the loop's.
    func begin() {
        state.withLock { $0.thread.set() }
    }

    /// Moves the first elements, up to a limit, into `batch`, which must be empty and may lend its storage to
    /// the next ones. On the loop's thread, after `wake` was reset if it was signalled: what is added in
    /// between is taken now, and what is added after sends a new wake. At worst one wake finds nothing.
    func take(atMost limit: Int = .max, into batch: inout [Element]) {
        state.withLock { state in
            state.isWakeSent = false
            guard state.elements.count > limit else { return swap(&state.elements, &batch) }
            batch.append(contentsOf: state.elements[..<limit])
            state.elements.removeFirst(limit)
        }
    }

    /// Takes nothing more in; what waits can still be taken.
    func close() {
        state.withLock { $0.isClosed = true }
    }
}
