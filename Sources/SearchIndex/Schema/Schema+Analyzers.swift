extension Schema {
    /// The analyzers that fields use and that are not built in, each once.
    static func analyzers(of fields: [Field]) -> [Analyzer] {
        var found: [Analyzer] = []
        for field in fields {
            for analyzer in [field.analyzer, field.searchAnalyzer]
            where !Analyzer.builtIn.contains(analyzer) && !found.contains(analyzer) {
                found.append(analyzer)
            }
        }
        return found
    }

    /// Checks a schema's analyzers, and that the fields use no others.
    static func check(_ analyzers: [Analyzer], of fields: [Field]) throws(SchemaError) {
        guard analyzers.count <= maximumAnalyzers else {
            throw SchemaError(.tooManyAnalyzers(count: analyzers.count))
        }
        var names = Set<AnalyzerName>()
        for analyzer in analyzers where !names.insert(analyzer.name).inserted {
            throw SchemaError(.repeatedAnalyzer, analyzer: analyzer.name)
        }
        let byteCount = analyzers.reduce(0) { $0 + $1.listBytes }
        guard byteCount <= maximumListBytes else {
            throw SchemaError(.listsTooLong(byteCount: byteCount))
        }
        let known = Set(Analyzer.builtIn + analyzers)
        for field in fields {
            for analyzer in [field.analyzer, field.searchAnalyzer] where !known.contains(analyzer) {
                throw SchemaError(.unknownAnalyzer(analyzer.name), field: field.name)
            }
        }
    }

    /// The analyzer called `name`, built in or defined here.
    public func analyzer(named name: AnalyzerName) -> Analyzer? {
        (Analyzer.builtIn + analyzers).first { $0.name == name }
    }
}

extension Analyzer {
    /// The bytes of its stop words and synonyms.
    fileprivate var listBytes: Int {
        filters.reduce(0) { total, filter in
            switch filter {
            case .stop(let list): total + list.words.reduce(0) { $0 + $1.count }
            case .synonyms(let list): total + list.lines.reduce(0) { $0 + $1.utf8.count }
            case .lowercase, .asciiFolding, .stem, .length: total
            }
        }
    }
}
