import ArgumentParser
import ClusterRuntime

/// Whether a process that serves stays awake for its next message.
struct BusyPollOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Microseconds for which its loop may look for the next message before it sleeps; 0: none.",
            valueName: "µs"))
    var busyPollUs = BusyPollTime.default.microseconds

    func validate() throws {
        guard BusyPollTime.range.contains(busyPollUs) else {
            throw ValidationError(
                "--busy-poll-us \(busyPollUs): expected \(BusyPollTime.range.lowerBound) to "
                    + "\(BusyPollTime.range.upperBound)")
        }
    }

    var time: BusyPollTime { BusyPollTime(microseconds: busyPollUs) }
}
