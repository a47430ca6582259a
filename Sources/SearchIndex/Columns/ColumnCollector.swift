/// Gathers the values of one field by document, in a run or for a new segment, and encodes them as
/// a column.
struct ColumnCollector: Sendable {
    /// The sections of a column.
    struct Sections: Sendable {
        /// The column, kind 21.
        let column: CheckedBytes
        /// The dictionary, kind 22; nil for numeric kinds.
        let dictionary: CheckedBytes?
    }

    private let kind: Field.Kind
    private var documents: [UInt32] = []
    private var values: [UInt64] = []
    private var strings = TermTable()

    /// About how many bytes of memory it takes.
    var byteCount: Int { 12 * values.count + strings.byteCount }

    /// A collector for a field of any kind but text.
    init(kind: Field.Kind) { self.kind = kind }

    /// Adds a value in the form of `ColumnBits`.
    mutating func append(_ bits: UInt64, of document: UInt32) {
        documents.append(document)
        values.append(bits)
    }

    /// Adds a value of a keyword or facet field.
    mutating func append(_ string: Span<UInt8>, of document: UInt32) {
        documents.append(document)
        values.append(UInt64(strings.intern(string)))
    }

    /// Adds the values of the documents that stay to the collectors of the segments they go to.
    func append(_ placement: DocumentPlacement, to collectors: inout [ColumnCollector]) {
        for (document, value) in zip(documents, values) {
            let number = placement.numbers[Int(document)]
            if number == DocumentPlacement.dropped { continue }
            let segment = placement.segment(of: Int(document))
            if kind.hasTerms {
                strings.withBytes(of: UInt32(value)) {
                    collectors[segment].append($0, of: number)
                }
            } else {
                collectors[segment].append(value, of: number)
            }
        }
    }

    /// Encodes the values, whichever order they came in; all documents are below `documentCount`.
    func encode(documentCount: Int) -> Sections {
        var live: [(document: UInt32, value: UInt64)] = []
        live.reserveCapacity(values.count)
        for (document, value) in zip(documents, values) { live.append((document, value)) }
        var dictionary: [UInt8]?
        if kind.hasTerms {
            let (ordinals, sorted) = ordinals()
            for index in live.indices { live[index].value = ordinals[Int(live[index].value)] }
            dictionary = ValueDictionary.encode(sorted)
        }
        live.sort { ($0.document, $0.value) < ($1.document, $1.value) }
        if kind.hasTerms {
            var kept: [(document: UInt32, value: UInt64)] = []
            for entry in live where kept.last.map({ $0 != entry }) ?? true { kept.append(entry) }
            live = kept
        }
        let encoder = ColumnEncoder(live, documentCount: documentCount)
        return Sections(
            column: CheckedBytes(encoder.encode()), dictionary: dictionary.map { CheckedBytes($0) })
    }

    /// The ordinal of each string by its number, and the strings in their order.
    private func ordinals() -> (ordinals: [UInt64], strings: [[UInt8]]) {
        var ordinals = [UInt64](repeating: 0, count: strings.count)
        var sorted: [[UInt8]] = []
        for number in strings.sortedNumbers() {
            ordinals[Int(number)] = UInt64(sorted.count)
            sorted.append(
                strings.withBytes(of: number) { bytes in
                    var copy: [UInt8] = []
                    copy.append(copying: bytes)
                    return copy
                })
        }
        return (ordinals, sorted)
    }
}
