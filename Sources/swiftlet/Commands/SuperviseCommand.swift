import ArgumentParser
import ClusterCore
import ClusterRuntime
import Foundation
import Logging
import Synchronization
import SystemPackage
import ZeroMQ

/// `swiftlet supervise`: runs a whole cluster.
struct SuperviseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise",
        abstract: "Start the brokers and workers of a cluster.yaml and keep them running.",
        discussion: """
            Runs in the foreground. The first SIGTERM or SIGINT drains workers, then stops brokers; \
            a second one kills everything. docs/operations.md has the file's keys.

            Example:
              swiftlet supervise --config deploy/cluster.yaml
            """)

    @Option(help: ArgumentHelp("The cluster's configuration.", valueName: "file"))
    var config: String

    func run() async throws {
        try await reportingFailures {
            let configuration = try ClusterConfiguration.load(FilePath(config))
            let logger = startLogging("supervisor")
            let ending = Ending()
            let loop = try SupervisorServer.start(
                plan: SupervisorPlan(configuration, executable: Self.ownExecutable),
                context: try Context(), logger: logger, onFinish: { ending.finish($0) })
            try SignalWatcher.start { _ in
                _ = loop.inbox.post(ending.isFirstSignal ? .stop : .kill)
            }
            await loop.end()
            if ending.reason == .everyChildGivenUp {
                throw CommandFailure(
                    .partial,
                    "every child was given up; look at the logs in "
                        + "\(configuration.logFolder)")
            }
        }
    }

    /// This program's file, which every child runs too.
    private static var ownExecutable: FilePath {
        FilePath(URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)
    }
}

/// What the supervisor's thread and the signals' thread leave for the command.
private final class Ending: Sendable {
    private let state = Mutex((reason: SupervisorEnd?.none, signals: 0))

    var reason: SupervisorEnd? { state.withLock { $0.reason } }

    /// True the first time it is read.
    var isFirstSignal: Bool {
        state.withLock { state in
            state.signals += 1
            return state.signals == 1
        }
    }

    func finish(_ end: SupervisorEnd) {
        state.withLock { $0.reason = end }
    }
}
