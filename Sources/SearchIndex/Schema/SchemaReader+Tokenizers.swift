// Tokenizers of analyzers.
extension SchemaReader {
    /// Reads the value of "tokenizer".
    mutating func readTokenizer(_ bytes: Span<UInt8>) throws(SchemaError) -> TokenizerKind {
        try readOption("tokenizer", bytes) {
            (reader, name, hasParameters) throws(SchemaError) in
            switch name {
            case "ngram", "edge_ngram":
                let form = #"{"min": 2, "max": 3} or the like"#
                try reader.require(hasParameters, name, form)
                let shape = try reader.readGrams(name, bytes)
                return name == "ngram" ? .ngram(shape) : .edgeNgram(shape)
            case "path":
                return .path(hasParameters ? try reader.readSeparator(bytes) : .slash)
            default: break
            }
            guard let plain = TokenizerKind.plain[name] else {
                throw reader.failure(
                    .badValue(member: "tokenizer", value: name, allowed: TokenizerKind.names))
            }
            try reader.refuse(hasParameters, name)
            return plain
        }
    }

    private mutating func readGrams(
        _ name: String, _ bytes: Span<UInt8>
    ) throws(SchemaError) -> GramShape {
        let limit = GramShape.maximumLength
        let lengths = try readLengths(name, limit: limit, others: ["words"], bytes)
        let shape = GramShape(
            minimum: lengths.minimum, maximum: lengths.maximum,
            ofWords: lengths.isSet.contains("words"))
        guard let shape else { preconditionFailure("lengths were checked") }
        return shape
    }

    private mutating func readSeparator(_ bytes: Span<UInt8>) throws(SchemaError) -> PathSeparator {
        var separator: PathSeparator?
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            guard member == "separator" else {
                throw failure(.unknownMember(member, allowed: ["separator"]))
            }
            try refuseRepeated(separator != nil, member)
            let text = try readText(bytes)
            separator = text.utf8.count == 1 ? text.utf8.first.flatMap(PathSeparator.init) : nil
            if separator == nil {
                let allowed = ["one ASCII character that is neither letter nor digit"]
                throw failure(.badValue(member: member, value: text, allowed: allowed))
            }
        }
        guard let separator else { throw failure(.missingMember("separator")) }
        return separator
    }
}

extension TokenizerKind {
    /// The kinds without parameters, by their names in a schema.
    fileprivate static let plain: [String: TokenizerKind] = [
        "standard": .standard, "simple": .simple, "whitespace": .whitespace, "keyword": .keyword,
    ]

    /// The names of all kinds in a schema.
    fileprivate static let names = [
        "standard", "simple", "whitespace", "keyword", "ngram", "edge_ngram", "path",
    ]
}
