import ClusterCore
import DequeModule
import Dispatch
import Synchronization
import SystemPackage
import WireMessages

/// A fixed number of threads that work on jobs, first come first served.
///
/// The queue needs no limit of its own: its one user, a `WorkerNode`, holds at most
/// `WorkerSettings.maxTasks` jobs at once.
final class SearchPool: Sendable {
    /// Does a job; asks the control now and then whether to stop.
    typealias Work = @Sendable (WorkerJob, JobControl) -> JobOutcome
    /// Gets each job's outcome, on the thread that did it, with the time it took.
    typealias Completion = @Sendable (JobID, JobOutcome, Duration) -> Void

    private struct State {
        var queue: Deque<(job: WorkerJob, control: JobControl)> = []
        var controls: [JobID: JobControl] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)
    private let threadCount: Int
    private let work: Work
    private let completion: Completion

    init(work: @escaping Work, completion: @escaping Completion, threadCount: Int) {
        self.work = work
        self.completion = completion
        self.threadCount = threadCount
    }

    /// Starts the threads. Call once.
    func start() throws(Errno) {
        for number in 0..<threadCount {
            try SystemThread.start(name: "search \(number)") { [self] in
                while let (job, control) = next() { run(job, control) }
            }
        }
    }

    /// Queues a job.
    func submit(_ job: WorkerJob) {
        let control = JobControl(deadline: job.deadline)
        state.withLock { state in
            state.queue.append((job, control))
            state.controls[job.id] = control
        }
        available.signal()
    }

    /// Does a job on the calling thread; its outcome is not for `completion`, and it cannot be cancelled.
    func performHere(_ job: WorkerJob) -> (outcome: JobOutcome, elapsed: Duration) {
        perform(job, JobControl(deadline: job.deadline))
    }

    /// Makes a job's control say stop; its outcome still comes. Unknown jobs have ended.
    func cancel(_ id: JobID) {
        state.withLock { $0.controls[id] }?.cancel()
    }

    /// Ends the threads once each is done with the job it has; queued jobs are dropped.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.queue = []
            for control in state.controls.values { control.cancel() }
        }
        for _ in 0..<threadCount { available.signal() }
    }

    private func next() -> (job: WorkerJob, control: JobControl)? {
        while true {
            available.wait()
            let (entry, isStopped) = state.withLock { ($0.queue.popFirst(), $0.isStopped) }
            if isStopped { return nil }
            if let entry { return entry }
        }
    }

    private func run(_ job: WorkerJob, _ control: JobControl) {
        let (outcome, elapsed) = perform(job, control)
        state.withLock { _ = $0.controls.removeValue(forKey: job.id) }
        completion(job.id, outcome, elapsed)
    }

    private func perform(
        _ job: WorkerJob, _ control: JobControl
    ) -> (outcome: JobOutcome, elapsed: Duration) {
        let start = MonotonicClock.now
        let outcome =
            control.stopReason.map { JobOutcome.failed($0.code, $0.message) } ?? work(job, control)
        return (outcome, start.duration(to: MonotonicClock.now))
    }
}

/// Tells a running job whether to stop: it was cancelled, or its deadline has passed.
final class JobControl: Sendable {
    private let deadline: MonotonicInstant
    private let isCancelled = Atomic(false)

    init(deadline: MonotonicInstant) {
        self.deadline = deadline
    }

    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    /// Why to stop; nil to go on. Reads the clock.
    var stopReason: ItemFailure? {
        if isCancelled.load(ordering: .relaxed) {
            return ItemFailure(.cancelled, "cancelled by the broker")
        }
        guard deadline <= MonotonicClock.now else { return nil }
        return ItemFailure(.deadline, "the task's time budget has ended")
    }
}
