/// The documents of one shard during a build, in input order; replaced ones stay, marked.
struct ShardDocuments {
    /// The order key of each document, ascending.
    private(set) var orderKeys: [OrderKey] = []
    /// Whether a later document replaced it.
    private(set) var isDropped: [Bool] = []
    /// How many were not replaced.
    private(set) var liveCount = 0
    private var ids: [UInt8] = []
    private var idEnds: [Int] = [0]
    private var sources: [UInt8] = []
    private var sourceEnds: [Int] = [0]

    /// The number of documents, replaced ones included.
    var count: Int { orderKeys.count }

    /// Adds a document and returns its place.
    mutating func append(id: [UInt8], key: OrderKey, source: [UInt8]) -> UInt32 {
        ids.append(contentsOf: id)
        idEnds.append(ids.count)
        sources.append(contentsOf: source)
        sourceEnds.append(sources.count)
        orderKeys.append(key)
        isDropped.append(false)
        liveCount += 1
        return UInt32(count - 1)
    }

    /// Marks a document as replaced.
    mutating func drop(_ document: Int) {
        precondition(!isDropped[document], "document \(document) was replaced twice")
        isDropped[document] = true
        liveCount -= 1
    }

    /// The id of a document.
    func id(of document: Int) -> ArraySlice<UInt8> {
        ids[idEnds[document]..<idEnds[document + 1]]
    }

    /// Calls `body` with the bytes to store of a document.
    func withSource<Result>(of document: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(sources.span.extracting(sourceEnds[document]..<sourceEnds[document + 1]))
    }

    /// The numbers that the documents get when the replaced ones are left out; nil for those.
    func liveNumbers() -> [UInt32?] {
        var next: UInt32 = 0
        return isDropped.map { isDropped in
            if isDropped { return nil }
            defer { next += 1 }
            return next
        }
    }
}
