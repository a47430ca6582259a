internal import Synchronization

/// What given statistics make of a field's length codes and frequencies.
struct FieldNorms: Sendable {
    /// Frequencies up to this one have a row in `ratios`.
    static let tabulated = 64

    /// What the norms were computed with.
    let parameters: NormParameters
    /// The norm of each length code.
    let norms: [Float]
    /// frequency / (frequency + norm), by (frequency - 1) * 256 + length code.
    let ratios: [Float]

    init(_ parameters: NormParameters) {
        self.parameters = parameters
        norms = parameters.norms()
        var ratios: [Float] = []
        ratios.reserveCapacity(Self.tabulated * LengthCode.count)
        for frequency in 1...UInt32(Self.tabulated) {
            for norm in norms {
                ratios.append(BM25.contribution(weight: 1, frequency: frequency, norm: norm))
            }
        }
        self.ratios = ratios
    }
}

/// The norms that given statistics make, for each field.
final class NormTables: Sendable {
    let statistics: CollectionStatistics
    private let tables: [String: FieldNorms]
    private let fallback = FieldNorms(NormParameters(averageLength: 1))

    init(_ statistics: CollectionStatistics, _ schema: Schema) {
        self.statistics = statistics
        tables = Dictionary(
            statistics.fields.map { field in
                let parameters = NormParameters(
                    tokens: field.tokens, documents: statistics.documents,
                    schema.field(named: field.name)?.bm25 ?? BM25Parameters())
                return (field.name, FieldNorms(parameters))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The norms of a field; of one that the statistics lack, those of an average length of 1.
    func table(of field: String) -> FieldNorms { tables[field] ?? fallback }
}

/// Keeps what a shard's segments score with under the statistics that came last: searches of one
/// index come with the same ones.
final class ContextCache: Sendable {
    private let latest = Mutex<(statistics: CollectionStatistics, contexts: [SegmentContext])?>(nil)

    /// The contexts of a shard's segments; made anew only when the statistics differ from the last.
    func contexts(
        of shard: ShardReader, _ statistics: CollectionStatistics, _ schema: Schema
    ) -> [SegmentContext] {
        latest.withLock { latest in
            if let latest, latest.statistics == statistics { return latest.contexts }
            let norms = NormTables(statistics, schema)
            let contexts = shard.segments.indices.map {
                SegmentContext(shard, number: $0, norms: norms)
            }
            latest = (statistics, contexts)
            return contexts
        }
    }

    /// The contexts that a search with some statistics would find made, or nil, also while others are made.
    /// Never waits.
    func contextsAtHand(_ statistics: CollectionStatistics) -> [SegmentContext]? {
        latest.withLockIfAvailable { latest in
            latest.flatMap { $0.statistics == statistics ? $0.contexts : nil }
        } ?? nil
    }
}
