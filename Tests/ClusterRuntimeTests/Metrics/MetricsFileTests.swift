import ClusterCore
import CoreMetrics
import Foundation
import Logging
import Synchronization
import SystemPackage
import Testing

@testable import ClusterRuntime

/// Files for scrapers.
struct MetricsFileTests {
    @Test func `the file is there at once, whole, and gone when it is removed`() throws {
        let folder = try ScratchFolder()
        let path = folder.path.appending("w1.prom")
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "c", dimensions: []).increment(by: 1)
        let file = try MetricsFile(
            path, of: registry, every: .seconds(60), logger: Logger(label: "test"))
        #expect(try String(contentsOfFile: path.string, encoding: .utf8) == registry.exposition())
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path.string) == ["w1.prom"])
        file.remove()
        #expect(!FileCalls.exists(path))
    }

    @Test(.timeLimit(.minutes(1))) func `the file follows the metrics`() async throws {
        let folder = try ScratchFolder()
        let path = folder.path.appending("w1.prom")
        let registry = PrometheusRegistry()
        let counter = registry.makeCounter(label: "c", dimensions: [])
        let file = try MetricsFile(
            path, of: registry, every: .milliseconds(5), logger: Logger(label: "test"))
        counter.increment(by: 1)
        while try String(contentsOfFile: path.string, encoding: .utf8) != registry.exposition() {
            await Task.yield()
        }
        file.remove()
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that cannot be written is logged once, and written as soon as it can be`()
        async throws
    {
        let folder = try ScratchFolder()
        let lines = LoggedLines()
        let path = folder.path.appending("absent").appending("w1.prom")
        let file = try MetricsFile(
            path, of: PrometheusRegistry(), every: .milliseconds(1),
            logger: Logger(label: "test") { _ in lines })
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.hasPrefix("cannot write \(path)") == true)
        try FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: false)
        while !FileCalls.exists(path) { await Task.yield() }
        file.remove()
        #expect(lines.all.count == 1)
    }
}

/// Remembers what is logged.
struct LoggedLines: LogHandler {
    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    var all: [String] { lines.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.lines.withLock { $0.append("\(event.message)") }
    }
}
