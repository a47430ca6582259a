// Filters of analyzers.
extension SchemaReader {
    private static let filterNames = [
        "lowercase", "ascii_folding", "stop", "stemmer", "length", "synonyms", "synonyms_file",
    ]

    /// Reads an element of "filters".
    mutating func readFilter(_ bytes: Span<UInt8>) throws(SchemaError) -> TokenFilter {
        try readOption("filters", bytes) { (reader, name, hasParameters) throws(SchemaError) in
            switch name {
            case "lowercase", "ascii_folding":
                try reader.refuse(hasParameters, name)
                return name == "lowercase" ? .lowercase : .asciiFolding
            case "stop":
                try reader.require(hasParameters, name, "a language or a list of words")
                return .stop(try reader.readStopWords(bytes))
            case "stemmer":
                try reader.require(hasParameters, name, "a language")
                return .stem(try reader.readLanguage(bytes))
            case "length":
                try reader.require(hasParameters, name, #"{"min": 1, "max": 40} or the like"#)
                let limit = TermLengths.maximum
                let lengths = try reader.readLengths(name, limit: limit, bytes)
                let bounds = TermLengths(minimum: lengths.minimum, maximum: lengths.maximum)
                guard let bounds else { preconditionFailure("lengths were checked") }
                return .length(bounds)
            case "synonyms":
                try reader.require(hasParameters, name, "a list of rules")
                return .synonyms(try reader.readSynonyms(bytes))
            case "synonyms_file":
                try reader.require(hasParameters, name, "the name of a file")
                return .synonyms(try reader.readSynonymsFile(bytes))
            default:
                throw reader.failure(
                    .badValue(member: "filters", value: name, allowed: Self.filterNames))
            }
        }
    }

    private mutating func readStopWords(_ bytes: Span<UInt8>) throws(SchemaError) -> StopWords {
        if try peekKind(bytes) == .string {
            let language = try readText(bytes)
            if let words = StopWords(language: language) { return words }
            throw failure(
                .badValue(member: "stop", value: language, allowed: StopWords.languages))
        }
        let list = try readStrings(limit: StopWords.maximumCount, .badStopWords, bytes)
        guard let words = StopWords(list.map { Array($0.utf8) }) else {
            throw failure(.badStopWords)
        }
        return words
    }

    private mutating func readLanguage(_ bytes: Span<UInt8>) throws(SchemaError) -> StemmerLanguage
    {
        let name = try readText(bytes)
        if let language = StemmerLanguage(name) { return language }
        throw failure(.badValue(member: "stemmer", value: name, allowed: StemmerLanguage.all))
    }

    private mutating func readSynonyms(_ bytes: Span<UInt8>) throws(SchemaError) -> Synonyms {
        let tooMany = SynonymError(.tooMany, rule: "")
        let lines = try readStrings(limit: Synonyms.maximumRules, .badSynonyms(tooMany), bytes)
        do { return try Synonyms(lines: lines) } catch { throw failure(.badSynonyms(error)) }
    }

    private mutating func readSynonymsFile(_ bytes: Span<UInt8>) throws(SchemaError) -> Synonyms {
        let name = try readText(bytes)
        guard let folder else {
            throw failure(.badSynonymsFile(name, problem: "only a schema in a file may name one"))
        }
        let content = try read(file: name.hasPrefix("/") ? name : "\(folder)/\(name)", name)
        do { return try Synonyms(file: content) } catch { throw failure(.badSynonyms(error)) }
    }

    private func read(file path: String, _ name: String) throws(SchemaError) -> [UInt8] {
        let file: MappedFile
        do {
            file = try MappedFile(path: path)
        } catch {
            throw failure(.badSynonymsFile(name, problem: "\(error)"))
        }
        guard file.byteCount <= Synonyms.maximumBytes else {
            let problem = "\(file.byteCount) bytes; at most \(Synonyms.maximumBytes) are read"
            throw failure(.badSynonymsFile(name, problem: problem))
        }
        return file.withBytes(0..<file.byteCount) { source in
            var content: [UInt8] = []
            content.append(copying: source)
            return content
        }
    }

    private mutating func readStrings(
        limit: Int, _ tooMany: SchemaError.Reason, _ bytes: Span<UInt8>
    ) throws(SchemaError) -> [String] {
        var strings: [String] = []
        try json { (scanner) throws(JSONError) in try scanner.enterArray(bytes) }
        while try nextElement(bytes) != nil {
            if strings.count == limit { throw failure(tooMany) }
            strings.append(try readText(bytes))
        }
        return strings
    }
}
