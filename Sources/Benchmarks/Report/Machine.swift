import Foundation

/// Where a run measured, and what else the machine did then.
struct Machine: Sendable {
    let processor: String
    let cores: Int
    let kernel: String
    /// The load average of the minute before.
    let load: String

    /// As of now.
    static var current: Machine {
        let processors = text("/proc/cpuinfo").split(separator: "\n")
        let model = processors.first { $0.hasPrefix("model name") }
        let name = model?.split(separator: ":").last.map(String.init) ?? "unknown processor"
        return Machine(
            processor: name.trimmingCharacters(in: .whitespaces),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            kernel: text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .newlines),
            load: text("/proc/loadavg").split(separator: " ").first.map(String.init) ?? "unknown")
    }

    var description: String {
        "\(processor), \(cores) cores, Linux \(kernel), load average before the run \(load)"
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
