import SearchIndex
import WireProtocol

@testable import ClusterCore

/// A task as a worker reads it.
struct ReceivedTask {
    let task: WireTask
    let query: WireQuery
    let index: String

    var number: UInt64 { task.task }
}

/// A hit that a test's worker answers with.
struct TestHit {
    var id: String
    var score: Float = 1
    var key: UInt64
    /// What it is sorted by, if the task has keys.
    var values: [FieldValue?] = []
}

extension BrokerHarness {
    static let schema = #"{"fields":[{"name":"text","kind":"text"}]}"#

    static func index(
        _ name: String = "i", build: String = "b", of count: UInt32, shards: [UInt32]
    ) -> WireServedIndex {
        var index = WireServedIndex()
        index.name = name
        index.buildID = build
        index.shardCount = count
        index.schema = schema
        index.statistics.documents = 10
        index.shards = shards.map { number in
            var shard = WireServedShard()
            shard.shard = number
            shard.generation = 1
            shard.liveDocuments = 5
            return shard
        }
        return index
    }

    /// Joins a worker that stays alive.
    func worker(
        _ name: String, of count: UInt32 = 1, shards: [UInt32] = [0], window: UInt32 = 256,
        build: String = "b", index: String = "i", pid: UInt32 = 0, slots: UInt32 = 1,
        weight: Double = 0, zone: String = "", incarnation: UInt64 = 0
    ) -> PeerID {
        worker(
            name, window: window, pid: pid, slots: slots, weight: weight, zone: zone,
            incarnation: incarnation,
            [Self.index(index, build: build, of: count, shards: shards)])
    }

    func worker(
        _ name: String, window: UInt32 = 256, pid: UInt32 = 0, slots: UInt32 = 1,
        weight: Double = 0, zone: String = "", incarnation: UInt64 = 0, _ indexes: [WireServedIndex]
    ) -> PeerID {
        let peer = newPeer(.worker)
        var hello = WireHello()
        hello.role = .worker
        hello.name = name
        hello.window = window
        hello.slots = slots
        hello.weight = weight
        hello.zone = zone
        hello.pid = pid
        hello.incarnation = incarnation
        hello.host = "h"
        hello.indexes = indexes
        deliver(Header(.hello), hello, from: peer)
        alive.append(peer)
        return peer
    }

    /// Takes the tasks of the CALLs that a worker was sent.
    func tasks(_ peer: PeerID) throws -> [ReceivedTask] {
        try take(peer, .call).flatMap { message in
            let meta: WireCallMeta = try message.meta()
            let body: WireQueries = try message.body(0)
            return meta.tasks.map {
                ReceivedTask(
                    task: $0, query: body.queries[Int($0.query)], index: meta.index)
            }
        }
    }

    func fetches(_ peer: PeerID) throws -> [WireFetchTask] {
        try take(peer, .fetch).flatMap { message in
            let meta: WireFetchMeta = try message.meta()
            return meta.tasks
        }
    }

    func cancelled(_ peer: PeerID) throws -> [UInt64] {
        try take(peer, .cancel).flatMap { message in
            let meta: WireCancel = try message.meta()
            return meta.tasks
        }
    }

    /// Answers tasks, each with the same hits and, if given, documents.
    func reply(
        _ tasks: [UInt64], _ hits: [TestHit] = [], documents: [String] = [], from peer: PeerID,
        _ change: (inout WireTaskResult) -> Void = { _ in }
    ) {
        var meta = WireReplyMeta()
        var frames: [Frame] = [[], [], []]
        for task in tasks {
            var result = WireTaskResult()
            result.task = task
            result.hits = UInt32(hits.count)
            result.totalHits = UInt64(hits.count)
            result.documentLengths = documents.map { UInt32($0.utf8.count) }
            for hit in hits where !hit.values.isEmpty {
                var values = WireSortValues()
                values.values = hit.values.map { FieldValue.wire(sortValue: $0) }
                result.sort.append(values)
            }
            change(&result)
            meta.tasks.append(result)
            for hit in hits {
                let packed = PackedHit(
                    sortKey: Double(hit.score), orderKey: hit.key,
                    idOffset: UInt32(frames[1].count), idLength: UInt32(hit.id.utf8.count))
                PackedHits.append(packed, to: &frames[0])
                frames[1] += Array(hit.id.utf8)
            }
            for document in documents { frames[2] += Array(document.utf8) }
        }
        deliver(Header(.reply, epoch: Self.epoch), meta, body: frames, from: peer)
    }

    func fetched(
        _ task: UInt64, _ documents: [String], snippets: [WireHitSnippets] = [],
        from peer: PeerID
    ) {
        var result = WireFetchResult()
        result.task = task
        result.documentLengths = documents.map { UInt32($0.utf8.count) }
        result.snippets = snippets
        var meta = WireFetchedMeta()
        meta.tasks = [result]
        let frame = documents.flatMap { Array($0.utf8) }
        deliver(Header(.fetched, epoch: Self.epoch), meta, body: [frame], from: peer)
    }

    func fail(_ task: UInt64, _ code: WireErrorCode, from peer: PeerID) {
        var failure = WireTaskFailure()
        failure.task = task
        failure.code = code
        var meta = WireCallFailed()
        meta.tasks = [failure]
        deliver(Header(.callFailed, epoch: Self.epoch), meta, from: peer)
    }

    /// A supervisor says that the process of a worker has ended.
    func reportExit(
        of name: String, pid: UInt32, as state: WireChildState = .childBackingOff,
        isOrderly: Bool = false, isRemoved: Bool = false
    ) {
        let supervisor = newPeer(.worker)
        var hello = WireHello()
        hello.role = .supervisor
        hello.name = "s"
        hello.host = "h"
        deliver(Header(.hello), hello, from: supervisor)
        var child = WireChildReport()
        child.name = name
        child.lastExitPid = pid
        child.state = state
        child.lastExitOrderly = isOrderly
        var report = WireSupervisorReport()
        report.host = "h"
        if isRemoved { report.removed = [child] } else { report.children = [child] }
        deliver(Header(.event, epoch: Self.epoch), report, from: supervisor)
    }

    func tell(_ command: Command, from peer: PeerID) {
        deliver(WireMessage(Header(command, epoch: Self.epoch)).encoded(), from: peer)
    }
}
