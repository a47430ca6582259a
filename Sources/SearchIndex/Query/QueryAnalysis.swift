/// Analyses the words of one query: each once for all fields that share an analyzer, by a stream that is
/// made once.
struct QueryAnalysis {
    private var streams: [AnalyzerName: TokenStream] = [:]
    private var content: [UInt8] = []
    /// Of `content`.
    private var known: [AnalyzerName: [TermAlternatives]] = [:]

    /// What `TokenStream.alternatives` says of a word or quote.
    mutating func alternatives(
        of content: [UInt8], _ analyzer: Analyzer
    ) -> [TermAlternatives] {
        if content != self.content {
            self.content = content
            known.removeAll(keepingCapacity: true)
        }
        if let places = known[analyzer.name] { return places }
        let places = streams[analyzer.name, default: TokenStream(analyzer)].alternatives(
            of: content.span)
        known[analyzer.name] = places
        return places
    }
}
