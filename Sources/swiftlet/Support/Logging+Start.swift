import Logging

/// The logger of a process that serves: lines on the standard error.
func startLogging(_ label: String) -> Logger {
    LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
    return Logger(label: label)
}
