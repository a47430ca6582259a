import ClusterRuntime
import Foundation

/// `swiftlet broker` as a child process, with its ipc sockets in a folder of its own.
struct BrokerProcess {
    let endpoints: BrokerEndpoints
    private let folder: URL
    private let process = Process()
    /// The child ends when this closes, however this process ends.
    private let lifeLine = Pipe()
    private let ends: AsyncStream<Void>

    /// Starts the process; it listens soon after.
    init() throws {
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(name)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        let path = "ipc://\(folder.path)"
        endpoints = BrokerEndpoints(
            clients: "\(path)/clients", workers: "\(path)/workers", health: "\(path)/health")
        let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
        self.ends = ends
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "broker", "--name", "bench", "--clients", endpoints.clients,
            "--workers", endpoints.workers, "--health", endpoints.health, LifeLine.argument,
        ]
        process.standardInput = lifeLine
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
    }

    /// Ends the process, waits for that, and removes the folder.
    func stop() async {
        try? lifeLine.fileHandleForWriting.close()
        for await _ in ends {}
        try? FileManager.default.removeItem(at: folder)
    }

    /// What the process has used until now.
    ///
    /// - Throws: if the process has ended, or the system does not tell.
    func usage() throws -> BrokerUsage {
        try BrokerUsage(process: process.processIdentifier)
    }
}
