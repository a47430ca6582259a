/// A set of documents of one segment: a sorted list while it is small, else a bitmap.
///
/// What filters, ranges and expansions find, evaluated once per segment. Immutable.
struct DocumentSet: Sendable {
    /// How the documents are kept.
    enum Storage: Sendable {
        /// Ascending document numbers.
        case sparse([UInt32])
        /// Bit d of word d / 64, low bits first: ceil(documents / 64) words.
        case bitmap([UInt64])
    }

    /// The documents.
    let storage: Storage
    /// How many they are.
    let count: Int
    /// The number that documents are below.
    let documentCount: Int

    /// The set of no document of a segment.
    static func empty(documentCount: Int) -> DocumentSet {
        DocumentSet(storage: .sparse([]), count: 0, documentCount: documentCount)
    }

    /// Whether a document, which must be below `documentCount`, belongs to the set.
    ///
    /// Constant for bitmaps, logarithmic for lists.
    func contains(_ document: UInt32) -> Bool {
        switch storage {
        case .bitmap(let words):
            words[Int(document >> 6)] >> UInt64(document & 63) & 1 == 1
        case .sparse(let documents):
            Self.firstIndex(in: documents, notBelow: document).map { documents[$0] == document }
                ?? false
        }
    }

    /// The first document of the set from `document` on, or nil.
    func next(from document: UInt32) -> UInt32? {
        switch storage {
        case .sparse(let documents):
            return Self.firstIndex(in: documents, notBelow: document).map { documents[$0] }
        case .bitmap(let words):
            var index = Int(document >> 6)
            guard index < words.count else { return nil }
            var word = words[index] & (UInt64.max << UInt64(document & 63))
            while word == 0 {
                index += 1
                guard index < words.count else { return nil }
                word = words[index]
            }
            return UInt32(index * 64 + word.trailingZeroBitCount)
        }
    }

    /// The index of the first of some ascending documents that is not below `target`, or nil.
    static func firstIndex(in documents: [UInt32], notBelow target: UInt32) -> Int? {
        let index = documents.partitioningIndex { $0 >= target }
        return index < documents.count ? index : nil
    }
}

extension DocumentSet {
    /// The documents that were deleted from a segment.
    init(_ deleted: DeleteBitmap) {
        self.init(
            storage: .bitmap(deleted.words), count: deleted.deletedCount,
            documentCount: deleted.documentCount)
    }
}

/// Collects the documents of a set in any order; repeated ones count once.
struct DocumentSetBuilder {
    /// A bitmap has as many bytes as a list of one document in 32.
    private static let documentsPerListed = 32

    private let documentCount: Int
    private var documents: [UInt32] = []
    private var words: [UInt64] = []

    /// A builder for a segment of `documentCount` documents.
    init(documentCount: Int) { self.documentCount = documentCount }

    /// Adds a document; one that is not below the segment's number of documents is our own bug.
    @inline(__always)
    mutating func insert(_ document: UInt32) {
        precondition(Int(document) < documentCount, "document \(document) of \(documentCount)")
        if words.isEmpty {
            documents.append(document)
            if documents.count > documentCount / Self.documentsPerListed { spread() }
        } else {
            words[Int(document >> 6)] |= 1 << UInt64(document & 63)
        }
    }

    /// Adds the first `count` of some documents, like those of a block of postings.
    mutating func insert(_ block: [UInt32], count: Int) {
        for index in 0..<count { insert(block[index]) }
    }

    /// The set.
    consuming func finish() -> DocumentSet {
        guard words.isEmpty else {
            let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
            return DocumentSet(
                storage: .bitmap(words), count: count, documentCount: documentCount)
        }
        documents.sortKeepingOneOfEach()
        return DocumentSet(
            storage: .sparse(documents), count: documents.count, documentCount: documentCount)
    }

    private mutating func spread() {
        words = [UInt64](repeating: 0, count: (documentCount + 63) / 64)
        for document in documents { words[Int(document >> 6)] |= 1 << UInt64(document & 63) }
        documents = []
    }
}
