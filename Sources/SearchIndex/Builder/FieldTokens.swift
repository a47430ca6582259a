/// The tokens of one field in one run, in the order they came.
///
/// They lie in pieces, so that growing copies nothing. Positions mostly follow one another, so only
/// those that do not are kept.
struct FieldTokens: Sendable {
    /// A token whose position is not the one after the token before it in the document, or, of a
    /// document's first token, not 0.
    struct Jump: Sendable {
        var token: Int
        let position: UInt32
    }

    /// The tokens that a piece has room for, unless a document alone needs more.
    private static let pieceTokens = 1 << 16

    /// The documents that have a value, ascending, even if it has no token.
    private(set) var documents: [UInt32] = []
    /// Where the tokens of each of them end.
    private var ends: [Int] = []
    /// The terms of the tokens; a document's are in one piece.
    private var pieces: [[UInt32]] = []
    private var piece: [UInt32] = []
    private var jumps: [Jump] = []

    /// How many there are.
    var count: Int { ends.last ?? 0 }

    /// About how many bytes of memory they take.
    var byteCount: Int { 12 * documents.count + 4 * count + 16 * jumps.count }

    /// Adds the tokens of a document, which must be behind those added earlier.
    ///
    /// - Parameter jumps: In order, counted from the document's first token.
    mutating func append(document: UInt32, terms: [UInt32], jumps: [Jump]) {
        precondition(documents.last ?? 0 <= document, "document \(document) after a later one")
        for jump in jumps {
            self.jumps.append(Jump(token: count + jump.token, position: jump.position))
        }
        if piece.count + terms.count > piece.capacity {
            pieces.append(piece)
            piece = []
            piece.reserveCapacity(max(Self.pieceTokens, terms.count))
        }
        piece.append(copying: terms.span)
        documents.append(document)
        ends.append(count + terms.count)
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
    ///   tokens.
    func sorted(by order: [UInt32], numbers: [UInt32]) -> (starts: [Int], tokens: [UInt64]) {
        /// By number, where the term's next token goes; at first, how many there are.
        var places = [Int](repeating: 0, count: order.count)
        forEachDocument { document, terms in
            guard numbers[Int(document)] != DocumentPlacement.dropped else { return }
            for index in terms.indices { places[Int(terms[index])] += 1 }
        }
        var starts: [Int] = []
        starts.reserveCapacity(order.count + 1)
        var total = 0
        for term in order {
            starts.append(total)
            total += places[Int(term)]
            places[Int(term)] = starts[starts.count - 1]
        }
        starts.append(total)
        var sorted = [UInt64](repeating: 0, count: total)
        var next = places.mutableSpan
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
                output[next[term]] = posting
                next[term] += 1
                posting += 1
                token += 1
            }
        }
        return (starts, sorted)
    }
}

/// One field of a run: its terms and its tokens.
struct FieldData: Sendable {
    let field: Field
    // What every value asks of the field, which a copy would share with the other workers.
    let kind: Field.Kind
    let hasTerms: Bool
    let isColumn: Bool
    let isIndexed: Bool
    var terms = TermTable()
    var tokens = FieldTokens()
    /// Its values by document; nil when it has no column.
    var column: ColumnCollector?

    init(_ field: Field) {
        self.field = field
        kind = field.kind
        hasTerms = field.hasTerms
        isColumn = field.isColumn
        isIndexed = field.isIndexed
        column = field.isColumn ? ColumnCollector(kind: field.kind) : nil
    }

    /// About how many bytes of memory it takes.
    var byteCount: Int {
        terms.byteCount + tokens.byteCount + (column?.byteCount ?? 0)
    }
}
