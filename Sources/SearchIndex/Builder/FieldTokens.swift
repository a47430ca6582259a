/// The tokens of one field in one run, in the order they came.
///
/// They lie in pieces, so that growing copies nothing. Positions mostly follow one another, so only
/// those that do not are kept.
struct FieldTokens: Sendable {
    /// A token whose position is not the one after the token before it in the document, or, of a
    /// document's first token, not 0.
    struct Jump: Sendable {
        let token: Int
        let position: UInt32
    }

    /// The tokens of a piece, about: it is closed behind the document that reaches this number.
    private static let pieceTokens = 1 << 16

    /// The documents that have a value, ascending, even if it has no token.
    private(set) var documents: [UInt32] = []
    /// Where the tokens of each of them end.
    private var ends: [Int] = []
    /// The terms of the tokens; a document's are in one piece.
    private var pieces: [[UInt32]] = []
    /// The open piece.
    private var piece: [UInt32] = []
    /// Where the tokens of each closed piece end.
    private var pieceEnds: [Int] = []
    private var jumps: [Jump] = []
    /// By bit width, the sum of the highest positions of documents.
    private var highestPositions = InlineArray<33, Int>(repeating: 0)

    /// How many there are.
    var count: Int { (pieceEnds.last ?? 0) + piece.count }

    /// How many the documents of a range have.
    func count(of range: Range<UInt32>) -> Int {
        let next = documents.firstIndex(notBelow: range.lowerBound)
        let end = documents.firstIndex(notBelow: range.upperBound)
        return firstToken(at: end) - firstToken(at: next)
    }

    /// Where the tokens start of the document that is the `place`th of those that have a value.
    private func firstToken(at place: Int) -> Int { place == 0 ? 0 : ends[place - 1] }

    /// About how many bytes of memory they take.
    var byteCount: Int { 12 * documents.count + 4 * count + 16 * jumps.count }

    /// Whether the open piece should be closed.
    var isPieceFull: Bool { piece.count >= Self.pieceTokens }

    /// Adds tokens of the current document and returns where the first one is in the open piece.
    mutating func append(_ terms: Span<UInt32>) -> Int {
        if piece.capacity == 0 { piece.reserveCapacity(Self.pieceTokens * 9 / 8) }
        piece.append(copying: terms)
        return piece.count - terms.count
    }

    /// Adds a token of the current document.
    mutating func append(_ term: UInt32) { piece.append(term) }

    /// Sets the term of a token in the open piece.
    mutating func replace(at place: Int, by term: UInt32) { piece[place] = term }

    /// Takes note of the position of the token that follows `ahead` further ones.
    mutating func jump(to position: UInt32, ahead: Int) {
        jumps.append(Jump(token: count + ahead, position: position))
    }

    /// Ends a document, which must be behind those before.
    mutating func endDocument(_ document: UInt32) {
        precondition(documents.last ?? 0 <= document, "document \(document) after a later one")
        documents.append(document)
        let highest = highestPosition(from: ends.last ?? 0, to: count, jumps.indices.last)
        highestPositions[32 - highest.leadingZeroBitCount] += Int(highest)
        ends.append(count)
    }

    /// The most places of 2^bits positions that documents need beside one for each.
    func furtherPlaces(bits: Int) -> Int {
        (bits + 1...32).reduce(0) { $0 + highestPositions[$1] } >> bits
    }

    /// The highest position of a document's tokens; 0 without one.
    ///
    /// - Parameter jump: The last of them, or a document's before, that is a jump.
    private func highestPosition(from first: Int, to end: Int, _ jump: Int?) -> UInt32 {
        guard let jump, jumps[jump].token >= first else {
            return UInt32(max(first, end - 1) - first)
        }
        return jumps[jump].position + UInt32(end - 1 - jumps[jump].token)
    }

    /// Calls `body` for every document of a range that has a value, with its highest position.
    func forEachHighestPosition(
        in range: Range<UInt32>, _ body: (_ document: UInt32, _ highest: UInt32) -> Void
    ) {
        forEachDocument(in: range) { document, terms, first in
            let end = first + terms.count
            let jump = jumps.partitioningIndex { $0.token >= end } - 1
            body(document, highestPosition(from: first, to: end, jump < 0 ? nil : jump))
        }
    }

