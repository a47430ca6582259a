/// Gathers the values of one field in one shard during a build and encodes them as a column.
struct ColumnCollector {
    /// The sections of a column.
    struct Sections {
        /// The column, kind 21.
        let column: [UInt8]
        /// The dictionary, kind 22; nil for numeric kinds.
        let dictionary: [UInt8]?
    }

    private let kind: Field.Kind
    private var documents: [UInt32] = []
    private var values: [UInt64] = []
    private var strings = TermTable()

    /// A collector for a field of any kind but text.
    init(kind: Field.Kind) { self.kind = kind }

    /// Adds a value in the form of `ColumnBits`; documents never descend.
    mutating func append(_ bits: UInt64, of document: UInt32) {
        documents.append(document)
        values.append(bits)
    }

    /// Adds a value of a keyword or facet field; documents never descend.
    mutating func append(_ string: Span<UInt8>, of document: UInt32) {
        documents.append(document)
        values.append(UInt64(strings.intern(string)))
    }

    /// Encodes the values of the documents that are not nil in `liveNumbers`, under the ascending
    /// numbers they have there, which are below `documentCount`.
    func encode(liveNumbers: [UInt32?], documentCount: Int) -> Sections {
        var live: [(document: UInt32, value: UInt64)] = []
        for (document, value) in zip(documents, values) {
            if let number = liveNumbers[Int(document)] { live.append((number, value)) }
        }
        var dictionary: [UInt8]?
        if kind.hasTerms {
            let (ordinals, used) = ordinals(live.map(\.value))
            for index in live.indices { live[index].value = ordinals[Int(live[index].value)] }
            dictionary = ValueDictionary.encode(used)
        }
        live.sort { ($0.document, $0.value) < ($1.document, $1.value) }
        if kind.hasTerms {
            var kept: [(document: UInt32, value: UInt64)] = []
            for entry in live where kept.last.map({ $0 != entry }) ?? true { kept.append(entry) }
            live = kept
        }
        let encoder = ColumnEncoder(live, documentCount: documentCount)
        return Sections(column: encoder.encode(), dictionary: dictionary)
    }

    /// The ordinal of each string by its number, and the used strings in their order.
    private func ordinals(_ used: [UInt64]) -> (ordinals: [UInt64], strings: [[UInt8]]) {
        var isUsed = [Bool](repeating: false, count: strings.count)
        for number in used { isUsed[Int(number)] = true }
        var ordinals = [UInt64](repeating: 0, count: strings.count)
        var sorted: [[UInt8]] = []
        for number in strings.sortedNumbers() where isUsed[Int(number)] {
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
