import ClusterRuntime
import Foundation

/// What a searcher takes: the time to open it, and memory before, then and after its searches.
struct BenchResources: Encodable {
    private var openMicroseconds = 0.0
    private var before = Memory()
    private var opened = Memory()
    private var searched = Memory()

    /// Memory of the process in RAM, in bytes; zeros where the system does not tell.
    struct Memory: Encodable {
        /// Mapped pages of files included.
        let residentBytes: UInt64
        /// Without pages of files.
        let anonymousBytes: UInt64

        init() {
            residentBytes = ProcessCalls.residentBytes() ?? 0
            anonymousBytes = ProcessCalls.anonymousBytes() ?? 0
        }
    }

    /// Runs `body`, which opens the index, and records what it takes.
    mutating func opening<Value, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        before = Memory()
        let began = ContinuousClock.now
        let value = try body()
        openMicroseconds = began.duration(to: .now) / .microseconds(1)
        opened = Memory()
        return value
    }

    /// Records the memory after all searches.
    mutating func recordEnd() { searched = Memory() }

    /// One object: open_microseconds; before, opened, searched with resident_bytes and
    /// anonymous_bytes each.
    var json: String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
