import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct BatchCommandTests {
    /// A folder with the index `idx` of 60 random documents.
    private func folder() async throws -> ScratchFolder {
        let folder = try ScratchFolder()
        var data = SampleData("batch")
        let input = try folder.write("in.jsonl", data.documents(60))
        let built = try await swiftlet(
            "index", "build", "--shards", "2", "--output", folder("idx"), input)
        try #require(built.status == 0, "\(built.errors)")
        return folder
    }

    private func batch(
        _ folder: ScratchFolder, _ lines: String, _ options: String...
    ) async throws -> Running.End {
        let input = try folder.write("queries", lines)
        return try await run(
            Executable.path,
            ["batch", "--index", folder("idx"), "--input", input, "--output", folder("out")]
                + options)
    }

    private func lines(_ folder: ScratchFolder) throws -> [Substring] {
        try String(decoding: folder.bytes("out"), as: UTF8.self).split(separator: "\n")
    }

    private func answers(_ folder: ScratchFolder) throws -> [Answer] {
        try lines(folder).map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
    }

    @Test func `answers of both input forms are the same and in the order of the input`()
        async throws
    {
        let folder = try await folder()
        var data = SampleData("order")
        let queries = (0..<300).map { (id: "q\($0)", text: data.query()) }
        let tabs = queries.map { "\($0.id)\t\($0.text)\n" }.joined()
        #expect(try await batch(folder, tabs, "--threads", "2").status == 0)
        let fromTabs = try folder.bytes("out")
        #expect(try answers(folder).map(\.id) == queries.map(\.id))
        let encoder = JSONEncoder()
        let objects = try queries.map {
            String(decoding: try encoder.encode(["id": $0.id, "text": $0.text]), as: UTF8.self)
        }
        #expect(try await batch(folder, objects.joined(separator: "\n")).status == 0)
        #expect(try folder.bytes("out") == fromTabs)
    }

    @Test func `a line says itself whether its hits have documents`() async throws {
        let folder = try await folder()
        let texts = ["", #","documents":true"#, #","documents":false"#]
        let queries = texts.map { #"{"text":"word1""# + $0 + "}\n" }.joined()
        for (option, expected) in [
            ([], [true, true, false]), (["--ids-only"], [false, true, false]),
        ] {
            let input = try folder.write("queries", queries)
            let ended = try await run(
                Executable.path,
                ["batch", "--index", folder("idx"), "--input", input, "--output", folder("out")]
                    + option)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(try lines(folder).map { $0.contains(#""document":"#) } == expected)
        }
        #expect(try await batch(folder, #"{"text":"word1","documents":"no"}"#).status == 1)
    }

    @Test func `an index that is none costs no earlier answers`() async throws {
        let folder = try ScratchFolder()
        let input = try folder.write("queries", "q1\tword\n")
        let output = try folder.write("out", "earlier answers")
        let ended = try await swiftlet(
            "batch", "--index", folder("none"), "--input", input, "--output", output)
        #expect(ended.status == 66)
        #expect(try folder.bytes("out") == Array("earlier answers".utf8))
    }

    @Test func `scores of both output forms are the same Float numbers`() async throws {
        let folder = try await folder()
        var data = SampleData("scores")
        let queries = data.queries(100)
        #expect(try await batch(folder, queries, "--limit", "100").status == 0)
        let hits = try answers(folder).flatMap { answer in
            (answer.hits ?? []).enumerated().map { rank, hit in
                TRECLine(query: answer.id, document: hit.id, rank: rank + 1, score: hit.score)
            }
        }
        let ended = try await batch(folder, queries, "--limit", "100", "--format", "trec")
        #expect(ended.status == 0)
        #expect(try lines(folder).map(TRECLine.init) == hits)
        #expect(hits.count > 100)
        #expect(hits.allSatisfy { "\($0.score)".utf8.count < 12 })
    }

    @Test func `bad lines are numbered and passed over, failed queries reported`() async throws {
        let folder = try await folder()
        let ended = try await batch(
            folder, "q1\tword1\nno tab here\n\nq2\t\"word1\n\tno id\nq3\tword2\r\n")
        #expect(ended.status == 1)
        let answers = try answers(folder)
        #expect(answers.map(\.id) == ["q1", "q2", "q3"])
        #expect(answers.map { $0.error?.code } == [nil, "BAD_REQUEST", nil])
        #expect(ended.errors.contains("queries:2: expected an id, a tab and a query"))
        #expect(ended.errors.contains("queries:5: "))
        #expect(ended.errors.contains("query q2: BAD_REQUEST"))
        #expect(ended.errors.contains("3 queries: 2 answered completely, 1 failed, 2 bad lines"))
    }

    @Test func `bad JSON lines say what is wrong, and lines without an id have their number`()
        async throws
    {
        let folder = try await folder()
        let ended = try await batch(
            folder,
            """
            {"text":"word1","limit":2}
            {"id":"x"}
            {"id":[],"text":"word1"}
            {"id":"y","text":"word1","limit":-1}
            {"id":"z","text":"word1","operator":"nor"}
            nonsense
            {"id":7,"text":"word1 word2","operator":"and","offset":1}
            """)
        #expect(ended.status == 1)
        #expect(try answers(folder).map(\.id) == ["1", "7"])
        #expect(try answers(folder)[0].hits?.count == 2)
        for (line, reason) in [
            (2, "\"text\""), (3, "\"id\""), (4, "\"limit\""), (5, "\"operator\""),
        ] {
            #expect(
                ended.errors.split(separator: "\n").contains {
                    $0.contains("queries:\(line): \(reason)")
                }, "\(ended.errors)")
        }
        #expect(ended.errors.contains("queries:6: not a JSON object"))
    }

    @Test func `with --strict the first bad line ends the batch`() async throws {
        let folder = try await folder()
        let ended = try await batch(folder, "q1\tword1\nbad\nq2\tword2\n", "--strict")
        #expect(ended.status == 65)
        #expect(ended.errors.contains("queries:2: expected an id"), "\(ended.errors)")
    }

    @Test func `an id with white space is bad for trec only`() async throws {
        let folder = try await folder()
        let queries = "q 1\tword1\nq2\tword1\n"
        #expect(try await batch(folder, queries).status == 0)
        #expect(try answers(folder).map(\.id) == ["q 1", "q2"])
        let ended = try await batch(folder, queries, "--format", "trec")
        #expect(ended.status == 1)
        #expect(ended.errors.contains("queries:1: the id \"q 1\" has white space"))
        #expect(try Set(lines(folder).map { TRECLine($0).query }) == ["q2"])
    }

    @Test func `white space of document ids is written as percent and two digits`() async throws {
        let folder = try ScratchFolder()
        let input = try folder.write("in.jsonl", #"{"id":"a b\u00a0c","title":"word1"}"#)
        _ = try await swiftlet(
            "index", "build", "--shards", "1", "--output", folder("idx"), input)
        #expect(try await batch(folder, "q1\tword1\n", "--format", "trec").status == 0)
        #expect(try TRECLine(#require(lines(folder).first)).document == "a%20b%C2%A0c")
    }

    @Test func `the summary counts, and the standard streams serve as files`() async throws {
        let folder = try await folder()
        let input = try folder.write("queries", "q1\tword1\nq2\t(\n")
        let ended = try await swiftlet(
            "batch", "--index", folder("idx"), "--input", "-", "--output", "-", "--summary",
            folder("summary"), input: input)
        #expect(ended.status == 1)
        #expect(ended.output.split(separator: "\n").count == 2)
        let summary = try JSONDecoder().decode(
            [String: Double].self, from: Data(folder.bytes("summary")))
        #expect((summary["items"], summary["completed"], summary["failed"]) == (2, 1, 1))
    }

    @Test func `an output stays what it is, be it a link or a pipe`() async throws {
        let folder = try await folder()
        try folder.write("target", "old text that is much longer than the new one")
        try FileManager.default.createSymbolicLink(
            atPath: folder("out"), withDestinationPath: folder("target"))
        #expect(try await batch(folder, "q1\tnothing\n").status == 0)
        let kind = try FileManager.default.attributesOfItem(atPath: folder("out"))[.type]
        #expect(kind as? FileAttributeType == .typeSymbolicLink)
        let text = String(decoding: try folder.bytes("target"), as: UTF8.self)
        #expect(text == #"{"id":"q1","total_hits":0,"hits":[]}"# + "\n")
    }

    @Test func `outputs that cannot be made or written are named`() async throws {
        let folder = try await folder()
        let input = try folder.write("queries", "q1\tword1\n")
        let nowhere = try await swiftlet(
            "batch", "--index", folder("idx"), "--input", input, "--output", folder("no/out"))
        #expect(nowhere.status == 73)
        #expect(nowhere.errors.contains("no/out"))
        // A link, so that a command that replaces its output cannot harm the device.
        try FileManager.default.createSymbolicLink(
            atPath: folder("full"), withDestinationPath: "/dev/full")
        let full = try await swiftlet(
            "batch", "--index", folder("idx"), "--input", input, "--output", folder("full"))
        #expect(full.status == 74, "\(full.errors)")
        let missing = try await swiftlet(
            "batch", "--index", folder("idx"), "--input", input + "x", "--output", folder("out"))
        #expect(missing.status == 66)
    }

    private struct Answer: Decodable {
        struct Hit: Decodable {
            let id: String
            let score: Float
        }
        struct Failure: Decodable { let code: String }
        let id: String
        let hits: [Hit]?
        let error: Failure?
    }

    private struct TRECLine: Equatable {
        let query, document: String
        let rank: Int
        let score: Float

        init(query: String, document: String, rank: Int, score: Float) {
            (self.query, self.document) = (query, document)
            (self.rank, self.score) = (rank, score)
        }

        /// Columns that are not as TREC has them give a line that equals no other.
        init(_ line: Substring) {
            let columns = line.split(separator: " ").map(String.init)
            let isWhole = columns.count == 6 && columns[1] == "Q0" && columns[5] == "swiftlet"
            query = isWhole ? columns[0] : ""
            document = isWhole ? columns[2] : ""
            rank = isWhole ? Int(columns[3]) ?? 0 : 0
            score = isWhole ? Float(columns[4]) ?? .nan : .nan
        }
    }
}