    /// Closes the open piece, between two documents; its tokens stay as they are.
    mutating func closePiece() {
        pieceEnds.append(count)
        pieces.append(piece)
        piece = []
    }

    /// Calls `body` for every document of a range that has a value, with its terms and the index of
    /// its first token.
    @inline(__always)
    func forEachDocument(
        in range: Range<UInt32>,
        _ body: (_ document: UInt32, _ terms: Span<UInt32>, _ token: Int) -> Void
    ) {
        var next = documents.firstIndex(notBelow: range.lowerBound)
        let end = documents.firstIndex(notBelow: range.upperBound)
        var token = firstToken(at: next)
        // The piece that has the token, or a later one that starts there.
        var place = pieceEnds.firstIndex(notBelow: token)
        while next < end, place <= pieces.count {
            let start = place == 0 ? 0 : pieceEnds[place - 1]
            let piece = place < pieces.count ? pieces[place] : piece
            let terms = piece.span
            while next < end, ends[next] - start <= terms.count {
                body(documents[next], terms.extracting(token - start..<ends[next] - start), token)
                token = ends[next]
                next += 1
            }
            place += 1
        }
    }

    /// Counts the tokens of some documents by term.
    ///
    /// - Parameters:
    ///   - documents: What stands for each document; tokens of those that are
    ///     `DocumentPlacement.dropped` do not count.
    ///   - terms: What stands for each term; nil when all do for themselves.
    func count(
        _ range: Range<UInt32>, documents: [UInt32], terms numbers: [UInt32]?,
        _ counts: inout MutableSpan<UInt32>
    ) {
        guard let numbers else { return count(range, documents, &counts) { Int($0) } }
        count(range, documents, &counts) { Int(numbers[Int($0)]) }
    }

    @inline(__always)
    private func count(
        _ range: Range<UInt32>, _ documents: [UInt32], _ counts: inout MutableSpan<UInt32>,
        _ number: (UInt32) -> Int
    ) {
        forEachDocument(in: range) { document, terms, _ in
            guard documents[Int(document)] != DocumentPlacement.dropped else { return }
            for index in terms.indices { counts[number(terms[index])] += 1 }
        }
    }

    /// Puts the same tokens into `output`, in order, each where `next` says for its term.
    func sort<Token: UnsignedInteger & FixedWidthInteger>(
        _ range: Range<UInt32>, documents: [UInt32], terms numbers: [UInt32]?,
        _ next: inout MutableSpan<UInt32>, into output: inout MutableSpan<Token>,
        _ format: TokenFormat
    ) {
        guard let numbers else {
            return sort(range, documents, &next, &output, format) { Int($0) }
        }
        sort(range, documents, &next, &output, format) { Int(numbers[Int($0)]) }
    }

    @inline(__always)
    private func sort<Token: UnsignedInteger & FixedWidthInteger>(
        _ range: Range<UInt32>, _ documents: [UInt32], _ next: inout MutableSpan<UInt32>,
        _ output: inout MutableSpan<Token>, _ format: TokenFormat,
        _ number: (UInt32) -> Int
    ) {
        var jump: Int?
        forEachDocument(in: range) { document, terms, first in
            guard documents[Int(document)] != DocumentPlacement.dropped else {
                jump = nil
                return
            }
            var place = jump ?? jumps.partitioningIndex { $0.token >= first }
            let document: Token = format.first(of: documents[Int(document)])
            var posting = document
            var token = first
            for index in terms.indices {
                if place < jumps.count, jumps[place].token == token {
                    posting = document &+ Token(truncatingIfNeeded: jumps[place].position)
                    place += 1
                }
                let term = number(terms[index])
                output[Int(next[term])] = posting
                next[term] += 1
                posting &+= 1
                token += 1
            }
            jump = place
        }
    }
}

extension Array where Element: Comparable {
    /// The first index whose element of an ascending array is not below `least`; `count` when there is
    /// none.
    fileprivate func firstIndex(notBelow least: Element) -> Int {
        partitioningIndex { $0 >= least }
    }
}
