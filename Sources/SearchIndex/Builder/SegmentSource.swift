/// A segment as a source of another.
struct SegmentSource: MergeSource {
    private let segment: SegmentReader

    init(_ segment: SegmentReader) { self.segment = segment }

    var documentCount: Int { segment.documentCount }

    func orderKeys() throws(IndexError) -> [UInt64] {
        var keys: [UInt64] = []
        keys.reserveCapacity(documentCount)
        for document in 0..<UInt32(documentCount) {
            let key = try segment.orderKey(of: DocumentNumber(document)).rawValue
            if let last = keys.last, last >= key {
                throw segment.orderKeys.corrupt(
                    Malformed(at: 8 * keys.count, expected: "ascending order keys"))
            }
            keys.append(key)
        }
        return keys
    }

    func appendID(of document: Int, to bytes: inout [UInt8]) throws(IndexError) {
        bytes += try segment.id(of: DocumentNumber(UInt32(document)))
    }

    func appendSource(of document: Int, to bytes: inout [UInt8]) throws(IndexError) {
        bytes += try segment.source(of: DocumentNumber(UInt32(document)))
    }

    func field(named name: String, _ placement: DocumentPlacement) -> (any MergeField)? {
        segment.field(named: name).map { SegmentField($0, placement) }
    }

    func appendColumn(
        of field: Field, _ placement: DocumentPlacement, to columns: inout [ColumnCollector]
    ) throws(IndexError) {
        guard let column = segment.column(named: field.name) else { return }
        let strings = try column.dictionary?.values()
        var values: [UInt64] = []
        for (document, number) in placement.numbers.enumerated()
        where number != DocumentPlacement.dropped {
            values.removeAll(keepingCapacity: true)
            try column.appendValues(of: UInt32(document), to: &values)
            let target = placement.segment(of: document)
            for value in values {
                guard let strings else {
                    columns[target].append(value, of: number)
                    continue
                }
                guard value < UInt64(strings.count) else {
                    throw column.section.corrupt(
                        Malformed(
                            at: 0, expected: "ordinals below \(strings.count)", found: "\(value)"))
                }
                let string = strings[Int(value)]
                columns[target].append(string.span, of: number)
            }
        }
    }
}

/// A field of a segment as a source.
struct SegmentField: MergeField {
    let lengthCodes: [UInt8]
    let placement: DocumentPlacement
    private let reader: FieldReader

    init(_ reader: FieldReader, _ placement: DocumentPlacement) {
        self.reader = reader
        self.placement = placement
        lengthCodes = reader.withLengthCodes { codes in
            var copy: [UInt8] = []
            copy.append(copying: codes)
            return copy
        }
    }

    var tokenEstimate: Int { Int(clamping: reader.tokenCount) }

    func tokenCount() throws(IndexError) -> UInt64 {
        guard reader.kind == .text else {
            return valueCount
        }
        // Where nothing is left out the stored sum is right; codes of lengths are not exact.
        guard placement.numbers.contains(DocumentPlacement.dropped) else {
            return reader.tokenCount
        }
        var total: UInt64 = 0
        let stream = try SegmentTerms(reader, fromBlock: 0, placement)
        while stream.term != nil {
            total += try stream.tokenCount()
            try stream.advance()
        }
        return total
    }

    /// The documents that stay and have a value.
    private var valueCount: UInt64 {
        var count: UInt64 = 0
        for (document, number) in placement.numbers.enumerated()
        where number != DocumentPlacement.dropped && lengthCodes[document] != 0 {
            count += 1
        }
        return count
    }

    func splitTerms(parts count: Int) throws(IndexError) -> [TermBytes] {
        let dictionary = reader.dictionary
        var splits: [TermBytes] = []
        for part in stride(from: 1, to: count, by: 1) {
            let block = dictionary.blockCount * part / count
            guard block < dictionary.blockCount else { break }
            var first: TermBytes = []
            try dictionary.visitBlock(block) { term, _ in
                first.append(copying: term)
                return false
            }
            guard let last = splits.last else {
                splits.append(first)
                continue
            }
            if BytesOrder.compare(last.span, first.span) < 0 { splits.append(first) }
        }
        return splits
    }

