import ArgumentParser
import Foundation
import SearchIndex

/// `swiftlet analyze`: the terms that an analyzer makes of a text.
struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Show the terms of a text, with their positions and bytes.",
        discussion: """
            The analyzer is that of a field, or one that a schema defines, or a built-in one: \
            \(builtIn). docs/schema.md describes them. Bytes are offsets into the text, the last \
            one not included.

            Examples:
              swiftlet analyze 'The quick fox'
              swiftlet analyze --analyzer path /usr/share/doc
              swiftlet analyze --schema schema.json --field title --json 'Running shoes'
              swiftlet analyze --schema schema.json --field title --search - < query.txt
            """)

    private static var builtIn: String {
        Analyzer.builtIn.map(\.name.rawValue).joined(separator: ", ")
    }

    @Option(help: ArgumentHelp("A schema as JSON; see docs/schema.md.", valueName: "file"))
    var schema: String?

    @Option(help: "A text field of the schema, whose analyzer to use.")
    var field: String?

    @Flag(help: "Use the field's analyzer of queries.")
    var search = false

    @Option(help: "The name of an analyzer; without a field, standard is used.")
    var analyzer: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Argument(help: "The text; - is the standard input, without the line feed at its end.")
    var text: String

    /// The longest text taken from the standard input, in bytes.
    private static let maximumBytes = 1 << 20

    func validate() throws {
        if field != nil, analyzer != nil {
            throw ValidationError("give --field or --analyzer, not both")
        }
        if field != nil, schema == nil { throw ValidationError("--field needs --schema") }
        if search, field == nil { throw ValidationError("--search needs --field") }
    }

    func run() async throws {
        try await reportingFailures {
            let analyzer = try chosen()
            let bytes = text == "-" ? try Self.standardInput() : Array(text.utf8)
            let tokens = analyzer.tokens(of: bytes.span)
            if json { printJSON(tokens, analyzer) } else { print(tokens) }
        }
    }

    private func chosen() throws -> Analyzer {
        let schema = try schema.map(IndexBuildCommand.readSchema)
        if let field {
            guard let found = schema?.field(named: field), found.kind == .text else {
                let fields = schema?.fields.filter { $0.kind == .text }.map(\.name) ?? []
                throw Self.unknown("text field", field, allowed: fields)
            }
            return search ? found.searchAnalyzer : found.analyzer
        }
        let known = Analyzer.builtIn + (schema?.analyzers ?? [])
        let wanted = analyzer ?? Analyzer.standard.name.rawValue
        guard let found = known.first(where: { $0.name.rawValue == wanted }) else {
            throw Self.unknown("analyzer", wanted, allowed: known.map(\.name.rawValue))
        }
        return found
    }

    private static func unknown(
        _ what: String, _ name: String, allowed: [String]
    ) -> CommandFailure {
        let names = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        return CommandFailure(.badData, "there is no \(what) \"\(name)\"; there are \(names)")
    }

    private static func standardInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try FileHandle.standardInput.read(upToCount: maximumBytes),
            !chunk.isEmpty
        {
            bytes += chunk
            if bytes.count > maximumBytes {
                throw CommandFailure(
                    .badData, "standard input: more than \(maximumBytes) bytes")
            }
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        return bytes
    }

    private func print(_ tokens: [Token]) {
        var rows = [("position", "bytes", "term")]
        for token in tokens {
            let range = "\(token.byteRange.lowerBound)-\(token.byteRange.upperBound)"
            rows.append(("\(token.position)", range, Self.shown(token.term)))
        }
        let width = max(7, rows.map(\.1.count).max() ?? 0)
        for (position, range, term) in rows {
            let left = position.padding(toLength: 10, withPad: " ", startingAt: 0)
            Console.line(
                left + range.padding(toLength: width + 2, withPad: " ", startingAt: 0) + term)
        }
    }

    /// A term with control characters written out.
    private static func shown(_ term: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: term, as: UTF8.self).unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control
            text += isControl ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return text
    }

    private func printJSON(_ tokens: [Token], _ analyzer: Analyzer) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("analyzer")
        writer.string(analyzer.name.rawValue)
        writer.key("tokens")
        writer.beginArray()
        for token in tokens {
            writer.beginObject()
            writer.key("term")
            writer.string(token.term.span)
            writer.key("position")
            writer.integer(token.position)
            writer.key("start")
            writer.integer(token.byteRange.lowerBound)
            writer.key("end")
            writer.integer(token.byteRange.upperBound)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        Console.line(String(decoding: writer.bytes, as: UTF8.self))
    }
}
