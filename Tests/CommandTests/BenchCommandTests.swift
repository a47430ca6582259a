import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct BenchCommandTests {
    /// A folder with 80 random documents, `in.jsonl`, and the index `idx` of them.
    private func folder() async throws -> ScratchFolder {
        let folder = try ScratchFolder()
        var data = SampleData("bench")
        let input = try folder.write("in.jsonl", data.documents(80))
        let built = try await swiftlet(
            "index", "build", "--shards", "2", "--output", folder("idx"), input)
        try #require(built.status == 0, "\(built.errors)")
        return folder
    }

    private func bench(
        _ folder: ScratchFolder, _ queries: String, _ options: String...
    ) async throws -> Running.End {
        let path = try folder.write("queries", queries)
        return try await run(
            Executable.path,
            ["bench", "search", "--index", folder("idx"), "--queries", path] + options)
    }

    private func dump(_ folder: ScratchFolder) throws -> [Dumped] {
        try String(decoding: folder.bytes("dump"), as: UTF8.self).split(separator: "\n").map {
            try JSONDecoder().decode(Dumped.self, from: Data($0.utf8))
        }
    }

    @Test func `--json prints the times of every mode asked for, in order`() async throws {
        let folder = try await folder()
        let ended = try await bench(
            folder, "word1 word2\n\nword3\n", "--modes", "union,term,typed", "--json")
        try #require(ended.status == 0, "\(ended.errors)")
        let times = try JSONDecoder().decode([Times].self, from: Data(ended.output.utf8))
        #expect(times.map(\.mode) == ["union", "term", "typed"])
        #expect(times.map(\.queries) == [2, 3, 2])
        for each in times {
            #expect(each.mean_us > 0)
            #expect(each.p50_us <= each.p90_us && each.p90_us <= each.p99_us)
        }
    }

    @Test func `every mode's answers are those of swiftlet search`() async throws {
        let folder = try await folder()
        let ended = try await bench(
            folder, "word1 word2\nword0 word0\n", "--modes",
            "union,intersection,phrase,term,typed", "--threads", "3", "--count", "exact", "--dump",
            folder("dump"))
        try #require(ended.status == 0, "\(ended.errors)")
        let dumped = try dump(folder)
        let modes = dumped.map(\.mode)
        let expected = ["union", "intersection", "phrase", "term", "typed"]
        #expect(Set(modes) == Set(expected))
        #expect(modes.count == 12)
        for each in dumped {
            let found = try await swiftlet("search", "--index", folder("idx"), "--json", each.query)
            let answer = try JSONDecoder().decode(Answer.self, from: Data(found.output.utf8))
            #expect(each.total == answer.total_hits)
            #expect(each.hits == answer.hits)
        }
        #expect(dumped.contains { $0.total > 10 && $0.hits.count == 10 })
    }

    @Test func `a mode combines the words of a line as it says`() async throws {
        let folder = try await folder()
        let line = #"word1 a"b"# + "\n"
        let ended = try await bench(
            folder, line, "--modes", "union,intersection,phrase", "--dump", folder("dump"))
        try #require(ended.status == 0, "\(ended.errors)")
        let queries = try dump(folder).map(\.query)
        #expect(
            queries == [
                #""word1" OR "a\"b""#, #""word1" AND "a\"b""#, #""word1 a\"b""#,
            ])
    }

    @Test func `lines that are no queries, and files without any, are refused`() async throws {
        let folder = try await folder()
        let wrong = try await bench(folder, "word1\n(word2\n", "--modes", "typed")
        #expect(wrong.status == 65)
        #expect(wrong.errors.contains("(word2"), "\(wrong.errors)")
        #expect(try await bench(folder, "\n \n").status == 65)
        let unknown = try await bench(folder, "word1\n", "--modes", "union,nonsense")
        #expect(unknown.status == 64)
    }

    @Test func `--resources writes memory and the time to open`() async throws {
        let folder = try await folder()
        let ended = try await bench(folder, "word1\n", "--resources", folder("use"))
        try #require(ended.status == 0, "\(ended.errors)")
        let use = try JSONDecoder().decode(Use.self, from: Data(folder.bytes("use")))
        #expect(use.open_microseconds > 0)
        #expect(use.searched.resident_bytes >= use.searched.anonymous_bytes)
        #expect(use.searched.anonymous_bytes > 0)
    }

    @Test func `a broker benchmark reports load, memory and idle cost for every number of shards`()
        async throws
    {
        let ended = try await swiftlet(
            "bench", "broker", "--shards", "1,12", "--items", "2400", "--clients", "2", "--workers",
            "3", "--steps", "3", "--idle-workers", "5", "--idle-seconds", "0.1", "--json")
        try #require(ended.status == 0, "\(ended.errors)")
        let reports = try JSONDecoder().decode([BrokerReport].self, from: Data(ended.output.utf8))
        #expect(reports.map(\.shards) == [1, 12])
        #expect(reports.map(\.workers) == [1, 3])
        #expect(reports.map(\.load.items) == [2400, 200])
        #expect(
            reports.map { $0.memory.map(\.items) } == [[0, 800, 1600, 2400], [0, 66, 133, 200]])
        for report in reports {
            #expect(report.memory.allSatisfy { $0.resident_bytes > 0 })
            #expect(report.load.p50_us <= report.load.p99_us && report.load.mean_us > 0)
            #expect(report.load.items_per_second > 0 && report.load.thread_us_per_item > 0)
            #expect(report.load.request_frames.count == 2 && report.load.reply_frames.count == 3)
            #expect(report.idle?.workers == 5)
        }
        // Ten hits of 24 bytes and an id from each shard.
        #expect(reports[0].load.bytes_per_item.worker_to_broker > 240)
        #expect(reports[1].load.bytes_per_item.worker_to_broker > 12 * 240)
    }

    @Test(arguments: [
        ["--shards", "1,x"], ["--shards", "0"], ["--batch", "1001"], ["--in-flight", "65"],
        ["--clients", "0"], ["--steps", "0"], ["--items", "-1"],
    ])
    func `a broker benchmark refuses what no broker takes`(options: [String]) async throws {
        let ended = try await run(Executable.path, ["bench", "broker"] + options)
        #expect(ended.status == 64, "\(ended.output)")
    }

    @Test func `an index benchmark reports every section and leaves only what is kept`()
        async throws
    {
        let folder = try await folder()
        let ended = try await swiftlet(
            "bench", "index", "--input", folder("in.jsonl"), "--repeat", "2", "--json", "--keep",
            folder("kept"))
        try #require(ended.status == 0, "\(ended.errors)")
        let report = try JSONDecoder().decode(Report.self, from: Data(ended.output.utf8))
        #expect(report.documents == 80)
        #expect(
            report.sections.map(\.bytes).reduce(0, +) == report.compared_bytes + report.other_bytes)
        let compared = report.sections.filter(\.is_compared)
        #expect(compared.map(\.bytes).reduce(0, +) == report.compared_bytes)
        #expect(compared.contains { $0.kind == "postings" })
        #expect(try folder.names.contains("kept"))
    }

    private struct Times: Decodable {
        let mode: String
        let mean_us, p50_us, p90_us, p99_us: Double
        let queries: Int
    }

    private struct Dumped: Decodable {
        let mode, query: String
        let total: Int
        let hits: [Hit]
    }

    private struct Answer: Decodable {
        let total_hits: Int
        let hits: [Hit]
    }

    private struct Hit: Decodable, Equatable {
        let id: String
        let score: Float
    }

    private struct Use: Decodable {
        let open_microseconds: Double
        let searched: Memory

        struct Memory: Decodable {
            let resident_bytes, anonymous_bytes: Int
        }
    }

    private struct BrokerReport: Decodable {
        let shards, workers: Int
        let memory: [Step]
        let load: Load
        let idle: Idle?

        struct Step: Decodable {
            let items, resident_bytes: Int
        }

        struct Load: Decodable {
            let items: Int
            let items_per_second, mean_us, p50_us, p99_us, thread_us_per_item: Double
            let request_frames, reply_frames: [Int]
            let bytes_per_item: Bytes
        }

        struct Bytes: Decodable {
            let worker_to_broker: Double
        }

        struct Idle: Decodable {
            let workers: Int
        }
    }

    private struct Report: Decodable {
        let documents, compared_bytes, other_bytes: Int
        let sections: [Section]

        struct Section: Decodable {
            let kind: String
            let bytes: Int
            let is_compared: Bool
        }
    }
}
