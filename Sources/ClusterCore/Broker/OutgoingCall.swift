import WireMessages
import WireProtocol

/// What one CALL or FETCH message is about: tasks that may travel together.
struct OutgoingKey: Hashable, Sendable {
    let worker: WorkerKey
    let index: IndexHandle
    let kind: PendingTask.Kind
}

/// A CALL or FETCH under construction: the tasks one worker gets in one turn on one index.
struct OutgoingCall {
    var searches = TasksEncoder()
    var fetches: [WireFetchTask] = []
    private(set) var queries: [Frame] = []
    private var positions: [QueryKey: UInt32] = [:]

    private struct QueryKey: Hashable {
        let item: ItemID
        let query: Int
    }

    /// The position of a query's frame, which is added the first time it is named.
    mutating func position(of frame: Frame, item: ItemID, query: Int) -> UInt32 {
        let key = QueryKey(item: item, query: query)
        if let position = positions[key] { return position }
        let position = UInt32(queries.count)
        positions[key] = position
        queries.append(frame)
        return position
    }
}
