internal import Synchronization

/// Runs tasks on a loop's own thread, so that neither what they post to the loop nor what they are resumed
/// with by it goes from one thread to another.
///
/// What these tasks do holds up the loop: they must not block nor compute for long. Jobs beyond the limit,
/// and all once the loop has ended, run in the global pool instead, so that every task goes on.
package final class LoopExecutor: TaskExecutor {
    /// Jobs that wait at one time.
    private static let capacity = 4_096

    private struct State {
        var jobs: [UnownedJob] = []
        var isWakeSent = false
        var isClosed = false
        var thread = ThreadMark()

        mutating func takeJobs() -> [UnownedJob] {
            defer { jobs = [] }
            return jobs
        }
    }

    private let state = Mutex(State())
    /// That of the loop's inbox.
    private let wake: WakeDescriptor

    init(wake: WakeDescriptor) {
        self.wake = wake
    }

    /// Queues a job for the loop's next turn. Any thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (isQueued, needsWake) = state.withLock { state in
            guard !state.isClosed, state.jobs.count < Self.capacity else { return (false, false) }
            state.jobs.append(job)
            if state.isWakeSent || state.thread.isCurrent { return (true, false) }
            state.isWakeSent = true
            return (true, true)
        }
        if needsWake { wake.signal() }
        if !isQueued { globalConcurrentExecutor.enqueue(job) }
    }

    /// Notes which thread the loop is.
    func begin() {
        state.withLock { $0.thread.set() }
    }

    /// Whether no job waits.
    var isEmpty: Bool { state.withLock { $0.jobs.isEmpty } }

    /// Runs the jobs that wait, not those that they add; whether there were any. On the loop's thread, after
    /// the wake descriptor was reset.
    func runJobs() -> Bool {
        let jobs = state.withLock { state in
            state.isWakeSent = false
            return state.takeJobs()
        }
        for job in jobs {
            // The executor outlives the call, which this object's own method makes.
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
        return !jobs.isEmpty
    }

    /// Gives what waits, and all that is to come, to the global pool.
    func close() {
        let jobs = state.withLock { state in
            state.isClosed = true
            return state.takeJobs()
        }
        for job in jobs { globalConcurrentExecutor.enqueue(job) }
    }
}
