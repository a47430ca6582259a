import SearchIndex

/// Writes a batch's answers as lines.
package struct BatchOutput: Sendable {
    /// The forms of output.
    package enum Form: String, Sendable, CaseIterable {
        /// A JSON object a query.
        case json
        /// `qid Q0 docid rank score tag`, a line a hit, as the Text Retrieval Conference's tools
        /// read it.
        case trec
    }

    private let form: Form
    private static let tag = "swiftlet"

    /// Output of a form.
    package init(_ form: Form) {
        self.form = form
    }

    /// The lines of one query's answer, each with its line feed.
    package func lines(
        of id: String, _ answer: Result<SearchResponse, SearchError>
    ) -> [UInt8] {
        switch form {
        case .json: Self.json(id, answer)
        case .trec: Self.trec(id, answer)
        }
    }

    /// A failed query has no lines; the caller reports it.
    private static func trec(
        _ id: String, _ answer: Result<SearchResponse, SearchError>
    ) -> [UInt8] {
        guard case .success(let response) = answer else { return [] }
        var text = ""
        for (position, hit) in response.hits.enumerated() {
            let document = hit.id.contains(where: \.isWhitespace) ? escaped(hit.id) : hit.id
            text += "\(id) Q0 \(document) \(position + 1) \(hit.score) \(tag)\n"
        }
        return Array(text.utf8)
    }

    /// White space as `%` and two hexadecimal digits a byte, since it would end the column.
    private static func escaped(_ id: String) -> String {
        id.map { character in
            guard character.isWhitespace else { return String(character) }
            return character.utf8.map { byte in
                let digits = String(byte, radix: 16, uppercase: true)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }.joined()
        }.joined()
    }

    private static func json(
        _ id: String, _ answer: Result<SearchResponse, SearchError>
    ) -> [UInt8] {
        var line = Array("{\"id\":".utf8)
        append(id, to: &line)
        switch answer {
        case .success(let response):
            append(response, to: &line)
        case .failure(let error):
            line += Array(",\"error\":{\"code\":\"\(error.code)\",\"message\":".utf8)
            append(error.message, to: &line)
            line += Array("}".utf8)
        }
        line += Array("}\n".utf8)
        return line
    }

    /// The members of an answer, each with a comma in front; the same for `batch` and `search`.
    package static func append(_ response: SearchResponse, to line: inout [UInt8]) {
        line += Array(",\"total_hits\":\(response.totalHits)".utf8)
        if !response.isTotalExact { line += Array(",\"total_relation\":\"AT_LEAST\"".utf8) }
        if !response.coverage.isComplete {
            line += Array(",\"coverage\":".utf8)
            append(response.coverage, to: &line)
        }
        line += Array(",\"hits\":[".utf8)
        for (position, hit) in response.hits.enumerated() {
            if position > 0 { line.append(UInt8(ascii: ",")) }
            append(hit, to: &line)
        }
        line.append(UInt8(ascii: "]"))
        guard let next = response.next else { return }
        line += Array(",\"next\":".utf8)
        append(next, to: &line)
    }

    /// A coverage ledger as an object.
    ///
    /// - Parameter reports: the member of this name, as JSON; nil for none.
    package static func append(
        _ coverage: SearchCoverage, reports: [UInt8]? = nil, to line: inout [UInt8]
    ) {
        line += Array(
            """
            {"shards":\(coverage.shards),"ok":\(coverage.ok),"skipped":\(coverage.skipped),\
            "degraded":\(coverage.degraded),"failed":\(coverage.failed),\
            "resent":\(coverage.resent),"hedged":\(coverage.hedged)
            """.utf8)
        append(coverage.failures, as: "failures", to: &line)
        append(coverage.degradations, as: "degradations", to: &line)
        if let reports { line += Array(",\"reports\":".utf8) + reports }
        line.append(UInt8(ascii: "}"))
    }

    /// Shards without a whole answer as a member; nothing without any.
    private static func append(
        _ failures: [ShardFailure], as member: String, to line: inout [UInt8]
    ) {
        if failures.isEmpty { return }
        var writer = JSONWriter()
        writer.beginArray()
        for failure in failures {
            writer.beginObject()
            writer.key("index")
            writer.string(failure.index)
            writer.key("shard")
            writer.integer(Int64(failure.shard))
            writer.key("code")
            writer.string(failure.code)
            writer.key("message")
            writer.string(failure.message)
            writer.endObject()
        }
        writer.endArray()
        line += Array(",\"\(member)\":".utf8) + writer.bytes
    }

    private static func append(_ hit: SearchHit, to line: inout [UInt8]) {
        line += Array("{\"id\":".utf8)
        append(hit.id, to: &line)
        if hit.sortValues.isEmpty {
            line += Array(",\"score\":\(hit.score)".utf8)
        } else {
            append(hit.sortValues, to: &line)
        }
        line += Array(",\"index\":".utf8)
        append(hit.index, to: &line)
        line += Array(",\"shard\":\(hit.shard),\"order_key\":\(hit.orderKey)".utf8)
        if let document = hit.document {
            line += Array(",\"document\":".utf8)
            line += document
        }
        append(hit.snippets, to: &line)
        line.append(UInt8(ascii: "}"))
    }

    /// The values that a hit is sorted by, as the member `sort`.
    private static func append(_ values: [FieldValue?], to line: inout [UInt8]) {
        var writer = JSONWriter()
        writer.beginArray()
        for value in values {
            if let value { value.write(to: &writer) } else { writer.null() }
        }
        writer.endArray()
        line += Array(",\"sort\":".utf8) + writer.bytes
    }

    /// The fragments of a hit by field, as the member `highlights`; nothing without any.
    private static func append(_ snippets: [FieldSnippets], to line: inout [UInt8]) {
        if snippets.isEmpty { return }
        var writer = JSONWriter()
        writer.beginObject()
        for snippet in snippets {
            writer.key(snippet.field)
            writer.beginArray()
            for fragment in snippet.fragments { writer.string(fragment) }
            writer.endArray()
        }
        writer.endObject()
        line += Array(",\"highlights\":".utf8) + writer.bytes
    }

    /// Text as a JSON string.
    package static func append(_ text: String, to line: inout [UInt8]) {
        JSONWriter.appendQuoted(Array(text.utf8).span, to: &line)
    }
}
