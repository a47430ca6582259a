import WireMessages
import WireProtocol

/// A CALL or FETCH under construction: the tasks one worker gets in one turn on one index. A reference
/// that lives for the turn.
final class OutgoingCall {
    let kind: PendingTask.Kind
    let index: IndexHandle
    let worker: WorkerSession
    var searches = TasksEncoder()
    var fetches: [WireFetchTask] = []
    private var queries = ProtobufWriter(capacity: 64)
    private var queryCount: UInt32 = 0
    private var positions: [QueryKey: UInt32] = [:]

    init(_ kind: PendingTask.Kind, on index: IndexHandle, to worker: WorkerSession) {
        self.kind = kind
        self.index = index
        self.worker = worker
    }

    private struct QueryKey: Hashable {
        let item: ItemID
        let query: Int
    }

    /// Whether another task's query may be added: what is more goes in a message of its own, which libzmq
    /// and the worker take.
    var hasRoom: Bool { queries.frame.count < Self.mostQueryBytes }

    /// A query is at most as large as a SUBMIT, so that the frame stays below the largest that is sent.
    private static let mostQueryBytes = 4 << 20

    /// The frames after the meta: the queries, if there are any.
    var body: [Frame] { queryCount == 0 ? [] : [queries.frame] }

    /// The position of an item's query, which is added the first time it is named.
    func position(ofQuery query: Int, of item: PendingItem) -> UInt32 {
        // With one part nobody asks twice.
        guard item.parts.count > 1 else { return add(item.queryFrames[query]) }
        let key = QueryKey(item: item.id, query: query)
        if let position = positions[key] { return position }
        let position = add(item.queryFrames[query])
        positions[key] = position
        return position
    }

    private func add(_ query: Frame) -> UInt32 {
        queries.append(1, present: query)
        queryCount += 1
        return queryCount - 1
    }
}
