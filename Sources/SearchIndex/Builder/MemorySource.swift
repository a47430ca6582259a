/// A run as a source.
struct MemorySource: MergeSource {
    private let run: DocumentRun

    init(_ run: DocumentRun) { self.run = run }

    var documentCount: Int { run.documents.count }

    func orderKeys() -> [UInt64] { run.documents.orderKeys }

    func appendID(of document: Int, to bytes: inout [UInt8]) {
        run.documents.withID(of: document) { bytes.append(copying: $0) }
    }

    func appendSource(of document: Int, to bytes: inout [UInt8]) {
        run.documents.withSource(of: document) { bytes.append(copying: $0) }
    }

    func field(named name: String, _ placement: DocumentPlacement) -> (any MergeField)? {
        run.fields.first { $0.field.name.utf8.elementsEqual(name.utf8) }
            .map { MemoryField($0, placement) }
    }

    func appendColumn(
        of field: Field, _ placement: DocumentPlacement, to columns: inout [ColumnCollector]
    ) {
        run.fields.first { $0.field.name.utf8.elementsEqual(field.name.utf8) }?
            .column?.append(placement, to: &columns)
    }
}

/// A field of a run with its tokens sorted by term.
struct MemoryField: MergeField {
    let lengthCodes: [UInt8]
    private let lengths: [UInt32]
    fileprivate let terms: TermTable
    /// The terms' numbers in the order of their bytes.
    fileprivate let order: [UInt32]
    /// Where the tokens of each term of `order` start in `tokens`; the last entry is their end.
    fileprivate let starts: [UInt32]
    /// Document and position of each token, in the order of the terms; within one in input order.
    /// A document has its new number where only one segment is made.
    fileprivate let tokens: [UInt64]
    fileprivate let hasPositions: Bool
    let placement: DocumentPlacement

    /// Sorts the tokens: linear in their number, beside sorting the terms.
    init(_ data: FieldData, _ placement: DocumentPlacement) {
        hasPositions = data.field.kind == .text
        self.placement = placement
        terms = data.terms
        order = data.terms.sortedNumbers()
        lengths = Self.lengths(data, placement.numbers.count)
        lengthCodes = lengths.map { LengthCode(length: $0).rawValue }
        var numbers = placement.numbers
        if placement.segments != nil {
            // Which segment a document goes to is found by its old number.
            for document in numbers.indices where numbers[document] != DocumentPlacement.dropped {
                numbers[document] = UInt32(document)
            }
        }
        (starts, tokens) = data.tokens.sorted(by: order, numbers: numbers)
    }

    var tokenEstimate: Int { tokens.count }

    func tokenCount() -> UInt64 {
        var total: UInt64 = 0
        for (document, number) in placement.numbers.enumerated()
        where number != DocumentPlacement.dropped {
            total += UInt64(lengths[document])
        }
        return total
    }

    func splitTerms(parts count: Int) -> [TermBytes] {
        var splits: [TermBytes] = []
        var passed = 0
        for (place, number) in order.enumerated() {
            if passed * count >= tokens.count * (splits.count + 1), splits.count + 1 < count {
                splits.append(bytes(of: number))
            }
            passed += Int(starts[place + 1] - starts[place])
        }
        return splits
    }

    func terms(from first: TermBytes?) -> any TermStream {
        var low = 0
        var high = first == nil ? 0 : order.count
        while low < high, let first {
            let middle = low + (high - low) / 2
            let isBelow = terms.withBytes(of: order[middle]) {
                BytesOrder.compare($0, first.span) < 0
            }
            if isBelow { low = middle + 1 } else { high = middle }
        }
        return MemoryTerms(self, at: low)
    }

    fileprivate func bytes(of number: UInt32) -> TermBytes {
        terms.withBytes(of: number) { bytes in
            var copy: TermBytes = []
            copy.append(copying: bytes)
            return copy
        }
    }

    private static func lengths(_ data: FieldData, _ documentCount: Int) -> [UInt32] {
        var lengths = [UInt32](repeating: 0, count: documentCount)
        let isText = data.field.kind == .text
        data.tokens.forEachDocument { document, terms in
            lengths[Int(document)] = UInt32(clamping: isText ? terms.count : min(1, terms.count))
        }
        return lengths
    }
}

/// The terms of a run's field.
private final class MemoryTerms: TermStream {
    private(set) var term: TermBytes?
    private let field: MemoryField
    private var place: Int

    init(_ field: MemoryField, at place: Int) {
        self.field = field
        self.place = place
        term = []
        readTerm()
    }

    func advance() {
        place += 1
        readTerm()
    }

    /// Puts the term at `place` into `term`, whose memory it keeps.
    private func readTerm() {
        guard place < field.order.count else { return term = nil }
        term?.removeAll(keepingCapacity: true)
        field.terms.withBytes(of: field.order[place]) { term?.append(copying: $0) }
    }

    func collect(into terms: inout [PostingsWriter.Term]) {
        let range = Int(field.starts[place])..<Int(field.starts[place + 1])
        let tokens = field.tokens
        if field.placement.segments == nil {
            collect(tokens.span.extracting(range), into: &terms[0]) { $0 }
            return
        }
        let placement = field.placement
        var start = range.lowerBound
        while start < range.upperBound {
            let document = tokens[start] >> 32
            var end = start + 1
            while end < range.upperBound, tokens[end] >> 32 == document { end += 1 }
            let segment = placement.segment(of: Int(document))
            collect(tokens.span.extracting(start..<end), into: &terms[segment]) {
                placement.numbers[Int($0)]
            }
            start = end
        }
    }

    /// Makes postings of sorted tokens: one for each document, its positions as differences.
    ///
    /// - Parameter number: Gives a document's number in the new segment.
    @inline(__always)
    private func collect(
        _ tokens: Span<UInt64>, into term: inout PostingsWriter.Term,
        _ number: (_ document: UInt32) -> UInt32
    ) {
        let hasPositions = field.hasPositions
        term.append(postings: tokens.count, positions: hasPositions ? tokens.count : 0) {
            (documents, frequencies, positions) in
            var index = 0
            while index < tokens.count {
                let document = tokens[index] >> 32
                let first = index
                var previous: UInt32 = 0
                while index < tokens.count, tokens[index] >> 32 == document {
                    let position = UInt32(truncatingIfNeeded: tokens[index])
                    if hasPositions { positions.append(position &- previous) }
                    previous = position
                    index += 1
                }
                documents.append(number(UInt32(document)))
                frequencies.append(UInt32(index - first))
            }
        }
    }
}
