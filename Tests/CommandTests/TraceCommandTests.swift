import Foundation
import Testing

/// A trace from the command line to a worker's log, and back.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TraceCommandTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private struct Answer: Decodable {
        struct Profile: Decodable { let traceparent, tracestate: String? }
        let profile: Profile
    }

    /// Documents with more words that begin with `u` than a pattern may stand for.
    private static var documents: String {
        (0..<40).map { document in
            let words = (0..<60).map { "u\(document)x\($0)" }.joined(separator: " ")
            return "{\"id\":\"\(document)\",\"body\":\"\(words)\"}\n"
        }.joined()
    }

    @Test func `a trace is named by the slow-query log, the worker's log and the profile`()
        async throws
    {
        let folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", Self.documents)
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let built = try await swiftlet(
            "index", "build", "--shards", "1", "--output", folder("data/birds"), input)
        try #require(built.status == 0, "\(built.errors)")
        try await Cluster.run(in: folder, serving: ["all"], replicas: 1) { cluster in
            let set = try await swiftlet(
                "configure", "--slow-query", "0.001", "--broker", cluster.clients)
            try #require(set.status == 0, "\(set.errors)")
            let asked = [
                "search", "--broker", cluster.clients, "--profile", "--traceparent", Self.parent,
                "--tracestate", "rojo=1",
            ]
            let found = try await run(Executable.path, asked + ["--json", "u1x1"])
            try #require(found.status == 0, "\(found.errors)")
            let profile = try JSONDecoder().decode(Answer.self, from: Data(found.output.utf8))
                .profile
            #expect(profile.traceparent == Self.parent)
            #expect(profile.tracestate == "rojo=1")
            let shown = try await run(Executable.path, asked + ["u1x1"])
            #expect(shown.output.contains("traceparent \(Self.parent)\n"), "\(shown.output)")
            let refused = try await run(Executable.path, asked + ["u*"])
            #expect(refused.status == 65, "\(refused.errors)")
        }
        // The processes have ended, so all they had to say is in their logs.
        let worker = try String(contentsOfFile: folder("logs/w1.log"), encoding: .utf8)
        #expect(
            worker.contains("failed task ")
                && worker.contains(" on birds/0 after ")
                && worker.contains(", traceparent \(Self.parent): TOO_LARGE "), "\(worker)")
        let broker = try String(contentsOfFile: folder("logs/b1.log"), encoding: .utf8)
        #expect(broker.contains("1 shards, traceparent \(Self.parent): 'u*'"), "\(broker)")
    }

    @Test(arguments: [["--traceparent", "00-junk"], ["--tracestate", "a=b"]])
    func `a trace that is malformed is a wrong command line`(_ arguments: [String]) async throws {
        let end = try await run(
            Executable.path, ["search", "--broker", "ipc:///nowhere", "word"] + arguments)
        #expect(end.status == 64, "\(end.errors)")
        #expect(end.errors.contains("\(arguments[0]) \(arguments[1]): expected "), "\(end.errors)")
    }
}
