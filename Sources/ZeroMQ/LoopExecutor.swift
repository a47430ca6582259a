/// Runs tasks on a loop's own thread, so that neither what they post to the loop nor what they are resumed
/// with by it goes from one thread to another.
///
/// What these tasks do holds up the loop: they must not block nor compute for long. Jobs beyond the limit,
/// and all once the loop has ended, run in the global pool instead, so that every task goes on.
package final class LoopExecutor: TaskExecutor {
    /// Jobs that wait at one time.
    private static let capacity = 4_096
    /// Jobs of a turn, so that many delay sockets and timers by no more than about a millisecond.
    private static let jobsPerTurn = 64

    private let queue: LoopQueue<UnownedJob>

    /// - Parameter wake: That of the loop's inbox.
    init(wake: WakeDescriptor) {
        queue = LoopQueue(capacity: Self.capacity, wake: wake)
    }

    /// Queues a job for the loop's next turn. Any thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !queue.add(job) { globalConcurrentExecutor.enqueue(job) }
    }

    /// Whether no job waits.
    var isEmpty: Bool { queue.isEmpty }

    /// Notes that the calling thread is the loop's.
    func begin() {
        queue.begin()
    }

    /// Runs jobs that wait, up to a turn's, not those that they add.
    ///
    /// On the loop's thread, after the wake descriptor was reset.
    ///
    /// - Parameter jobs: Empty before and after; lends its storage.
    func run(_ jobs: inout [UnownedJob]) {
        queue.take(atMost: Self.jobsPerTurn, into: &jobs)
        for job in jobs {
            // The executor outlives the call, which this object's own method makes.
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
        jobs.removeAll(keepingCapacity: true)
    }

    /// Gives what waits, and all that is to come, to the global pool.
    func close() {
        queue.close()
        var jobs: [UnownedJob] = []
        queue.take(into: &jobs)
        for job in jobs { globalConcurrentExecutor.enqueue(job) }
    }
}
