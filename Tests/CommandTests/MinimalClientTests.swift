import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct MinimalClientTests {
    private struct Answer: Decodable {
        struct Hit: Decodable, Equatable {
            let id: String
            let score: Float
            let document: [String: String]
        }
        let query: String
        let total_hits: Int
        let hits: [Hit]
    }

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../clients/python/examples/minimal.py").standardized.path

    private func answers(_ text: String) throws -> [Answer] {
        try text.split(separator: "\n").map {
            try JSONDecoder().decode(Answer.self, from: Data($0.utf8))
        }
    }

    @Test func `minimal.py gets the same hits as swiftlet search`() async throws {
        var data = SampleData("minimal.py")
        let folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", data.documents(80))
        try FileManager.default.createDirectory(
            atPath: folder("data"), withIntermediateDirectories: false)
        let index = folder("data/birds")
        let built = try await swiftlet(
            "index", "build", "--shards", "3", "--output", index, input)
        try #require(built.status == 0, "\(built.errors)")
        let queries = ["word1", "nothing"] + (0..<6).map { _ in data.query() }
        try await Cluster.run(in: folder, serving: ["[0, 1]", "[2]"], replicas: 1) { cluster in
            let asked = try await run(
                "/usr/bin/python3",
                [
                    Self.script, "--json", "--limit", "20", "--traceparent",
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", cluster.clients,
                ] + queries)
            try #require(asked.status == 0, "\(asked.errors)")
            let found = try answers(asked.output)
            #expect(found.map(\.query) == queries)
            for (query, answer) in zip(queries, found) {
                let searched = try await swiftlet(
                    "search", "--index", index, "--json", "--limit", "20", query)
                let expected = try #require(answers(searched.output).first)
                #expect(answer.hits == expected.hits, "\(query)")
                #expect(answer.total_hits == expected.total_hits, "\(query)")
            }
            let sorted = try await run(
                "/usr/bin/python3",
                [Self.script, "--sort", "zzz:desc", cluster.clients, "word1"])
            #expect(sorted.status == 1)
            #expect(sorted.output.contains("cannot sort by \"zzz\""), "\(sorted.output)")
            let readable = try await run(
                "/usr/bin/python3", [Self.script, cluster.clients, "word1", "(word1"])
            #expect(readable.status == 1)
            #expect(readable.output.contains("word1: \(found[0].total_hits) hits"))
            #expect(readable.output.contains("BAD_REQUEST"), "\(readable.output)")
        }
    }
}
