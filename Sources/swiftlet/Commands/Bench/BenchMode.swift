import ArgumentParser
import SearchIndex

/// What a line of a query file is made into.
enum BenchMode: String, CaseIterable, Sendable {
    /// Documents with any of the line's words.
    case union
    /// Documents with all of the words.
    case intersection
    /// Documents with the words side by side, in order.
    case phrase
    /// Each word of the file by itself, as often as it occurs.
    case term
    /// The line as a query of the query language.
    case typed

    /// The queries that some lines mean, each with its text.
    ///
    /// A line whose words analyse to nothing becomes a query without matches.
    ///
    /// - Throws: `CommandFailure` with the number of a line that is no query.
    func queries(
        of lines: [String], in index: EmbeddedIndex
    ) throws(CommandFailure) -> [BenchQuery] {
        var queries: [BenchQuery] = []
        for text in texts(of: lines) {
            do throws(QueryError) {
                queries.append(BenchQuery(text: text, query: try index.parse(text)))
            } catch {
                guard error.reason == .noTerms else {
                    throw CommandFailure(.badData, "\(rawValue) query `\(text)`: \(error)")
                }
                queries.append(BenchQuery(text: text, query: .matchNone))
            }
        }
        return queries
    }

    /// Texts in the query language.
    private func texts(of lines: [String]) -> [String] {
        switch self {
        case .union: lines.map { Self.words(of: $0).map(Self.quoted).joined(separator: " OR ") }
        case .intersection:
            lines.map { Self.words(of: $0).map(Self.quoted).joined(separator: " AND ") }
        case .phrase: lines.map(Self.quoted)
        case .term: lines.flatMap(Self.words).map(Self.quoted)
        case .typed: lines
        }
    }

    private static func words(of line: String) -> [String] {
        line.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] } + "\""
    }
}

/// One query that is measured.
struct BenchQuery: Sendable {
    /// As `swiftlet search` takes it.
    let text: String
    /// What is searched.
    let query: Query
}

/// Modes on the command line, as `union,phrase`.
struct BenchModes: ExpressibleByArgument {
    let modes: [BenchMode]

    init?(argument: String) {
        let modes = argument.split(separator: ",").map { BenchMode(rawValue: String($0)) }
        guard !modes.isEmpty, !modes.contains(nil) else { return nil }
        self.modes = modes.compactMap(\.self)
    }

    private init(_ modes: [BenchMode]) { self.modes = modes }

    static let usual = BenchModes([.union, .intersection, .phrase, .typed])

    var defaultValueDescription: String { modes.map(\.rawValue).joined(separator: ",") }
}
