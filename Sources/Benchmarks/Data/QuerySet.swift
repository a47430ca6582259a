/// Queries with the answers that every way of searching must give.
struct QuerySet: Sendable {
    let texts: [String]
    /// Of the one-shard index in process; one for each text.
    let answers: [Answer]
    /// How many of which kind, for the tables.
    let description: String

    /// Searches an index for the answers.
    init(_ texts: [String], in index: EngineIndex, kind: String) throws {
        self.init(
            texts,
            answers: try texts.map { Answer(try index.search($0, limit: hitsOfAnItem)) }, kind)
    }

    init(_ texts: [String], answers: [Answer], _ kind: String) {
        self.texts = texts
        self.answers = answers
        description = "\(texts.count.grouped) \(kind)"
    }

    /// The first queries of the set.
    func prefix(_ count: Int, kind: String) -> QuerySet {
        QuerySet(Array(texts.prefix(count)), answers: Array(answers.prefix(count)), kind)
    }

    /// Queries of one word that cost next to nothing to search: they show what a cluster adds.
    ///
    /// The words are those of `texts`, as far as they have a full top 10 and at most `mostHits`
    /// hits, each once; they come round again until there are `count`.
    static func light(
        from texts: [String], in index: EngineIndex, count: Int, mostHits: UInt64 = 50
    ) throws -> QuerySet {
        var seen: Set<Substring> = []
        var words: [String] = []
        var answers: [Answer] = []
        for text in texts where words.count < count {
            for word in text.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
            where word != "AND" && words.count < count && seen.insert(word).inserted {
                let answer = Answer(try index.search(String(word), limit: hitsOfAnItem))
                guard answer.hits.count == hitsOfAnItem, answer.totalHits <= mostHits else {
                    continue
                }
                words.append(String(word))
                answers.append(answer)
            }
        }
        guard !words.isEmpty else {
            throw BenchmarkError(
                "no word of the queries has \(hitsOfAnItem) to \(mostHits) hits")
        }
        let places = (0..<count).map { $0 % words.count }
        return QuerySet(
            places.map { words[$0] }, answers: places.map { answers[$0] },
            "light queries (one word, \(hitsOfAnItem) to \(mostHits) hits)")
    }
}
