import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct IndexBuildCommandTests {
    let folder = try? ScratchFolder()

    private func scratch() throws -> ScratchFolder { try #require(folder) }

    /// Builds `idx` in the scratch folder from `in.jsonl` there.
    private func build(
        _ lines: String, _ options: [String] = []
    ) async throws -> Running.End {
        try await build(Array(lines.utf8), options)
    }

    private func build(
        _ lines: [UInt8], _ options: [String] = []
    ) async throws -> Running.End {
        let folder = try scratch()
        let input = try folder.write("in.jsonl", lines)
        return try await run(
            Executable.path,
            ["index", "build", "--shards", "2", "--output", folder("idx")] + options + [input])
    }

    /// Bad lines with what the message about them says.
    static let badLines: [(line: [UInt8], reason: String)] = [
        (Array(#"{"id":"b","title":"cut"#.utf8), "the document ends inside a value"),
        (Array(#"{"id":"b"} {}"#.utf8), "in.jsonl:2: byte"),
        (Array("[]".utf8), "expected an object"),
        (Array(#"{"id":[1],"title":"x"}"#.utf8), "\"id\" is an array"),
        (Array(#"{"id":1.5,"title":"x"}"#.utf8), "\"id\""),
        (Array(#"{"id":true,"title":"x"}"#.utf8), "\"id\""),
        (Array(#"{"id":"b","title":""#.utf8) + [0xFF] + Array("\"}".utf8), "not valid UTF-8"),
        (
            Array((#"{"id":"b","title":""# + String(repeating: "x", count: 300) + "\"}").utf8),
            "longer than the limit of 200 bytes"
        ),
    ]

    @Test(arguments: badLines.indices)
    func `a bad line is named by file and line, and passed over`(number: Int) async throws {
        let (line, reason) = Self.badLines[number]
        let lines =
            Array(#"{"id":"a","title":"red"}"#.utf8) + [0x0A] + line + [0x0A]
            + Array(#"{"id":"c","title":"blue"}"#.utf8)
        let built = try await build(lines, ["--max-document-bytes", "200"])
        #expect(built.status == 0)
        #expect(built.errors.contains("in.jsonl:2: byte"), "\(built.errors)")
        #expect(built.errors.contains(reason), "\(built.errors)")
        #expect(built.output.contains("2 documents"), "\(built.output)")
        #expect(built.output.contains("1 bad lines were passed over"), "\(built.output)")
    }

    @Test(arguments: badLines.indices)
    func `with --strict a bad line ends the build and leaves nothing`(number: Int) async throws {
        let lines = Array(#"{"id":"a"}"#.utf8) + [0x0A] + Self.badLines[number].line
        let refused = try await build(lines, ["--strict", "--max-document-bytes", "200"])
        #expect(refused.status == 65)
        #expect(refused.errors.contains("in.jsonl:2: byte"), "\(refused.errors)")
        #expect(try scratch().names == ["in.jsonl"])
    }

    /// Inputs are read a mebibyte at a time: lines cross the ends of what was read, and one is longer.
    @Test(arguments: ["1048576", "4000000", "500000"])
    func `every line of an input of many blocks counts once, by its number`(
        limit: String
    ) async throws {
        var lines: [[UInt8]] = []
        for number in 0..<9000 {
            let length = number == 4000 ? 3_000_000 : number % 7 == 0 ? 0 : number % 1500
            let title = String(repeating: "x", count: length)
            lines.append(
                number % 7 == 0 ? [] : Array(#"{"id":"\#(number)","title":"\#(title)"}"#.utf8))
        }
        lines[8999] = Array("{bad".utf8)
        let built = try await build(
            Array(lines.joined(separator: [0x0A])), ["--max-document-bytes", limit])
        #expect(built.status == 0)
        let isLongBad = limit != "4000000"
        let blank = lines.count { $0.isEmpty }
        let documents = lines.count - blank - (isLongBad ? 2 : 1)
        #expect(built.output.contains("\(documents) documents"), "\(built.output)")
        #expect(built.errors.contains("in.jsonl:9000: byte"), "\(built.errors)")
        #expect(built.errors.contains("in.jsonl:4001: byte") == isLongBad, "\(built.errors)")
    }

    @Test func `without a schema the build says which text fields it made`() async throws {
        let built = try await build(
            #"{"id":"a","title":"x","year":1999}"# + "\n" + #"{"id":"b","body":"y","tags":["z"]}"#)
        #expect(built.status == 0)
        let said = built.output.split(separator: "\n").first { $0.contains("no schema given") }
        let fields = try #require(said?.split(separator: ": ").last).split(separator: ", ")
        #expect(Set(fields).isSuperset(of: ["title", "body"]))
        #expect(!fields.contains("year") && !fields.contains("id"))
    }

    @Test func `of repeated ids the last line counts`() async throws {
        let built = try await build(
            """
            {"id":"a","title":"red"}
            {"id":"b","title":"green"}
            {"id":"a","title":"blue"}
            """)
        #expect(built.output.contains("2 documents"), "\(built.output)")
        #expect(built.output.contains("1 lines were replaced"), "\(built.output)")
        let index = try scratch()("idx")
        let old = try await swiftlet("search", "--index", index, "--json", "red")
        #expect(old.output.contains(#""total_hits":0"#), "\(old.output)")
        let new = try await swiftlet("search", "--index", index, "--json", "blue")
        #expect(new.output.contains(#""total_hits":1"#), "\(new.output)")
    }

    @Test func `a schema that rejects unknown fields makes their lines bad`() async throws {
        let schema = try scratch().write(
            "schema.json",
            #"{"fields":[{"name":"title","kind":"text"}],"unknown_fields":"reject"}"#)
        let built = try await build(
            #"{"id":"a","title":"x"}"# + "\n" + #"{"id":"b","title":"x","extra":1}"#,
            ["--schema", schema])
        #expect(built.status == 0)
        #expect(built.errors.contains("in.jsonl:2"), "\(built.errors)")
        #expect(built.errors.contains("\"extra\" is not in the schema"), "\(built.errors)")
    }

    @Test func `a schema that is none is refused`() async throws {
        let schema = try scratch().write("schema.json", #"{"fields":[{"name":"t","kind":"x"}]}"#)
        let wrong = try await build(#"{"id":"a"}"#, ["--schema", schema])
        #expect(wrong.status == 65)
        #expect(wrong.errors.contains("schema.json"), "\(wrong.errors)")
        let missing = try await build(#"{"id":"a"}"#, ["--schema", schema + "x"])
        #expect(missing.status == 66)
    }

    @Test(arguments: ["", "\n\n", "{\n["])
    func `an input without a document is refused`(lines: String) async throws {
        let refused = try await build(lines)
        #expect(refused.status == 65)
        #expect(refused.errors.contains("no document"), "\(refused.errors)")
        #expect(try scratch().names == ["in.jsonl"])
    }

    @Test func `an output that exists is refused and stays as it is`() async throws {
        let kept = try scratch()("idx/kept")
        try FileManager.default.createDirectory(
            atPath: try scratch()("idx"), withIntermediateDirectories: false)
        try scratch().write("idx/kept", "mine")
        let refused = try await build(#"{"id":"a"}"#)
        #expect(refused.status == 73)
        #expect(refused.errors.contains("idx: the output exists"), "\(refused.errors)")
        #expect(FileManager.default.contents(atPath: kept) == Data("mine".utf8))
    }

    @Test func `a missing input is named, and nothing is left`() async throws {
        let missing = try scratch()("missing.jsonl")
        let refused = try await swiftlet(
            "index", "build", "--shards", "1", "--output", try scratch()("idx"), missing)
        #expect(refused.status == 66)
        #expect(refused.errors.contains("missing.jsonl: there is no such file"))
        #expect(try scratch().names == [])
    }

    @Test func `no space for the index is reported, and nothing is left`() async throws {
        let words = (0..<200).map { "word\($0)" }.joined(separator: " ")
        let lines = (0..<50).map { #"{"id":"\#($0)","body":"\#(words) \#($0)"}"# }
        let input = try scratch().write("in.jsonl", lines.joined(separator: "\n"))
        let refused = try await run(
            "/bin/bash",
            [
                "-c", #"ulimit -f 1; exec "$@" > /dev/null"#, "bash", Executable.path, "index",
                "build", "--shards", "1", "--output", try scratch()("idx"), input,
            ])
        #expect(refused.status == 73)
        #expect(refused.errors.contains("free space"), "\(refused.errors)")
        #expect(try scratch().names == ["in.jsonl"])
    }

    @Test func `--json prints one object with the counts`() async throws {
        let built = try await build(
            #"{"id":"a","title":"x y"}"# + "\n" + "[]", ["--json"])
        let summary = try JSONDecoder().decode(Summary.self, from: Data(built.output.utf8))
        #expect((summary.documents, summary.bad_lines, summary.shards) == (1, 1, 2))
        #expect(summary.tokens == ["title": 2])
        let info = try await swiftlet("index", "info", "--json", try scratch()("idx"))
        let same = try JSONDecoder().decode(Summary.self, from: Data(info.output.utf8))
        #expect(same.build == summary.build)
        #expect(same.tokens == summary.tokens)
    }

    private struct Summary: Decodable {
        let build: String
        let documents, shards: Int
        let bad_lines: Int?
        let tokens: [String: Int]
    }

    @Test func `an index that is none is named`() async throws {
        let info = try await swiftlet("index", "info", try scratch()("nothing"))
        #expect(info.status == 66)
        #expect(info.errors.contains("nothing"), "\(info.errors)")
    }
}
