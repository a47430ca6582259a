import TestSupport

/// One way to lay out an index of the same documents: no answer but the deletes may depend on it.
struct IndexVariant {
    /// What is deleted after the build, as places in the corpus.
    let deleted: Set<Int>
    let scratch: ScratchIndex

    /// The corpus in one segment and in several, without deleted documents, with few and with many;
    /// of a large corpus half of these.
    static func all(_ corpus: RandomCorpus, _ random: inout SeededRandom) throws -> [IndexVariant] {
        var kinds = [(Int.max, false), (2, true), (50, false)]
        if corpus.documents.count < 1_000 { kinds += [(Int.max, true), (2, false), (50, true)] }
        return try kinds.map { oneIn, isSplit in
            let deleted = someOf(corpus, oneIn: oneIn, &random)
            let count = corpus.documents.count
            let perSegment = max(1, Int.random(in: count / 20...max(1, count / 3), using: &random))
            return IndexVariant(
                deleted: deleted,
                scratch: try ScratchIndex(
                    corpus, shards: 1, perSegment: isSplit ? perSegment : 1 << 30,
                    deleted: deleted))
        }
    }

    /// Random places of a corpus, every one with the same probability.
    static func someOf(
        _ corpus: RandomCorpus, oneIn: Int, _ random: inout SeededRandom
    ) -> Set<Int> {
        Set(
            corpus.documents.indices.filter { _ in
                Int.random(in: 0..<oneIn, using: &random) == 0
            })
    }
}
