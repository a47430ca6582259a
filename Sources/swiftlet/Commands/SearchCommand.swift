import ArgumentParser
import Foundation
import SearchIndex
import SwiftletClient

/// `swiftlet search`: one query.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Answer one query, from an index in this process or from a cluster.",
        discussion: """
            docs/query-language.md has the language, docs/results.md what answers hold.

            Examples:
              swiftlet search --index data/debian 'text AND editor'
              swiftlet search --index data/debian --limit 3 --json '"full text search"'
              swiftlet search --index data/debian --sort size:desc --fields name,size editor
              swiftlet search --index data/debian --explain vim 'name:vim^2 editor'
              swiftlet search --broker ipc:///run/swiftlet/broker-1.clients 'name:vim^2 editor'
            """)

    @OptionGroup var source: SearchSource

    @OptionGroup var results: ResultOptions

    @Option(help: "The most hits.")
    var limit: UInt32 = 10

    @Option(help: "How many of the best hits to leave out first.")
    var offset: UInt32 = 0

    @Option(
        help: ArgumentHelp(
            "Only hits behind this place: the \"next\" of the page before.", valueName: "next"))
    var after: String?

    @Option(
        help: ArgumentHelp(
            "Instead of hits: why the document with this id has its score.", valueName: "id"))
    var explain: String?

    @Flag(help: "With --broker: show where the time went.")
    var profile = false

    @Flag(
        help: "With --broker: show what became of every shard: worker, documents, attempts, time.")
    var ledger = false

    @OptionGroup var trace: TraceOptions

    @Flag(help: "Print the answer as one JSON object.")
    var json = false

    @Argument(help: "The query.")
    var query: String

    func validate() throws {
        let others = [
            ("--sort", results.sort), ("--after", after), ("--fields", results.fields),
            ("--highlight", results.highlight),
        ]
        if explain != nil, let other = others.first(where: { $0.1 != nil }) {
            throw ValidationError(
                "--explain and \(other.0): an explanation is of one score, without hits; leave one "
                    + "of the options out")
        }
    }

    func run() async throws {
        try await reportingFailures {
            var options = source.options(limit: limit, offset: offset)
            options.profile = profile
            options.ledger = ledger
            options.trace = trace.context
            try results.apply(to: &options)
            let request = SearchRequest(query, after: after)
            if let explain { return try await showExplanation(of: explain, request, options) }
            let answer = try await source.withBackend { [options] backend in
                await backend.answers(to: [request], options: options)
            }
            guard let answer = answer.first else { return }
            let response = try value(of: answer)
            if json { printJSON(response) } else { print(response) }
            if !response.coverage.isComplete { throw ExitStatus.partial.exitCode }
        }
    }

    private func showExplanation(
        of id: String, _ request: SearchRequest, _ options: SearchOptions
    ) async throws {
        let explanation = try value(
            of: try await source.withBackend { backend in
                await backend.explanation(of: request, documentID: id, options: options)
            })
        guard json else {
            return Console.write(explanation.text, to: .standardOutput)
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("query")
        writer.string(query)
        writer.key("id")
        writer.string(id)
        writer.key("explanation")
        writer.value(explanation.json)
        writer.endObject()
        Console.line(String(decoding: writer.bytes, as: UTF8.self))
    }

    /// What an answer holds; an error's place in the query is shown first.
    private func value<Value>(
        of answer: Result<Value, SwiftletClient.SearchError>
    ) throws -> Value {
        do {
            return try answer.get()
        } catch {
            showPlace(of: error)
            if ledger, let coverage = error.coverage {
                for line in LedgerReport(coverage).lines { Console.error(line) }
            }
            throw error
        }
    }

    private func printJSON(_ response: SearchResponse) {
        var line = Array("{\"query\":".utf8)
        BatchOutput.append(query, to: &line)
        line += Array(",\"took_us\":\(response.took.microseconds),\"coverage\":".utf8)
        let reports = ledger ? LedgerReport(response.coverage).json : nil
        BatchOutput.append(response.coverage, reports: reports, to: &line)
        if let profile = response.profile {
            line += Array(",\"profile\":".utf8) + ProfileReport(profile).json
        }
        var members: [UInt8] = []
        BatchOutput.append(response, to: &members)
        Console.line(String(decoding: line + members, as: UTF8.self) + "}")
    }

    private func print(_ response: SearchResponse) {
        for (position, hit) in response.hits.enumerated() {
            let rank = Int(offset) + position + 1
            let title = hit.document.flatMap(DocumentSummary.init)
            let values = hit.sortValues.map { $0?.text ?? "-" }
            let place = values.isEmpty ? "\(hit.score)" : values.joined(separator: ", ")
            Console.line("\(rank). \(hit.id)  (\(place))\(title.map { "  \($0.title)" } ?? "")")
            if results.highlight != nil {
                print(hit.snippets)
            } else if results.fields != nil, let document = hit.document {
                Console.line("   \(String(decoding: document, as: UTF8.self))")
            } else if let excerpt = title?.excerpt {
                Console.line("   \(excerpt)")
            }
        }
        let coverage = response.coverage
        let answered = coverage.ok + coverage.degraded
        var shards = "\(answered) of \(coverage.shards) shards answered"
        if coverage.degraded > 0 {
            shards += ", \(coverage.degraded) of them for the first terms of a pattern only"
        }
        let count = (response.isTotalExact ? "" : "at least ") + "\(response.totalHits)"
        Console.line(
            "\(count) documents match; \(shards); took \(response.took.microseconds) µs")
        if let profile = response.profile {
            for line in ProfileReport(profile).lines { Console.line(line) }
        }
        if ledger { for line in LedgerReport(coverage).lines { Console.line(line) } }
        if let next = response.next { Console.line("next page: --after \(next)") }
        for failure in coverage.failures {
            Console.error(
                "no answer of shard \(failure.index)/\(failure.shard): \(failure.code): "
                    + failure.message)
        }
        for part in coverage.degradations {
            Console.error(
                "hits of shard \(part.index)/\(part.shard) may be missing: \(part.message)")
        }
    }

    private func print(_ snippets: [FieldSnippets]) {
        for snippet in snippets {
            for fragment in snippet.fragments {
                let text = fragment.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                Console.line("   \(snippet.field): \(text)")
            }
        }
    }

    /// The query, or its part around the place that an error is about, with a mark below it.
    private func showPlace(of error: SwiftletClient.SearchError) {
        guard let position = error.positionBytes, position <= query.utf8.count else { return }
        let before = String(decoding: query.utf8.prefix(position), as: UTF8.self)
        let after = query.dropFirst(before.count).prefix(Self.shownCharacters)
        let start = before.suffix(Self.shownCharacters)
        Console.error("  \(start)\(after)")
        Console.error("  \(String(repeating: " ", count: start.count))^")
    }

    /// Shown of a query before the place of an error, and after it.
    private static let shownCharacters = 60
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

/// What a person wants to see of a stored document: a title-like member and the start of a text.
struct DocumentSummary {
    let title: String
    let excerpt: String?

    private static let titleNames = ["title", "summary", "name", "headline", "subject"]
    private static let textNames = ["description", "text", "body", "content", "abstract"]
    private static let excerptLength = 90

    /// Nil if the document has no such member.
    init?(_ document: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(document)),
            let members = object as? [String: Any]
        else { return nil }
        func first(of names: [String]) -> String? {
            names.lazy.compactMap { members[$0] as? String }.first { !$0.isEmpty }
        }
        guard let title = first(of: Self.titleNames) ?? first(of: Self.textNames) else {
            return nil
        }
        self.title = Self.oneLine(title)
        excerpt = first(of: Self.textNames).map(Self.oneLine).flatMap { $0 == title ? nil : $0 }
    }

    private static func oneLine(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= excerptLength ? words : words.prefix(excerptLength) + "…"
    }
}
