import Foundation

/// Processor time and memory of a broker's process, from /proc.
struct BrokerUsage {
    /// Processor time of the thread that runs the broker.
    private(set) var thread = Duration.zero
    /// That of all others: the threads of libzmq.
    private(set) var others = Duration.zero
    let residentBytes: Int

    init(process: Int32) throws {
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
        var isFound = false
        for path in threads.map({ "/proc/\(process)/task/\($0)" }) {
            // The first number of schedstat is the time on a processor in nanoseconds: proc(5).
            let time = Duration.nanoseconds(try Self.numbers("\(path)/schedstat").first ?? 0)
            if try Self.text("\(path)/comm") == "broker\n" {
                thread += time
                isFound = true
            } else {
                others += time
            }
        }
        // The second number of statm is the memory in RAM, in pages: proc(5).
        let pages = try Self.numbers("/proc/\(process)/statm")
        guard isFound, pages.count > 1 else {
            throw CommandFailure(.unavailable, "/proc/\(process) shows no broker")
        }
        residentBytes = pages[1] * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    private static func numbers(_ path: String) throws -> [Int] {
        try text(path).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    }
}
