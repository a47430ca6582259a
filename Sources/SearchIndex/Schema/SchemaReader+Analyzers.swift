// The member "analyzers": names with a tokenizer and filters each.
extension SchemaReader {
    /// The definitions, in their order.
    mutating func readAnalyzers(_ bytes: Span<UInt8>) throws(SchemaError) -> [Analyzer] {
        var analyzers: [Analyzer] = []
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            analyzerName = AnalyzerName(rawValue: member)
            if analyzers.count == Schema.maximumAnalyzers {
                throw SchemaError(.tooManyAnalyzers(count: analyzers.count + 1))
            }
            analyzers.append(try readAnalyzer(AnalyzerName(rawValue: member), bytes))
        }
        analyzerName = nil
        return analyzers
    }

    private mutating func readAnalyzer(
        _ name: AnalyzerName, _ bytes: Span<UInt8>
    ) throws(SchemaError) -> Analyzer {
        var tokenizer: TokenizerKind?
        var filters: [TokenFilter]?
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            switch member {
            case "tokenizer":
                try refuseRepeated(tokenizer != nil, member)
                tokenizer = try readTokenizer(bytes)
            case "filters":
                try refuseRepeated(filters != nil, member)
                filters = try readFilters(bytes)
            default: throw failure(.unknownMember(member, allowed: ["tokenizer", "filters"]))
            }
        }
        guard let tokenizer else { throw failure(.missingMember("tokenizer")) }
        return try Analyzer(name: name, tokenizer: tokenizer, filters: filters ?? [])
    }

    private mutating func readFilters(_ bytes: Span<UInt8>) throws(SchemaError) -> [TokenFilter] {
        var filters: [TokenFilter] = []
        try json { (scanner) throws(JSONError) in try scanner.enterArray(bytes) }
        while try nextElement(bytes) != nil {
            if filters.count == Analyzer.maximumFilters {
                throw failure(.tooManyFilters(count: filters.count + 1))
            }
            filters.append(try readFilter(bytes))
        }
        return filters
    }

    /// Reads a name, or an object whose one member is a name with parameters.
    ///
    /// - Parameter read: gets the name, and whether parameters follow, which it has to read then.
    mutating func readOption<Value>(
        _ member: String, _ bytes: Span<UInt8>,
        _ read: (inout SchemaReader, String, Bool) throws(SchemaError) -> Value
    ) throws(SchemaError) -> Value {
        if try peekKind(bytes) != .object { return try read(&self, try readText(bytes), false) }
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        guard let name = try nextMember(bytes) else {
            throw failure(.badParametersOf(member, expected: "a name"))
        }
        let value = try read(&self, name, true)
        if let other = try nextMember(bytes) {
            throw failure(.unknownMember(other, allowed: [name]))
        }
        return value
    }

    /// The kind of the next value.
    mutating func peekKind(_ bytes: Span<UInt8>) throws(SchemaError) -> JSONKind {
        try json { (scanner) throws(JSONError) in try scanner.peekKind(bytes) }
    }

    /// Refuses a name without its parameters.
    func require(
        _ hasParameters: Bool, _ name: String, _ expected: String
    ) throws(SchemaError) {
        if !hasParameters { throw failure(.badParametersOf(name, expected: expected)) }
    }

    /// Refuses parameters of a name that has none.
    func refuse(_ hasParameters: Bool, _ name: String) throws(SchemaError) {
        if hasParameters { throw failure(.badParametersOf(name, expected: "no parameters")) }
    }

    /// Reads an object with bounds.
    mutating func readLengths(
        _ name: String, limit: Int, others: [String] = [], _ bytes: Span<UInt8>
    ) throws(SchemaError) -> (minimum: Int, maximum: Int, isSet: Set<String>) {
        var values: [String: Int] = [:]
        var set = Set<String>()
        try json { (scanner) throws(JSONError) in try scanner.enterObject(bytes) }
        while let member = try nextMember(bytes) {
            try refuseRepeated(values[member] != nil || set.contains(member), member)
            if member == "min" || member == "max" {
                let value = try json { (scanner) throws(JSONError) in
                    try scanner.readUnsigned(bytes)
                }
                values[member] = Int(clamping: value)
            } else if others.contains(member) {
                set.insert(member)
                if !(try readBool(bytes)) { set.remove(member) }
            } else {
                throw failure(.unknownMember(member, allowed: ["min", "max"] + others))
            }
        }
        guard let minimum = values["min"] else { throw failure(.missingMember("min")) }
        guard let maximum = values["max"] else { throw failure(.missingMember("max")) }
        guard minimum >= 1, minimum <= maximum, maximum <= limit else {
            throw failure(
                .badLengths(name, minimum: minimum, maximum: maximum, limit: limit))
        }
        return (minimum, maximum, set)
    }
}
