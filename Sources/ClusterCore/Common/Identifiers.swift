package import WireProtocol

/// Which of the broker's two ROUTER sockets a peer is connected to.
package enum Link: UInt8, Hashable, Sendable {
    case client
    case worker
}

/// A connection as a ROUTER socket names it: valid only while that connection lives.
package struct PeerID: Hashable, Sendable {
    package let link: Link
    package let routingID: Frame

    package init(link: Link, routingID: Frame) {
        self.link = link
        self.routingID = routingID
    }
}

/// A worker's session at this broker. A worker that joins again gets a new key.
struct WorkerKey: Hashable, Sendable, NumberedKey {
    let number: UInt64
}

/// A client's session at this broker.
struct ClientKey: Hashable, Sendable, NumberedKey {
    let number: UInt64
}

/// One query of one SUBMIT, numbered in order of arrival over all clients.
struct ItemID: Hashable, Comparable, Sendable, NumberedKey {
    let number: UInt64

    static func < (left: ItemID, right: ItemID) -> Bool { left.number < right.number }
}

/// One sending of one part of an item (or of a fetch) to one worker; unique at a broker epoch.
package struct TaskID: Hashable, Sendable, NumberedKey {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// An index in the broker's shard map: its position in the order of first appearance.
struct IndexHandle: Hashable, Sendable {
    let position: Int
}

/// One shard of one index the broker knows.
struct ShardRef: Hashable, Sendable, NumberedKey {
    let index: IndexHandle
    let shard: UInt32

    var number: UInt64 { UInt64(index.position) << 33 | UInt64(shard) + 1 }
}
