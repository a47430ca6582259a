internal import Synchronization

/// Buffers that searches were done with, for the next ones: small searches would take longer to make
/// them than to answer. Safe to use from any thread.
final class BufferPool<Buffers: ReusableBuffers>: Sendable {
    private let kept = Mutex<[Buffers]>([])

    /// The most that are kept; what comes back beyond them is dropped.
    private static var limit: Int { 16 }

    /// Buffers to be prepared.
    func take() -> Buffers {
        var taken: Buffers?
        kept.withLock { taken = $0.popLast() }
        // Moved, not copied: every buffer would be counted up and down.
        guard let buffers = taken.take() else { return Buffers() }
        return buffers
    }

    /// Keeps buffers for another search, unless they have grown large.
    func give(_ buffers: consuming Buffers) {
        guard buffers.isSmall else { return }
        var buffers: Buffers? = buffers
        kept.withLock { kept in
            if kept.count < Self.limit, let buffers = buffers.take() { kept.append(buffers) }
        }
    }
}

/// What searches may use one after the other.
protocol ReusableBuffers: Sendable {
    /// New ones.
    init()

    /// Whether they are worth keeping.
    var isSmall: Bool { get }
}
