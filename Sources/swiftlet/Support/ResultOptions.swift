public import ArgumentParser
public import SearchIndex
import SwiftletClient

/// What answers hold and in which order: options that `search` and `batch` share.
struct ResultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Sort by up to 4 columns instead of the score: FIELD:asc or FIELD:desc, joined by \
            commas; :first behind a direction puts documents without a value first.
            """,
            valueName: "keys"))
    var sort: String?

    @Option(
        help: ArgumentHelp(
            "Only these members of the documents, by dotted path, joined by commas.",
            valueName: "names"))
    var fields: String?

    @Option(
        help: ArgumentHelp(
            "Show the query's words in these fields, joined by commas.", valueName: "fields"))
    var highlight: String?

    @Option(help: "With --highlight: the most fragments of a field.")
    var fragments = 3

    @Option(help: ArgumentHelp("With --highlight: about their length.", valueName: "characters"))
    var fragmentSize = 150

    @Option(
        help: ArgumentHelp(
            "How to count matches: exact, none, or a number up to which the count is exact.",
            valueName: "count"))
    var count = "exact"

    @Option(
        help: """
            How the hits of shards become one list: score_desc, score_asc, node_order, round_robin, \
            reciprocal_rank_fusion. Without: as the broker is configured, else score_desc.
            """)
    var merge: MergeStrategy?

    func validate() throws {
        _ = try keys
        _ = try totals
        _ = try selection
        _ = try names(of: highlight, option: "--highlight", limit: Schema.maximumFields)
        guard 1...SnippetOptions.maximumFragments ~= fragments else {
            throw ValidationError(
                "--fragments \(fragments): expected 1 to \(SnippetOptions.maximumFragments)")
        }
        guard 1...SnippetOptions.maximumLength ~= fragmentSize else {
            throw ValidationError(
                "--fragment-size \(fragmentSize): expected 1 to \(SnippetOptions.maximumLength) "
                    + "characters")
        }
    }

    /// Adds what the options say to those of a search.
    func apply(to options: inout SearchOptions) throws {
        options.sort = try keys
        options.totals = try totals
        options.merge = merge
        options.fields = try selection
        let highlighted = try names(
            of: highlight, option: "--highlight", limit: Schema.maximumFields)
        guard !highlighted.isEmpty else { return }
        options.highlighting = Highlighting(
            fields: highlighted,
            options: SnippetOptions(fragments: fragments, length: fragmentSize))
    }

    private var keys: [SortKey] {
        get throws {
            guard let sort else { return [] }
            do {
                return try SortKey.keys(reading: sort)
            } catch {
                throw ValidationError("--sort \(error)")
            }
        }
    }

    private var totals: TotalCounting {
        get throws {
            switch count {
            case "exact": return .exact
            case "none": return .none
            default:
                guard let number = UInt64(count) else {
                    throw ValidationError(
                        "--count '\(count)': expected exact, none, or a number up to which the "
                            + "count is exact")
                }
                return .upTo(number)
            }
        }
    }

    private var selection: [String] {
        get throws {
            try names(of: fields, option: "--fields", limit: DocumentSelection.maximumNames)
        }
    }

    /// The names of a list; none of an option that is not there.
    private func names(of list: String?, option: String, limit: Int) throws -> [String] {
        guard let list else { return [] }
        let names = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= limit, !names.contains("") else {
            throw ValidationError(
                "\(option) '\(list)': expected 1 to \(limit) names joined by commas")
        }
        return names
    }
}

extension MergeStrategy: ExpressibleByArgument {}
