internal import Synchronization

/// Batches that searches are done with, for the next ones: small searches would take longer to make
/// one than to answer. Safe to use from any thread.
final class BatchPool: Sendable {
    /// The most that are kept; what comes back beyond them is dropped.
    private static let limit = 16

    private let batches = Mutex<[CandidateBatch]>([])

    /// A batch to be prepared.
    func take() -> CandidateBatch {
        batches.withLock { $0.popLast() } ?? CandidateBatch()
    }

    /// Keeps a batch for another search.
    func give(_ batch: consuming CandidateBatch) {
        guard batch.isSmall else { return }
        // Moved, not copied: eight buffers would be counted up and down.
        var batch: CandidateBatch? = batch
        batches.withLock { batches in
            if batches.count < Self.limit, let batch = batch.take() { batches.append(batch) }
        }
    }
}
