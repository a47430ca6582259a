package import ClusterCore
import Glibc
package import SystemPackage

/// System calls about processes.
package enum ProcessCalls {
    /// This process.
    package static var currentProcess: ProcessID { ProcessID(getpid()) }

    /// Blocks the calling thread until `child` has ended, and leaves it unreaped.
    ///
    /// Until someone reaps the child its number is not given away, so the caller may still
    /// signal it. Returns at once when it has ended already, or is not a child of this process.
    package static func waitForEnd(of child: ProcessID) {
        while true {
            // Safe: all bytes zero is a valid value of this C structure, which is not read.
            var information = unsafe siginfo_t()
            // Safe: the pointer is to a local value and is used only during the call.
            let result = unsafe waitid(
                P_PID, id_t(child.rawValue), &information, WEXITED | WNOWAIT)
            if result == 0 || errno != EINTR { return }
        }
    }

    /// Sends `signal` to `process`. The caller makes sure that the number still names it.
    package static func send(signal: Int32, to process: ProcessID) throws(Errno) {
        guard kill(process.rawValue, signal) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Sends `signal` to every process of the group that `leader` leads.
    package static func send(signal: Int32, toGroupOf leader: ProcessID) throws(Errno) {
        guard kill(-leader.rawValue, signal) == 0 else { throw Errno(rawValue: errno) }
    }

    /// The memory of this process that is in RAM, in bytes. Nil where /proc is not mounted.
    package static func residentBytes() -> UInt64? { memoryInRAM()?.all }

    /// The memory of this process that is in RAM and belongs to no file, in bytes: what it made
    /// itself, without mapped files. Nil where /proc is not mounted.
    package static func anonymousBytes() -> UInt64? {
        memoryInRAM().map { $0.all >= $0.shared ? $0.all - $0.shared : 0 }
    }

    /// The second and third number of `/proc/self/statm`, which are in pages: proc(5).
    private static func memoryInRAM() -> (all: UInt64, shared: UInt64)? {
        guard let text = try? FileCalls.readPrefix(of: "/proc/self/statm", atMostBytes: 256)
        else { return nil }
        let pages = text.split(separator: UInt8(ascii: " "))
            .compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
        guard pages.count >= 3 else { return nil }
        let pageBytes = UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 0))
        return (pages[1] &* pageBytes, pages[2] &* pageBytes)
    }

    /// The name of this host; "unknown" if the kernel does not give one.
    package static var hostName: String {
        var bytes = [CChar](repeating: 0, count: 256)
        // Safe: the array has the length passed, and is not changed by anyone else meanwhile.
        guard unsafe gethostname(&bytes, bytes.count) == 0 else { return "unknown" }
        let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return name.isEmpty ? "unknown" : String(decoding: name, as: UTF8.self)
    }
}
