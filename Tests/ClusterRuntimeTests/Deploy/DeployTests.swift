import ClusterCore
import ClusterRuntime
import Foundation
import Subprocess
import SystemPackage
import Testing
import Yams

/// What deploy/ holds is checked by the tools that will read it.
struct DeployTests {
    static let folder: FilePath = {
        var path = FilePath(#filePath)
        for _ in 0..<4 { path.removeLastComponent() }
        return path.appending("deploy")
    }()

    static let analyzer = "/usr/bin/systemd-analyze"

    static func unit() throws -> String {
        try ScratchFolder.text(folder.appending("swiftlet.service"))
    }

    /// What systemd-analyze says about a unit whose executable is replaced by one that exists,
    /// since it looks for it.
    private func verify(_ unit: String) async throws -> (succeeded: Bool, complaints: String) {
        let scratch = try ScratchFolder()
        let file = scratch.path.appending("swiftlet.service")
        try #require(unit.contains("ExecStart=/usr/bin/swiftlet supervise "))
        try unit.replacingOccurrences(of: "=/usr/bin/swiftlet ", with: "=/usr/bin/true ")
            .write(toFile: file.string, atomically: false, encoding: .utf8)
        let result = try await run(
            .path(FilePath(Self.analyzer)), arguments: ["verify", "--man=no", file.string],
            output: .string(limit: 65536), error: .combinedWithOutput)
        return (result.terminationStatus.isSuccess, result.standardOutput)
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: analyzer),
            "systemd-analyze is not installed; scripts/setup installs it"))
    func `the systemd unit passes systemd-analyze verify without a complaint`() async throws {
        let unit = try Self.unit()
        let result = try await verify(unit)
        #expect(result.succeeded)
        #expect(result.complaints == "")
        let broken = try await verify(
            unit.replacingOccurrences(of: "KillMode=mixed", with: "KillMood=mixed"))
        #expect(broken.complaints.contains("KillMood"), "the check must be able to fail")
    }

    @Test func `the unit gives the supervisor more time to stop than its grace times`() throws {
        let configuration = try ClusterConfiguration.load(Self.folder.appending("cluster.yaml"))
        let line = try #require(
            Self.unit().split(separator: "\n").first { $0.hasPrefix("TimeoutStopSec=") })
        let seconds = try #require(Int(line.dropFirst("TimeoutStopSec=".count)))
        #expect(.seconds(seconds) > configuration.restartPolicy.grace * 2)
    }

    @Test func `the example cluster uses the folders of the unit, two replicas per shard`() throws {
        let configuration = try ClusterConfiguration.load(Self.folder.appending("cluster.yaml"))
        #expect(configuration.dataFolder == "/var/lib/swiftlet")
        #expect(configuration.runFolder == "/run/swiftlet")
        #expect(configuration.logFolder == "/var/log/swiftlet")
        let unit = try Self.unit()
        for setting in ["StateDirectory", "RuntimeDirectory", "LogsDirectory"] {
            #expect(unit.contains("\n\(setting)=swiftlet\n"))
        }
        #expect(unit.contains("\nRuntimeDirectoryMode=0700\n"))
        var replicas: [UInt32: Int] = [:]
        for case .only(let shards) in configuration.workers.flatMap(\.serve).map(\.shards) {
            for shard in shards { replicas[shard, default: 0] += 1 }
        }
        #expect(replicas == [0: 2, 1: 2, 2: 2, 3: 2])
    }

    @Test func `the compose file mounts the same cluster file and names files that exist`() throws {
        let text = try ScratchFolder.text(Self.folder.appending("compose.yaml"))
        let service = try #require(try compose(yaml: text)?["services"]?["swiftlet"])
        let volumes = try #require(service["volumes"]).array(of: String.self)
        #expect(volumes.contains("./cluster.yaml:/etc/swiftlet/cluster.yaml:ro"))
        let configuration = try ClusterConfiguration.load(Self.folder.appending("cluster.yaml"))
        for folder in [
            configuration.dataFolder, configuration.runFolder, configuration.logFolder,
        ] {
            #expect(volumes.contains { $0.hasSuffix(":\(folder)") }, "\(folder)")
        }
        let dockerfile = try #require(service["build"]?["dockerfile"]?.string)
        let root = Self.folder.removingLastComponent()
        let lines = try ScratchFolder.text(root.appending(dockerfile)).split(separator: "\n")
        let command = #"CMD ["supervise", "--config", "/etc/swiftlet/cluster.yaml"]"#
        #expect(lines.contains(Substring(command)))
    }

    /// Runs scripts/supervisor with an executable that only prints its arguments.
    private func runScript(
        _ arguments: [String], executable: String = "/bin/echo"
    ) async throws -> (status: TerminationStatus, output: String) {
        let script = Self.folder.removingLastComponent().appending("scripts/supervisor")
        let result = try await run(
            .path(script), arguments: Arguments(arguments),
            environment: .inherit.updating(["SWIFTLET": executable]),
            output: .string(limit: 65536), error: .combinedWithOutput)
        return (result.terminationStatus, result.standardOutput)
    }

    @Test func `the supervisor script runs the executable with the file and further options`()
        async throws
    {
        let file = Self.folder.appending("cluster.yaml").string
        for arguments in [[file, "--verbose"], ["--config", file, "--verbose"]] {
            let result = try await runScript(arguments)
            #expect(result.status == .exited(0))
            #expect(result.output == "supervise --config \(file) --verbose\n")
        }
    }

    @Test func `the supervisor script says what it misses`() async throws {
        let noFile = try await runScript(["/nowhere/cluster.yaml"])
        #expect(noFile.status == .exited(64))
        #expect(noFile.output.contains("/nowhere/cluster.yaml"))
        let file = Self.folder.appending("cluster.yaml").string
        let noExecutable = try await runScript([file], executable: "/nowhere/swiftlet")
        #expect(noExecutable.status == .exited(69))
        #expect(noExecutable.output.contains("/nowhere/swiftlet"))
    }

    @Test func `the example in the operations guide is accepted`() throws {
        let guide = Self.folder.removingLastComponent().appending("docs/operations.md")
        let text = try ScratchFolder.text(guide)
        let start = try #require(text.range(of: "```yaml\n"))
        let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
        let example = String(text[start.upperBound..<end.lowerBound])
        let configuration = try ClusterConfiguration.parse(
            example, file: "operations.md", folder: "/")
        #expect(configuration.workers.count == 2)
        #expect(configuration.restartPolicy == RestartPolicy())
    }
}
