import Dispatch

/// The time between two questions, or two queries: pacing, never a wait for something to happen.
enum Pause {
    /// Lets that much time pass without holding a thread; not cut short by cancellation.
    static func last(_ duration: Duration) async {
        guard duration > .zero else { return }
        await withCheckedContinuation { continuation in
            let time = DispatchTime.now() + .nanoseconds(Int(duration / .nanoseconds(1)))
            DispatchQueue.global().asyncAfter(deadline: time) {
                continuation.resume()
            }
        }
    }
}
