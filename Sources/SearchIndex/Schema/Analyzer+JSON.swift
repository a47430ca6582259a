extension Analyzer {
    /// Writes the definition as a schema has it, behind its name.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("tokenizer")
        tokenizer.write(to: &writer)
        writer.key("filters")
        writer.beginArray()
        for filter in filters { filter.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }
}

extension TokenizerKind {
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .simple: writer.string("simple")
        case .standard: writer.string("standard")
        case .whitespace: writer.string("whitespace")
        case .keyword: writer.string("keyword")
        case .ngram(let shape): Self.write("ngram", shape, to: &writer)
        case .edgeNgram(let shape): Self.write("edge_ngram", shape, to: &writer)
        case .path(let separator):
            writer.beginObject()
            writer.key("path")
            writer.beginObject()
            writer.key("separator")
            writer.string(String(decoding: [separator.byte], as: UTF8.self))
            writer.endObject()
            writer.endObject()
        }
    }

    private static func write(_ name: String, _ shape: GramShape, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key(name)
        writer.beginObject()
        writer.key("min")
        writer.integer(shape.lengths.lowerBound)
        writer.key("max")
        writer.integer(shape.lengths.upperBound)
        writer.key("words")
        writer.bool(shape.ofWords)
        writer.endObject()
        writer.endObject()
    }
}

extension TokenFilter {
    fileprivate func write(to writer: inout JSONWriter) {
        switch self {
        case .lowercase: writer.string("lowercase")
        case .asciiFolding: writer.string("ascii_folding")
        case .stop(let list): Self.write("stop", list.words, to: &writer)
        case .synonyms(let list):
            Self.write("synonyms", list.lines.map { Array($0.utf8) }, to: &writer)
        case .stem(let language):
            writer.beginObject()
            writer.key("stemmer")
            writer.string(language.name)
            writer.endObject()
        case .length(let lengths):
            writer.beginObject()
            writer.key("length")
            writer.beginObject()
            writer.key("min")
            writer.integer(lengths.range.lowerBound)
            writer.key("max")
            writer.integer(lengths.range.upperBound)
            writer.endObject()
            writer.endObject()
        }
    }

    private static func write(_ name: String, _ strings: [[UInt8]], to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key(name)
        writer.beginArray()
        for string in strings { writer.string(string.span) }
        writer.endArray()
        writer.endObject()
    }
}
