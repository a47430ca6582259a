@testable import SearchIndex

/// A part of the engine that reads bytes from outside, as fuzzers and the replay of their corpora
/// call it.
enum FuzzTarget: String, CaseIterable {
    /// The query language, strict and lenient, and the search of what it gives.
    case queryParser = "query-parser"
    /// Schemas in JSON.
    case schema
    /// Documents in JSON.
    case json
    /// Analyzers of every tokenizer and most filters, over any bytes.
    case text
    /// Opening and searching a damaged segment behind right checksums.
    case segment
    /// Deleting from and merging a damaged segment behind right checksums.
    case merge
}

/// What a target found wrong beside traps.
struct FuzzFinding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Runs targets; made once, as it builds the indexes that they search.
final class FuzzRunner {
    private let typed: EmbeddedIndex
    private let segments: SegmentFuzzer

    /// - Parameter folder: an empty one, for the indexes.
    init(folder: String) throws {
        segments = try SegmentFuzzer(folder: folder)
        typed = try EmbeddedIndex(directory: segments.soundDirectory)
    }

    /// Runs one input.
    ///
    /// - Throws: `FuzzFinding` when a rule of the target does not hold.
    func run(_ target: FuzzTarget, _ input: [UInt8]) throws {
        switch target {
        case .queryParser: try runQueryParser(input)
        case .schema: try runSchema(input)
        case .json: try runJSON(input)
        case .text: try TextFuzzer.run(input)
        case .segment: try segments.run(input)
        case .merge: try segments.merge(input)
        }
    }

    /// The first byte chooses the operator between clauses, the rest is the text.
    private func runQueryParser(_ input: [UInt8]) throws {
        let text = Array(input.dropFirst())
        let schema = typed.description.schema
        for mode in [QueryParser.Mode.strict, .lenient] {
            let parser = QueryParser(
                schema: schema, defaultOperator: (input.first ?? 0) & 1 == 0 ? .or : .and,
                mode: mode)
            let query: Query
            do {
                query = try parser.parse(text.span)
            } catch {
                guard mode == .strict else { throw FuzzFinding("lenient parser: \(error)") }
                guard error.byteOffset >= 0, error.byteOffset <= text.count else {
                    throw FuzzFinding("an error at byte \(error.byteOffset) of \(text.count)")
                }
                _ = error.description
                continue
            }
            do {
                try query.validate(schema: schema, limits: parser.limits)
            } catch {
                throw FuzzFinding("the parser gave a query that is refused: \(error)")
            }
            let search = EverySearch(ranked: [query], explains: true, snippetFields: ["title"])
            guard search.run(on: typed) else { throw FuzzFinding("a search without end") }
        }
    }

    private func runSchema(_ input: [UInt8]) throws {
        let schema: Schema
        do {
            schema = try Schema(json: input)
        } catch {
            _ = error.description
            return
        }
        let canonical = schema.canonicalJSON
        guard let again = try? Schema(json: canonical), again == schema,
            again.canonicalJSON == canonical
        else { throw FuzzFinding("the canonical form gives another schema") }
    }

    private func runJSON(_ input: [UInt8]) throws {
        var skipping = JSONScanner()
        var isSkipped = false
        do {
            try skipping.skipValue(input.span)
            try skipping.finish(input.span)
            isSkipped = true
        } catch {
            guard error.byteOffset >= 0, error.byteOffset <= input.count else {
                throw FuzzFinding("an error at byte \(error.byteOffset) of \(input.count)")
            }
        }
        var walk = JSONWalk()
        guard walk.accepts(input) == isSkipped else {
            throw FuzzFinding("skipped: \(isSkipped), read: \(!isSkipped)")
        }
        let schema = typed.description.schema
        var parser = DocumentParser(schema: schema)
        let isDocument = (try? parser.parse(input.span)) != nil
        if isDocument, !isSkipped { throw FuzzFinding("a document that is no JSON") }
        let stored = StoredTexts(input, schema: schema)
        for field in schema.fields { _ = stored.texts(of: field) }
    }
}

/// Reads a JSON document value by value.
private struct JSONWalk {
    private var scanner = JSONScanner()
    private var text: [UInt8] = []

    mutating func accepts(_ bytes: [UInt8]) -> Bool {
        scanner.reset()
        do {
            try read(try scanner.peekKind(bytes.span), bytes.span)
            try scanner.finish(bytes.span)
            return true
        } catch {
            return false
        }
    }

    // The scanner bounds the depth.
    private mutating func read(_ kind: JSONKind, _ bytes: Span<UInt8>) throws(JSONError) {
        switch kind {
        case .object:
            try scanner.enterObject(bytes)
            while let kind = try scanner.nextMember(bytes) { try read(kind, bytes) }
        case .array:
            try scanner.enterArray(bytes)
            while let kind = try scanner.nextElement(bytes) { try read(kind, bytes) }
        case .string: try scanner.readString(bytes, into: &text)
        case .number: _ = try scanner.readNumber(bytes)
        case .bool: _ = try scanner.readBool(bytes)
        case .null: try scanner.readNull(bytes)
        }
    }
}
