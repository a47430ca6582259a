import Testing

@Suite(.timeLimit(.minutes(10))) struct HelpTests {
    static let commands = [
        [], ["index", "build"], ["index", "info"], ["analyze"], ["search"], ["batch"], ["broker"],
        ["worker"],
        ["supervise"], ["status"], ["stop"], ["configure"], ["bench", "index"],
        ["bench", "search"],
    ]

    @Test(arguments: commands)
    func `the help of every command has an example of it`(command: [String]) async throws {
        let help = try await run(Executable.path, command + ["--help"])
        #expect(help.status == 0)
        let example = (["  swiftlet"] + command).joined(separator: " ")
        #expect(help.output.contains(example), "\(help.output)")
    }

    @Test func `the main help lists the exit codes`() async throws {
        let help = try await swiftlet("--help")
        for code in ["64", "65", "66", "69", "73", "74", "78"] {
            #expect(help.output.contains(code))
        }
    }

    @Test(arguments: [
        ["nonsense"], ["search", "query"], ["search", "--index", "a"],
        ["search", "--index", "a", "--broker", "ipc:///tmp/b", "query"],
        ["search", "--broker", "nonsense", "query"],
        ["search", "--broker", "tcp://192.0.2.1:5555", "query"],
        ["search", "--index", "a", "--limit", "-1", "query"],
        ["search", "--index", "a", "--timeout", "0", "query"],
        ["batch", "--index", "a", "--input", "-"],
        ["batch", "--index", "a", "--input", "-", "--output", "-", "--format", "xml"],
        ["index", "build", "--shards", "0", "--output", "a", "in"],
        ["index", "build", "--shards", "10000", "--output", "a", "in"],
        ["index", "build", "--shards", "1", "in"], ["index", "build", "--shards", "1"],
        ["index", "info"], ["analyze"], ["analyze", "--field", "a", "text"],
        ["analyze", "--schema", "s", "--field", "a", "--analyzer", "b", "text"], ["supervise"],
        ["status"], ["status", "--broker", "nonsense"],
        ["broker", "--name", "b"],
        [
            "worker", "--name", "w", "--data", ".", "--serve", "x=all", "--broker",
            "ipc:///tmp/b", "--busy-poll-us", "10001",
        ],
        ["worker", "--name", "w", "--data", ".", "--serve", "x", "--broker", "ipc:///tmp/b"],
        ["worker", "--name", "w", "--data", ".", "--serve", "x=1,1", "--broker", "ipc:///tmp/b"],
    ])
    func `a wrong command line exits with 64 and says how it is used`(
        arguments: [String]
    ) async throws {
        let refused = try await run(Executable.path, arguments)
        #expect(refused.status == 64)
        #expect(refused.errors.contains("Usage: swiftlet"), "\(refused.errors)")
    }

    @Test func `the executable's memory comes from jemalloc, which says so when asked`()
        async throws
    {
        let end = try await run(
            "/usr/bin/env", ["MALLOC_CONF=confirm_conf:true", Executable.path, "--version"])
        #expect(end.status == 0)
        #expect(end.errors.contains("<jemalloc>"), "\(end.errors)")
    }
}
