/// How a process ended.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
    /// It returned from `main` or called `exit` with this code, 0 to 255.
    case exited(code: Int32)

    /// A signal with this number ended it.
    case killed(signal: Int32)

    /// It is gone, but the kernel's record of its end could not be read.
    case unknown

    /// Whether the process ended by itself with code 0.
    package var isSuccess: Bool { self == .exited(code: 0) }

    /// The end in words, such as "exited with code 3" or "killed by signal 9 (SIGKILL)".
    package var description: String {
        switch self {
        case .exited(let code):
            return "exited with code \(code)"
        case .killed(let signal):
            guard let name = Self.signalNames[signal] else { return "killed by signal \(signal)" }
            return "killed by signal \(signal) (\(name))"
        case .unknown:
            return "ended in an unknown way"
        }
    }

    /// Linux numbers of the signals that end processes in practice, the same on x86-64 and arm64.
    private static let signalNames: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT",
        7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM",
        15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
    ]
}
