/// The documents of a run: what is kept of them besides their terms.
struct RunDocuments: Sendable {
    /// The order key of each document, ascending.
    private(set) var orderKeys: [UInt64] = []
    private var ids: [UInt8] = []
    private var idEnds: [Int] = [0]
    private var sources: [UInt8] = []
    private var sourceEnds: [Int] = [0]

    /// The number of documents.
    var count: Int { orderKeys.count }

    /// About how many bytes of memory they take.
    var byteCount: Int { ids.count + sources.count + 24 * count }

    /// Adds a document.
    mutating func append(id: Span<UInt8>, key: OrderKey, source: Span<UInt8>) {
        ids.append(copying: id)
        idEnds.append(ids.count)
        sources.append(copying: source)
        sourceEnds.append(sources.count)
        orderKeys.append(key.rawValue)
    }

    /// Calls `body` with the id of a document.
    func withID<Result>(of document: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(ids.span.extracting(idEnds[document]..<idEnds[document + 1]))
    }

    /// Calls `body` with the bytes to store of a document.
    func withSource<Result>(of document: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(sources.span.extracting(sourceEnds[document]..<sourceEnds[document + 1]))
    }
}
