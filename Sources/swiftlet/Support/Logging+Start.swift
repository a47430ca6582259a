import Foundation
import Logging
import Synchronization

/// Writes log lines to the standard error: time, level, label, message.
struct LineLogHandler: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
        Console.error("\(time) \(event.level) \(label): \(event.message)")
    }
}

/// The logger of a process that serves.
func startLogging(_ label: String) -> Logger {
    LoggingSystem.bootstrap { LineLogHandler(label: $0) }
    return Logger(label: label)
}
