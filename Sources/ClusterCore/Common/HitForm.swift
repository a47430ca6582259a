package import SearchIndex
import WireMessages

/// What is wanted of a hit's stored document.
package struct HitForm: Sendable, Hashable {
    /// Whether the document itself is wanted.
    package var wantsDocument: Bool
    /// The members of the document that are wanted, by dotted path; empty for all.
    package var fields: [String]
    /// The fields whose fragments with the query's words are wanted; nil for none.
    package var highlighting: Highlighting?

    package init(
        wantsDocument: Bool = true, fields: [String] = [], highlighting: Highlighting? = nil
    ) {
        self.wantsDocument = wantsDocument
        self.fields = fields
        self.highlighting = highlighting
    }

    /// Whether the stored document must be read.
    package var needsSource: Bool { wantsDocument || highlighting != nil }
}

/// What an answer has of a hit's stored document.
package struct FormedHit: Sendable {
    /// JSON; empty when the document is not wanted.
    package let document: [UInt8]
    /// By field; fields without the query's words are left out.
    package let snippets: [FieldSnippets]

    package init(document: [UInt8], snippets: [FieldSnippets] = []) {
        self.document = document
        self.snippets = snippets
    }

    /// Octets that it takes in an answer, about.
    package var byteCount: Int {
        snippets.reduce(document.count) { bytes, snippet in
            snippet.fragments.reduce(bytes + snippet.field.utf8.count) { $0 + $1.utf8.count }
        }
    }
}

/// Makes what is wanted of stored documents. Immutable.
package struct HitFormer: Sendable {
    private let form: HitForm
    private let selection: DocumentSelection?
    private let highlighter: Highlighter?

    /// - Parameters:
    ///   - query: without more-like-this nodes.
    /// - Throws: `ItemFailure` with `badRequest` for fields that cannot be selected or highlighted.
    package init(_ form: HitForm, query: Query, schema: Schema) throws(ItemFailure) {
        self.form = form
        selection = try Self.selection(form.fields)
        do throws(SearchError) {
            highlighter = try form.highlighting.map { (wanted) throws(SearchError) in
                try Highlighter(
                    schema: schema, query: query, fields: wanted.fields, options: wanted.options)
            }
        } catch {
            throw ItemFailure(error)
        }
    }

    /// The selection that names make; nil without any.
    package static func selection(_ fields: [String]) throws(ItemFailure) -> DocumentSelection? {
        if fields.isEmpty { return nil }
        guard let selection = DocumentSelection(fields) else {
            throw ItemFailure(
                .badRequest,
                "fields: expected up to \(DocumentSelection.maximumNames) names, none of them empty"
            )
        }
        return selection
    }

    /// What is wanted of one stored document.
    ///
    /// - Throws: `ItemFailure` with `internal` for a damaged one.
    package func formed(_ document: [UInt8]) throws(ItemFailure) -> FormedHit {
        let snippets = highlighter?.snippets(in: document) ?? []
        guard form.wantsDocument else { return FormedHit(document: [], snippets: snippets) }
        guard let selection else { return FormedHit(document: document, snippets: snippets) }
        do {
            return FormedHit(
                document: try selection.selected(from: document), snippets: snippets)
        } catch {
            throw ItemFailure(
                .internal, "a stored document is damaged: \(error); run `swiftlet index verify`")
        }
    }
}
