import ClusterCore
import Dispatch
package import Logging
import Synchronization
package import SystemPackage

/// A file with the metrics of this process, for scrapers that read files, such as node_exporter's
/// textfile collector. Readers see a whole old text or a whole new one. Any thread may use it.
package final class MetricsFile: Sendable {
    private let path: FilePath
    private let registry: PrometheusRegistry
    private let isEnded = Mutex(false)
    private let end = DispatchSemaphore(value: 0)

    /// Writes the file now, then again and again on a thread of its own, until `remove`. Blocks briefly.
    ///
    /// A file that cannot be written is logged, at most once a minute: a full disk must keep nobody from
    /// serving.
    ///
    /// - Throws: `Errno` when the system gives no thread.
    package init(
        _ path: FilePath, of registry: PrometheusRegistry, every interval: Duration,
        logger: Logger
    ) throws(Errno) {
        self.path = path
        self.registry = registry
        var failures = RateLimit(every: .seconds(60))
        write(&failures, logger)
        try SystemThread.start(name: "metrics") { [self, failures] in
            var failures = failures
            let nanoseconds = Int(interval / .nanoseconds(1))
            while end.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .timedOut {
                write(&failures, logger)
            }
        }
    }

    /// Removes the file, so that nobody takes the last numbers for present ones, and ends the thread.
    package func remove() {
        isEnded.withLock { isEnded in
            isEnded = true
            try? FileCalls.remove(path)
        }
        end.signal()
    }

    private func write(_ failures: inout RateLimit, _ logger: Logger) {
        do {
            try write()
        } catch {
            guard let others = failures.pass(at: MonotonicClock.now) else { return }
            logger.warning("cannot write \(path): \(error) (and \(others) more)")
        }
    }

    private func write() throws {
        try isEnded.withLock { isEnded in
            guard !isEnded else { return }
            let new = FilePath(path.string + ".new")
            let file = try FileDescriptor.open(
                new, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try file.closeAfter {
                try FileCalls.write(Array(registry.exposition().utf8), to: file)
            }
            try FileCalls.rename(new, to: path)
        }
    }
}
