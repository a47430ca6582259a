/// A field as a schema's JSON has it, before its analyzers are known.
struct FieldDraft {
    var name = ""
    var kind = Field.Kind.text
    var analyzer: AnalyzerName?
    var searchAnalyzer: AnalyzerName?
    var weight: Float = 1
    var isIndexed = true
    var isStored = true
    var isColumn = false
    var k1: Float?
    var b: Float?

    /// The field, with those of the known analyzers that it names.
    func field(_ known: [Analyzer]) throws(SchemaError) -> Field {
        let building = try find(analyzer, as: "analyzer", known)
        return Field(
            name: name, kind: kind, analyzer: building ?? .standard,
            searchAnalyzer: try find(searchAnalyzer, as: "search_analyzer", known),
            weight: weight, isIndexed: isIndexed, isStored: isStored, isColumn: isColumn,
            bm25: BM25Parameters(k1: k1 ?? BM25.k1, b: b ?? BM25.b))
    }

    private func find(
        _ wanted: AnalyzerName?, as member: String, _ known: [Analyzer]
    ) throws(SchemaError) -> Analyzer? {
        guard let wanted else { return nil }
        if let analyzer = known.first(where: { $0.name == wanted }) { return analyzer }
        let allowed = known.map(\.name.rawValue)
        throw SchemaError(
            .badValue(member: member, value: wanted.rawValue, allowed: allowed), field: name)
    }
}
