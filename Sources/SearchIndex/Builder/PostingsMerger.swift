/// Puts the postings of one term from several sources in the order of their new numbers.
struct PostingsMerger {
    /// Where the next source's postings are gathered, for each segment.
    var incoming: [PostingsWriter.Term]
    private var sources: [[PostingsWriter.Term]] = []
    private var sourceCount = 0
    private let hasPositions: Bool

    init(segments: Int, hasPositions: Bool) {
        incoming = Array(repeating: PostingsWriter.Term(), count: segments)
        self.hasPositions = hasPositions
    }

    /// Takes what is in `incoming` as the postings of one more source.
    mutating func take() {
        if sourceCount == sources.count {
            sources.append(Array(repeating: PostingsWriter.Term(), count: incoming.count))
        }
        swap(&sources[sourceCount], &incoming)
        sourceCount += 1
    }

    /// Appends the postings of all sources taken, in order, to `terms`; then begins anew.
    mutating func merge(into terms: inout [PostingsWriter.Term]) {
        for segment in terms.indices {
            var active: [PostingsWriter.Term] = []
            for source in 0..<sourceCount where !sources[source][segment].documents.isEmpty {
                active.append(sources[source][segment])
                sources[source][segment] = PostingsWriter.Term()
            }
            Self.merge(active, hasPositions: hasPositions, into: &terms[segment])
            for (source, var term) in active.enumerated() {
                term.removeAll()
                sources[source][segment] = term
            }
        }
        sourceCount = 0
    }

    /// Takes from the source with the lowest document as many as are below the others'.
    private static func merge(
        _ sources: [PostingsWriter.Term], hasPositions: Bool, into term: inout PostingsWriter.Term
    ) {
        var next = [Int](repeating: 0, count: sources.count)
        var nextPosition = next
        while true {
            var lowest: Int?
            var lowestDocument = UInt32.max
            var limit = UInt32.max
            for source in sources.indices where next[source] < sources[source].documents.count {
                let document = sources[source].documents[next[source]]
                if document < lowestDocument {
                    limit = lowestDocument
                    lowestDocument = document
                    lowest = source
                } else {
                    limit = min(limit, document)
                }
            }
            guard let source = lowest else { return }
            let documents = sources[source].documents
            let start = next[source]
            var end = start + 1
            while end < documents.count, documents[end] < limit { end += 1 }
            term.documents.append(contentsOf: documents[start..<end])
            term.frequencies.append(contentsOf: sources[source].frequencies[start..<end])
            next[source] = end
            guard hasPositions else { continue }
            var count = 0
            for index in start..<end { count += Int(sources[source].frequencies[index]) }
            let first = nextPosition[source]
            term.positions.append(contentsOf: sources[source].positions[first..<first + count])
            nextPosition[source] = first + count
        }
    }
}
