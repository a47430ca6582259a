internal import Synchronization

/// The norms that given statistics make of every length code, for each field.
final class NormTables: Sendable {
    let statistics: CollectionStatistics
    private let tables: [String: [Float]]

    init(_ statistics: CollectionStatistics) {
        self.statistics = statistics
        let documents = Double(max(statistics.documents, 1))
        tables = Dictionary(
            statistics.fields.map { field in
                (field.name, Self.table(averageLength: Double(max(field.tokens, 1)) / documents))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The norm for each of the 256 length codes of a field.
    func table(of field: String) -> [Float] {
        tables[field] ?? Self.table(averageLength: 1)
    }

    private static func table(averageLength: Double) -> [Float] {
        (UInt8.min...UInt8.max).map { code in
            BM25.norm(length: LengthCode(rawValue: code).length, averageLength: averageLength)
        }
    }
}

/// Keeps the norms of the statistics that came last: searches of one index come with the same ones.
final class NormCache: Sendable {
    private let latest = Mutex<NormTables?>(nil)

    /// The norms that some statistics make; made anew only when they differ from the last ones.
    func tables(for statistics: CollectionStatistics) -> NormTables {
        latest.withLock { latest in
            if let latest, latest.statistics == statistics { return latest }
            let tables = NormTables(statistics)
            latest = tables
            return tables
        }
    }
}
