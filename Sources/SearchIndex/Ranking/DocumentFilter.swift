/// Sets that documents must, and must not, belong to.
struct DocumentFilter: Sendable {
    var required: [DocumentSet] = []
    var excluded: [DocumentSet] = []

    /// Whether every document is accepted.
    var isEmpty: Bool { required.isEmpty && excluded.isEmpty }

    /// Whether a document belongs to all of `required` and none of `excluded`.
    func accepts(_ document: UInt32) -> Bool {
        for set in required where !set.contains(document) { return false }
        for set in excluded where set.contains(document) { return false }
        return true
    }
}
