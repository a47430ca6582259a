extension SchemaError {
    /// What is wrong with an analyzer; nil for other reasons.
    var analyzerExplanation: String? {
        switch reason {
        case .badAnalyzerName:
            "a name has 1 to \(AnalyzerName.maximumBytes) bytes, no control characters, "
                + "and is none of \(Self.list(Analyzer.builtIn.map(\.name.rawValue)))"
        case .repeatedAnalyzer: "defined twice"
        case .unknownAnalyzer(let name): "the schema does not define its analyzer \"\(name)\""
        case .tooManyAnalyzers(let count):
            "\(count) analyzers; at most \(Schema.maximumAnalyzers) are allowed"
        case .listsTooLong(let byteCount):
            "stop words and synonyms take \(byteCount) bytes; at most "
                + "\(Schema.maximumListBytes) are allowed"
        case .tooManyFilters(let count):
            "\(count) filters; at most \(Analyzer.maximumFilters) are allowed"
        case .badParametersOf(let member, let expected): "\"\(member)\" needs \(expected)"
        case .badLengths(let member, let minimum, let maximum, let limit):
            "\"\(member)\" has \"min\" \(minimum) and \"max\" \(maximum); allowed are 1 to "
                + "\(limit), \"min\" at most \"max\""
        case .badGrams:
            "\"ngram\" has more than \(GramShape.maximumSpread) lengths from \"min\" to \"max\""
        case .badStopWords:
            "\"stop\" has more than \(StopWords.maximumCount) words, or one of more than "
                + "\(StopWords.maximumWordBytes) bytes"
        case .repeatedSynonyms: "synonyms stand twice in the chain; put all rules into one list"
        case .synonymsOfGrams:
            "synonyms need a tokenizer of words, not \"ngram\", \"edge_ngram\" or \"path\""
        case .badSynonyms(let error): error.description
        case .badSynonymsFile(let path, let problem): "synonyms file \"\(path)\": \(problem)"
        default: nil
        }
    }
}
