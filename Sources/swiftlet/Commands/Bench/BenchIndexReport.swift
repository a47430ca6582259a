import Foundation
import SearchIndex

/// The rate of a build and the size of what it made.
struct BenchIndexReport: Encodable {
    /// Kinds of section that every engine has to have: they are compared together.
    static let comparedKinds: Set = ["terms", "term index", "postings", "positions", "lengths"]

    let documents: UInt64
    /// Live and deleted, over all segments.
    let segments: Int
    let seconds: Double
    let documentsPerSecond: Double
    /// Dictionary without global frequencies, postings, positions and lengths.
    let comparedBytes: UInt64
    /// All other sections.
    let otherBytes: UInt64
    /// Bytes of each kind of section, largest first; global frequencies, which stand in the
    /// dictionary, as a kind of their own.
    let sections: [Section]

    struct Section: Encodable {
        let kind: String
        let bytes: UInt64
        let bytesPerDocument: Double
        /// Whether it is part of `comparedBytes`.
        let isCompared: Bool
    }

    /// Reads the dictionaries.
    init(_ index: EmbeddedIndex, seconds: Double) throws(IndexError) {
        let all = index.shards.flatMap(\.shard.segments)
        let documents = index.description.statistics.documents
        var sums: [String: UInt64] = [:]
        for (kind, bytes) in all.flatMap(\.sectionSizes) { sums[kind, default: 0] += bytes }
        for segment in all {
            let bytes = try segment.globalFrequencyBytes()
            sums["terms"]? -= bytes
            sums["global frequencies", default: 0] += bytes
        }
        sections = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind, bytes in
            Section(
                kind: kind, bytes: bytes,
                bytesPerDocument: Double(bytes) / Double(max(documents, 1)),
                isCompared: Self.comparedKinds.contains(kind))
        }
        self.documents = documents
        self.seconds = seconds
        segments = all.count
        documentsPerSecond = Double(documents) / max(seconds, .leastNonzeroMagnitude)
        comparedBytes = sums.filter { Self.comparedKinds.contains($0.key) }.values.reduce(0, +)
        otherBytes = sums.values.reduce(0, +) - comparedBytes
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// For people, a line feed at the end of each.
    var lines: String {
        var text = "\(documents) documents in \(segments) segments, \(Self.rounded(seconds, 2)) s, "
        text += "\(Self.rounded(documentsPerSecond, 0)) documents/s\n"
        text += "dictionary, postings, positions and lengths: \(comparedBytes) bytes, "
        text += "all else: \(otherBytes) bytes\n"
        for section in sections {
            text += "  \(section.kind): \(section.bytes) bytes, "
            text += "\(Self.rounded(section.bytesPerDocument, 2)) a document\n"
        }
        return text
    }

    private static func rounded(_ value: Double, _ digits: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(digits)).grouping(.never)
                .locale(Locale(identifier: "en")))
    }
}
