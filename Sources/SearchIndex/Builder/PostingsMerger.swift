/// Puts the postings of one term from several sources in the order of their new numbers.
struct PostingsMerger {
    /// Where the next source's postings are gathered, for each segment.
    var incoming: [PostingsWriter.Term]
    private var sources: [[PostingsWriter.Term]] = []
    private var sourceCount = 0
    private let hasPositions: Bool
    private var cursors: [Cursor] = []

    /// How far a source's postings were taken.
    private struct Cursor {
        let source: Int
        /// The next posting.
        var next = 0
        /// Its first position.
        var position = 0
    }

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
            cursors.removeAll(keepingCapacity: true)
            for source in 0..<sourceCount where !sources[source][segment].documents.isEmpty {
                cursors.append(Cursor(source: source))
            }
            while let (place, limit) = lowest(segment) {
                Self.take(
                    from: sources[cursors[place].source][segment], &cursors[place], below: limit,
                    hasPositions: hasPositions, into: &terms[segment])
            }
            for source in 0..<sourceCount { sources[source][segment].removeAll() }
        }
        sourceCount = 0
    }

    /// The cursor with the lowest next document, and the lowest one of the others; nil at the end.
    private func lowest(_ segment: Int) -> (place: Int, limit: UInt32)? {
        var lowest: Int?
        var lowestDocument = UInt32.max
        var limit = UInt32.max
        for (place, cursor) in cursors.enumerated() {
            let count = sources[cursor.source][segment].documents.count
            guard cursor.next < count else { continue }
            let document = sources[cursor.source][segment].documents[cursor.next]
            if document < lowestDocument {
                limit = lowestDocument
                lowestDocument = document
                lowest = place
            } else {
                limit = min(limit, document)
            }
        }
        return lowest.map { ($0, limit) }
    }

    /// Takes the next posting of a source, and all behind it of documents below the limit.
    private static func take(
        from source: PostingsWriter.Term, _ cursor: inout Cursor, below limit: UInt32,
        hasPositions: Bool, into term: inout PostingsWriter.Term
    ) {
        let documents = source.documents.span
        var end = cursor.next + 1
        while end < documents.count, documents[end] < limit { end += 1 }
        term.documents.append(copying: documents.extracting(cursor.next..<end))
        let frequencies = source.frequencies.span.extracting(cursor.next..<end)
        term.frequencies.append(copying: frequencies)
        cursor.next = end
        guard hasPositions else { return }
        let first = cursor.position
        for index in frequencies.indices { cursor.position += Int(frequencies[index]) }
        term.positions.append(copying: source.positions.span.extracting(first..<cursor.position))
    }
}
