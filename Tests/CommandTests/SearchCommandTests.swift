import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct SearchCommandTests {
    private func index() async throws -> (folder: ScratchFolder, path: String) {
        let folder = try ScratchFolder()
        let input = try folder.write(
            "in.jsonl",
            """
            {"id":"a","title":"red fox","body":"A red fox jumps"}
            {"id":"b","title":"blue whale","body":"It swims \\"far\\""}
            {"id":"c","title":"fox and whale"}
            """)
        let built = try await swiftlet(
            "index", "build", "--shards", "2", "--output", folder("idx"), input)
        try #require(built.status == 0, "\(built.errors)")
        return (folder, folder("idx"))
    }

    /// Wrong queries, what is said of them, and the column of the mark below the query.
    static let wrong: [(query: String, message: String, column: Int)] = [
        ("", "the query is empty", 0),
        ("   ", "the query is empty", 3),
        (#"red "fox"#, "the quote is not closed", 4),
        ("é (red fox", "the parenthesis is not closed", 2),
        ("red fox)", "parenthesis", 7),
        ("AND", "AND lacks a clause", 0),
        ("AND OR NOT", "lacks a clause", 0),
    ]

    @Test(arguments: wrong.indices)
    func `a wrong query exits with 65 and shows the place`(number: Int) async throws {
        let (query, message, column) = Self.wrong[number]
        let (folder, path) = try await index()
        let refused = try await swiftlet("search", "--index", path, query)
        #expect(refused.status == 65)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.contains("BAD_REQUEST"), "\(refused.errors)")
        #expect(refused.errors.contains(message), "\(refused.errors)")
        let lines = refused.errors.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.contains("  " + String(repeating: " ", count: column) + "^"))
        withExtendedLifetime(folder) {}
    }

    @Test func `leniently a wrong query finds its words`() async throws {
        let (folder, path) = try await index()
        let found = try await swiftlet(
            "search", "--index", path, "--lenient", "--json", "red \"fox AND (")
        #expect(found.status == 0, "\(found.errors)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(found.output.utf8))
        #expect(answer.hits.map(\.id) == ["a", "c"])
        withExtendedLifetime(folder) {}
    }

    @Test func `a query of 10,000 words is refused in a few short lines`() async throws {
        let (folder, path) = try await index()
        let words = (0..<10_000).map { "word\($0)" }.joined(separator: " ")
        let refused = try await swiftlet("search", "--index", path, words)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("more than 1024 clauses"))
        #expect(refused.errors.contains("^"))
        #expect(refused.errors.utf8.count < 1_000)
        withExtendedLifetime(folder) {}
    }

    @Test func `--json prints one object with every hit and the coverage`() async throws {
        let (folder, path) = try await index()
        let found = try await swiftlet("search", "--index", path, "--json", "fox")
        #expect(found.status == 0)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(found.output.utf8))
        #expect((answer.query, answer.total_hits) == ("fox", 2))
        #expect(
            answer.coverage == [
                "shards": 2, "ok": 2, "skipped": 0, "degraded": 0, "failed": 0,
                "resent": 0, "hedged": 0,
            ])
        #expect(Set(answer.hits.map(\.id)) == ["a", "c"])
        #expect(answer.hits[0].score >= answer.hits[1].score)
        #expect(answer.hits.allSatisfy { $0.document["title"]?.contains("fox") == true })
        withExtendedLifetime(folder) {}
    }

    @Test func `limit and offset cut the list, and the lines for people number it`() async throws {
        let (folder, path) = try await index()
        let all = try await swiftlet("search", "--index", path, "fox whale")
        let cut = try await swiftlet(
            "search", "--index", path, "--limit", "1", "--offset", "1", "fox whale")
        let hits = { (text: String) in text.split(separator: "\n").filter { $0.contains(". ") } }
        #expect(hits(all.output).count == 3)
        #expect(hits(cut.output) == [hits(all.output)[1]])
        #expect(cut.output.contains("3 documents match; 2 of 2 shards answered"))
        withExtendedLifetime(folder) {}
    }

    @Test func `the operator says how words combine`() async throws {
        let (folder, path) = try await index()
        let found = try await swiftlet(
            "search", "--index", path, "--operator", "and", "fox whale")
        #expect(found.output.contains("1. c "), "\(found.output)")
        #expect(found.output.contains("1 documents match"), "\(found.output)")
        withExtendedLifetime(folder) {}
    }

    @Test func `an index that is none, and a broker that is not there, are named`() async throws {
        let folder = try ScratchFolder()
        let missing = try await swiftlet("search", "--index", folder("none"), "fox")
        #expect(missing.status == 66)
        #expect(missing.errors.contains("none"))
        let silent = try await swiftlet(
            "search", "--broker", "ipc://\(folder("b"))", "--timeout", "0.2", "fox",
            deadlineSeconds: 20)
        #expect(silent.status == 69, "\(silent.errors)")
    }

    private struct Answer: Decodable {
        let query: String
        let total_hits: Int
        let coverage: [String: Int]
        let hits: [Hit]
    }

    private struct Hit: Decodable {
        let id: String
        let score: Float
        let document: [String: String]
    }
}
