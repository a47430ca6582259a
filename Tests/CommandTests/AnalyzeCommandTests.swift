import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct AnalyzeCommandTests {
    /// What `--json` prints.
    private struct Answer: Decodable {
        struct Token: Decodable {
            let term: String
            let position: Int
            let start: Int
            let end: Int
        }

        let analyzer: String
        let tokens: [Token]
    }

    private static let schema = #"""
        {"fields": [
           {"name": "title", "kind": "text", "analyzer": "english", "search_analyzer": "simple"},
           {"name": "section", "kind": "keyword"}],
         "analyzers": {"english": {"tokenizer": "standard", "filters":
           ["lowercase", {"stop": "english"}, {"synonyms_file": "words.txt"},
            {"stemmer": "english"}]}}}
        """#

    /// A folder with the schema and its synonyms, and the schema's path.
    private func scratch() throws -> (folder: ScratchFolder, schema: String) {
        let folder = try ScratchFolder()
        try folder.write("words.txt", "# words\nshoes, trainers\n")
        return (folder, try folder.write("schema.json", Self.schema))
    }

    private func answer(_ arguments: String..., input: String? = nil) async throws -> Answer {
        let end = try await run(Executable.path, ["analyze", "--json"] + arguments, input: input)
        try #require(end.status == 0, "\(end.errors)")
        return try JSONDecoder().decode(Answer.self, from: Data(end.output.utf8))
    }

    @Test func `a table shows terms, positions and bytes`() async throws {
        let end = try await swiftlet("analyze", "--analyzer", "path", "/usr/é")
        #expect(end.status == 0, "\(end.errors)")
        let lines = end.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        }
        #expect(
            lines == [["position", "bytes", "term"], ["0", "1-4", "usr"], ["0", "1-7", "usr/é"]])
    }

    @Test func `without a choice the analyzer is standard`() async throws {
        let found = try await answer("The Fox")
        #expect(found.analyzer == "standard")
        #expect(found.tokens.map(\.term) == ["the", "fox"])
    }

    @Test func `a field is analyzed by its chain, a query by its own`() async throws {
        let (folder, schema) = try scratch()
        let found = try await answer(
            "--schema", schema, "--field", "title", "The running Shoes")
        #expect(found.analyzer == "english")
        #expect(found.tokens.map(\.term) == ["run", "shoe", "trainer"])
        #expect(found.tokens.map(\.position) == [1, 2, 2])
        #expect(found.tokens.map { $0.start..<$0.end } == [4..<11, 12..<17, 12..<17])
        let query = try await answer("--schema", schema, "--field", "title", "--search", "Shoes")
        #expect(query.tokens.map(\.term) == ["shoes"])
        let named = try await answer("--schema", schema, "--analyzer", "english", "runs")
        #expect(named.tokens.map(\.term) == ["run"])
        withExtendedLifetime(folder) {}
    }

    @Test func `the standard input may hold any bytes, its last line feed is left out`()
        async throws
    {
        let folder = try ScratchFolder()
        let input = try folder.write("text", [0x61, 0xFF, 0x62, 0x0A, 0x0A])
        let found = try await answer("--analyzer", "keyword", "-", input: input)
        #expect(found.tokens.map(\.term) == ["a\u{FFFD}b\n"])
        #expect(found.tokens.map(\.end) == [4])
        let table = try await run(
            Executable.path, ["analyze", "--analyzer", "keyword", "-"], input: input)
        #expect(table.output.contains("a\u{FFFD}b\\n"), "\(table.output)")
    }

    @Test func `what there is not is refused with what there is`() async throws {
        let (folder, schema) = try scratch()
        for arguments in [
            ["--analyzer", "stem", "x"], ["--schema", schema, "--field", "section", "x"],
        ] {
            let refused = try await run(Executable.path, ["analyze"] + arguments)
            #expect(refused.status == 65)
            #expect(refused.errors.contains("there is no"), "\(refused.errors)")
            #expect(refused.output.isEmpty)
        }
        let absent = try await swiftlet("analyze", "--schema", folder("absent.json"), "x")
        #expect(absent.status == 66)
    }

    @Test func `an index keeps the synonyms when their file is gone`() async throws {
        let (folder, schema) = try scratch()
        let input = try folder.write(
            "in.jsonl", #"{"id":"a","title":"new trainers"}"# + "\n" + #"{"id":"b","title":"hat"}"#)
        let built = try await swiftlet(
            "index", "build", "--schema", schema, "--shards", "2", "--output", folder("idx"), input)
        try #require(built.status == 0, "\(built.errors)")
        try FileManager.default.removeItem(atPath: folder("words.txt"))
        let found = try await swiftlet("search", "--index", folder("idx"), "shoe")
        #expect(found.output.contains("1. a"), "\(found.output)")
        let refused = try await swiftlet(
            "index", "build", "--schema", schema, "--shards", "2", "--output", folder("x"), input)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("synonyms file \"words.txt\""), "\(refused.errors)")
    }
}