    func terms(from first: TermBytes?) throws(IndexError) -> any TermStream {
        var block = 0
        if let first {
            let blocks = 0..<reader.dictionary.blockCount
            block = try reader.dictionary.lastBlock(notAbove: first.span, in: blocks) ?? 0
        }
        let stream = try SegmentTerms(reader, fromBlock: block, placement)
        while let first, let term = stream.term, BytesOrder.compare(term.span, first.span) < 0 {
            try stream.advance()
        }
        return stream
    }
}

/// The terms of a segment's field.
final class SegmentTerms: TermStream {
    private(set) var term: TermBytes?
    private let reader: FieldReader
    private let placement: DocumentPlacement
    private var block: Int
    private var entries: [(term: TermBytes, entry: TermEntry)] = []
    private var next = 0
    private var positions: [UInt32] = []

    /// - Parameter placement: Where documents go; nowhere when no postings are read.
    init(
        _ reader: FieldReader, fromBlock block: Int,
        _ placement: DocumentPlacement = DocumentPlacement(numbers: [])
    ) throws(IndexError) {
        self.reader = reader
        self.placement = placement
        self.block = block
        try readBlock()
    }

    /// The dictionary's entry of the current term, of which there must be one.
    var entry: TermEntry { entries[next].entry }

    func advance() throws(IndexError) {
        let previous = term
        next += 1
        if next >= entries.count {
            block += 1
            try readBlock()
        } else {
            term = entries[next].term
        }
        if let previous, let term, BytesOrder.compare(previous.span, term.span) >= 0 {
            throw reader.dictionary.terms.corrupt(
                Malformed(
                    at: try reader.dictionary.blockStart(block), expected: "ascending terms"))
        }
    }

    func collect(into terms: inout [PostingsWriter.Term]) throws(IndexError) {
        var cursor = try reader.postings(entries[next].entry)
        var last = -1
        while try cursor.nextBlock() {
            for index in 0..<cursor.count {
                let document = Int(cursor.documents[index])
                guard document > last, document < placement.numbers.count else {
                    throw damaged("ascending documents")
                }
                last = document
                let number = placement.numbers[document]
                if number == DocumentPlacement.dropped { continue }
                let segment = placement.segment(of: document)
                terms[segment].documents.append(number)
                terms[segment].frequencies.append(cursor.frequencies[index])
                guard reader.hasPositions else { continue }
                positions.removeAll(keepingCapacity: true)
                try cursor.appendPositions(ofPosting: index, to: &positions)
                try appendPositions(to: &terms[segment], cursor.frequencies[index])
            }
        }
    }

    /// How often documents that stay hold the current term.
    func tokenCount() throws(IndexError) -> UInt64 {
        var cursor = try reader.postings(entry)
        var total: UInt64 = 0
        while try cursor.nextBlock() {
            for index in 0..<cursor.count {
                let document = Int(cursor.documents[index])
                guard document < placement.numbers.count else {
                    throw damaged("documents of the segment")
                }
                if placement.numbers[document] != DocumentPlacement.dropped {
                    total += UInt64(cursor.frequencies[index])
                }
            }
        }
        return total
    }

    /// Appends the first position and then the differences.
    private func appendPositions(
        to term: inout PostingsWriter.Term, _ frequency: UInt32
    ) throws(IndexError) {
        guard positions.count == Int(frequency) else {
            throw damaged("positions as many as stated")
        }
        var previous: UInt32 = 0
        for position in positions {
            guard position >= previous, position <= SegmentFormat.maximumPosition else {
                throw damaged("ascending positions")
            }
            term.positions.append(position - previous)
            previous = position
        }
    }

    private func damaged(_ expected: String) -> IndexError {
        reader.postings.corrupt(
            Malformed(at: entries[next].entry.postings.lowerBound, expected: expected))
    }

    private func readBlock() throws(IndexError) {
        entries.removeAll(keepingCapacity: true)
        next = 0
        term = nil
        guard block < reader.dictionary.blockCount else { return }
        try reader.dictionary.visitBlock(block) { term, entry in
            var copy: TermBytes = []
            copy.append(copying: term)
            entries.append((copy, entry))
            return true
        }
        term = entries.first?.term
    }
}
