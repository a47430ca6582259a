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
    /// How many tokens the closed pieces have.
    private var closedCount = 0
    private var jumps: [Jump] = []

    /// How many there are.
    var count: Int { closedCount + piece.count }

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
        ends.append(count)
    }

    /// Closes the open piece, between two documents; its tokens stay as they are.
    mutating func closePiece() {
        closedCount += piece.count
        pieces.append(piece)
        piece = []
    }

    /// Calls `body` for every document with the terms of its tokens.
    @inline(__always)
    func forEachDocument(_ body: (_ document: UInt32, _ terms: Span<UInt32>) -> Void) {
        var next = 0
        var start = 0
        for piece in pieces + [piece] {
            let terms = piece.span
            while next < documents.count, ends[next] - start <= terms.count {
                let first = next == 0 ? 0 : ends[next - 1]
                body(documents[next], terms.extracting(first - start..<ends[next] - start))
                next += 1
            }
            start += terms.count
        }
    }

    /// The tokens sorted by term: document and position, in input order within a term.
    ///
    /// - Parameters:
    ///   - order: The numbers of all terms, in the order to sort by.
    ///   - numbers: What stands for each document, ascending; `DocumentPlacement.dropped` leaves
    ///     out its tokens.
    /// - Returns: Where each term's start, in that order, with their end as the last entry, and the
    ///   tokens. Fewer than 2^32 may be sorted.
    func sorted(by order: [UInt32], numbers: [UInt32]) -> (starts: [UInt32], tokens: [UInt64]) {
        /// By number, where the term's next token goes; at first, how many there are.
        var places = [UInt32](repeating: 0, count: order.count)
        var next = places.mutableSpan
        forEachDocument { document, terms in
            guard numbers[Int(document)] != DocumentPlacement.dropped else { return }
            for index in terms.indices { next[Int(terms[index])] += 1 }
        }
        var starts: [UInt32] = []
        starts.reserveCapacity(order.count + 1)
        var total: UInt32 = 0
        for term in order {
            starts.append(total)
            total += next[Int(term)]
            next[Int(term)] = starts[starts.count - 1]
        }
        starts.append(total)
        var sorted = [UInt64](repeating: 0, count: Int(total))
        var output = sorted.mutableSpan
        var jump = 0
        var token = 0
        forEachDocument { document, terms in
            guard numbers[Int(document)] != DocumentPlacement.dropped else {
                token += terms.count
                while jump < jumps.count, jumps[jump].token < token { jump += 1 }
                return
            }
            let number = UInt64(numbers[Int(document)]) << 32
            var posting = number
            for index in terms.indices {
                if jump < jumps.count, jumps[jump].token == token {
                    posting = number | UInt64(jumps[jump].position)
                    jump += 1
                }
                let term = Int(terms[index])
                output[Int(next[term])] = posting
                next[term] += 1
                posting += 1
                token += 1
            }
        }
        return (starts, sorted)
    }
}
