package import SearchIndex
package import WireMessages
import WireProtocol

/// The forms on the wire of what hits hold.

extension Highlighting {
    /// The form that is sent.
    package var wire: WireHighlight {
        var wire = WireHighlight()
        wire.fields = fields
        wire.fragments = UInt32(clamping: options.fragments)
        wire.fragmentSize = UInt32(clamping: options.length)
        wire.openingMark = options.openingMark
        wire.closingMark = options.closingMark
        wire.escapeHtml = options.escapesHTML
        return wire
    }

    /// From a peer; `Highlighter` compares the fields with the schema and bounds the numbers.
    package init(wire: WireHighlight) throws(ItemFailure) {
        var options = SnippetOptions(escapesHTML: wire.escapeHtml)
        if wire.hasOpeningMark { options.openingMark = wire.openingMark }
        if wire.hasClosingMark { options.closingMark = wire.closingMark }
        if wire.hasFragments { options.fragments = Int(clamping: wire.fragments) }
        if wire.hasFragmentSize { options.length = Int(clamping: wire.fragmentSize) }
        let marks = [options.openingMark, options.closingMark]
        guard marks.allSatisfy({ $0.utf8.count <= Self.maximumMarkBytes }) else {
            throw ItemFailure(
                .badRequest,
                "highlight: a mark has more than \(Self.maximumMarkBytes) bytes")
        }
        self.init(fields: wire.fields, options: options)
    }

    /// The longest mark that a peer may ask for.
    private static let maximumMarkBytes = 100
}

extension HitForm {
    /// The form in a task.
    var wire: WireDocumentForm {
        var wire = WireDocumentForm()
        wire.omitsDocuments = !wantsDocument
        wire.fields = fields
        if let highlighting { wire.highlight = highlighting.wire }
        return wire
    }

    init(wire: WireDocumentForm) throws(ItemFailure) {
        _ = try HitFormer.selection(wire.fields)
        self.init(
            wantsDocument: !wire.omitsDocuments, fields: wire.fields,
            highlighting: wire.hasHighlight ? try Highlighting(wire: wire.highlight) : nil)
    }
}

extension FieldSnippets {
    /// The form that is sent.
    var wire: WireFieldSnippets {
        var wire = WireFieldSnippets()
        wire.field = field
        wire.fragments = fragments
        return wire
    }
}

extension WireHitSnippets {
    init(_ snippets: [FieldSnippets]) {
        self.init()
        fields = snippets.map(\.wire)
    }

    /// Octets of the text.
    var byteCount: Int {
        fields.reduce(0) { bytes, field in
            field.fragments.reduce(bytes + field.field.utf8.count) { $0 + $1.utf8.count }
        }
    }
}
