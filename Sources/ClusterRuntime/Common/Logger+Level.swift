import ClusterCore
import Logging

extension Logger {
    /// Writes a line that a state machine asked for.
    func write(_ level: LogLevel, _ text: String) {
        switch level {
        case .debug: debug("\(text)")
        case .info: info("\(text)")
        case .warning: warning("\(text)")
        }
    }
}
