import OrderedCollections
import WireMessages
import WireProtocol

/// What a client wants of processes, which supervisors carry out: the broker passes it on and waits
/// for their answers.
struct PendingOrder {
    let client: PeerID
    let header: Header
    let deadline: MonotonicInstant
    /// What its errands are about, for refusals.
    let subject: String
    /// What was asked of whom and is not answered, by the id of the message to the supervisor.
    var waiting: [UInt64: (name: String, supervisor: PeerID)] = [:]
    /// What was refused, in words.
    var refusals: [String] = []
    /// The node that is forgotten when it is done.
    var forgets: String?
}

/// An order for one supervisor.
struct SupervisorErrand {
    let supervisor: PeerID
    /// Of the node, or of the supervisor's host.
    let name: String
    let verb: WireAdmin.OneOf_Verb
}

extension Broker {
    /// Orders that are waited for; one more is refused with BUSY.
    private static let maxOrders = 256
    /// How long supervisors have: they only begin what they are told.
    private static let orderPatience = Duration.seconds(5)

    /// Passes errands on; the client is answered when all of them are.
    mutating func order(
        _ errands: [SupervisorErrand], of subject: String = "node", for client: PeerID,
        _ header: Header, forgetting node: String? = nil, _ now: MonotonicInstant
    ) throws(ItemFailure) {
        guard orders.count < Self.maxOrders else {
            throw ItemFailure(.busy, "\(orders.count) changes are under way; try later")
        }
        var pending = PendingOrder(
            client: client, header: header, deadline: now + Self.orderPatience, subject: subject,
            forgets: node)
        for errand in errands {
            let id = nextNumber()
            pending.waiting[id] = (errand.name, errand.supervisor)
            var admin = WireAdmin()
            admin.verb = errand.verb
            send(Header(.admin, id: id, epoch: settings.epoch), admin, to: errand.supervisor)
        }
        orders.append(pending)
    }

    /// A supervisor has answered: nil for done, else why not.
    mutating func answeredOrder(
        _ id: UInt64, from peer: PeerID, refusal: String?, _ now: MonotonicInstant
    ) {
        guard let position = orders.firstIndex(where: { $0.waiting[id]?.supervisor == peer }),
            let errand = orders[position].waiting.removeValue(forKey: id)
        else {
            counters.staleReplies += 1
            return
        }
        if let refusal { orders[position].refusals.append("'\(errand.name)': \(refusal)") }
        if orders[position].waiting.isEmpty { finish(orders.remove(at: position), now) }
    }

    /// Ends the orders whose time is over, or whose supervisor has gone.
    mutating func checkOrders(_ now: MonotonicInstant) {
        for position in orders.indices.reversed() {
            for (id, errand) in orders[position].waiting {
                let isGone = supervisors[errand.supervisor] == nil
                guard isGone || orders[position].deadline <= now else { continue }
                orders[position].waiting[id] = nil
                orders[position].refusals.append(
                    "'\(errand.name)': the supervisor "
                        + (isGone ? "has gone" : "has not answered; ask for the status"))
            }
            if orders[position].waiting.isEmpty { finish(orders.remove(at: position), now) }
        }
    }

    private mutating func finish(_ order: PendingOrder, _ now: MonotonicInstant) {
        if order.refusals.isEmpty, let node = order.forgets, records[node] != nil {
            forgetWhenGone(node, now)
        }
        guard peers[order.client] != nil else { return }
        guard !order.refusals.isEmpty else { return confirm(order.header, to: order.client) }
        let reasons = order.refusals.sorted().prefix(10).joined(separator: "; ")
        refuse(
            order.client, order.header.answer(.failed),
            ItemFailure(.badRequest, "\(order.subject) \(reasons)"))
    }

    /// The supervisor that has a child of this name.
    func supervisor(of node: String) -> PeerID? {
        supervisors.first { _, session in
            session.report?.children.contains { $0.name == node } ?? false
        }?.key
    }

    /// Drains a worker for good: its supervisor ends it, or it ends by itself.
    mutating func drain(
        _ node: WireNodeName, for client: PeerID, _ header: Header, _ now: MonotonicInstant
    ) throws(ItemFailure) {
        if let errand = errand(about: node, .drain(node)) {
            return try order([errand], for: client, header, now)
        }
        try tellToDrain(try known(node.name))
        confirm(header, to: client)
    }

    /// Drains a worker and forgets it.
    mutating func remove(
        _ node: WireNodeName, for client: PeerID, _ header: Header, _ now: MonotonicInstant
    ) throws(ItemFailure) {
        if let errand = errand(about: node, .remove(node)) {
            return try order([errand], for: client, header, forgetting: node.name, now)
        }
        let worker = try known(node.name)
        if worker != nil { try tellToDrain(worker) }
        forgetWhenGone(node.name, now)
        confirm(header, to: client)
    }

    /// The session of a node that has joined once; nil if it has ended.
    func known(_ node: String) throws(ItemFailure) -> WorkerSession? {
        guard let record = records[node], record.lastSession != nil else {
            throw ItemFailure(
                .notFound,
                "node: no worker named '\(node)' has joined this broker; `status` lists them")
        }
        return record.lastSession.flatMap { workers[$0] }
    }

    private mutating func tellToDrain(_ worker: WorkerSession?) throws(ItemFailure) {
        guard let worker else {
            throw ItemFailure(.notFound, "node: that worker has ended already")
        }
        var body = WireDrain()
        body.reason = "an operator drains it"
        send(Header(.drain, epoch: settings.epoch), body, to: worker.peer)
    }

    /// Forgets a node that an operator has removed, at the end of its session.
    mutating func forgetWhenGone(_ node: String, _ now: MonotonicInstant) {
        guard let key = records[node]?.lastSession, workers[key] != nil else {
            return forgetNode(node, now)
        }
        record(node) { $0.isRemoved = true }
    }

    /// Forgets a removed node, and the indexes that no other node is known to have served.
    mutating func forgetNode(_ node: String, _ now: MonotonicInstant) {
        guard let record = records.removeValue(forKey: node) else { return }
        for handle in record.indexes.sorted(by: { $0.position < $1.position })
        where !records.values.contains(where: { $0.indexes.contains(handle) }) {
            forget(handle, now)
        }
    }

    private mutating func forget(_ handle: IndexHandle, _ now: MonotonicInstant) {
        guard map[handle].workers.isEmpty else { return }
        let name = map[handle].name
        abandonItems(on: handle, "index '\(name)' was removed", now)
        namedLast = ([], [])
        map.forget(handle)
        log(.info, "index '\(name)' is forgotten: its last node was removed")
    }

    func start(_ node: WireNodeName) throws(ItemFailure) -> SupervisorErrand {
        guard let errand = errand(about: node, .start(node)) else {
            throw ItemFailure(
                .notFound, "node: no supervisor of this broker runs a worker '\(node.name)'")
        }
        return errand
    }

    /// One errand for each supervisor that is to end, with all it runs.
    func stops(_ stop: WireStopCluster) throws(ItemFailure) -> [SupervisorErrand] {
        let hosts = supervisors.filter { stop.host.isEmpty || $0.value.host == stop.host }
        guard !hosts.isEmpty else {
            throw ItemFailure(
                .notFound,
                "stop: no supervisor\(stop.host.isEmpty ? "" : " of host '\(stop.host)'") has joined "
                    + "this broker; end processes that none runs by SIGTERM")
        }
        return hosts.sorted { ($0.value.host, $0.value.name) < ($1.value.host, $1.value.name) }.map
        {
            SupervisorErrand(supervisor: $0.key, name: $0.value.host, verb: .stop(stop))
        }
    }

    /// What its supervisor is told of a worker; nil if no supervisor runs it.
    private func errand(
        about node: WireNodeName, _ verb: WireAdmin.OneOf_Verb
    ) -> SupervisorErrand? {
        supervisor(of: node.name).map {
            SupervisorErrand(supervisor: $0, name: node.name, verb: verb)
        }
    }

    /// One errand for each new node, all checked before any is sent.
    func additions(_ added: WireAddNodes) throws(ItemFailure) -> [SupervisorErrand] {
        guard 1...ProtocolLimits.maxItems ~= added.nodes.count else {
            throw ItemFailure(
                .badRequest,
                "add: \(added.nodes.count) nodes; expected 1 to \(ProtocolLimits.maxItems)")
        }
        var names: Set<String> = []
        var errands: [SupervisorErrand] = []
        for node in added.nodes {
            try check(node)
            guard names.insert(node.name).inserted else {
                throw ItemFailure(.badRequest, "add: node '\(node.name)' is named twice")
            }
            var one = WireAddNodes()
            one.nodes = [node]
            errands.append(
                SupervisorErrand(
                    supervisor: try supervisor(on: node.host), name: node.name, verb: .add(one)))
        }
        return errands
    }

    private func check(_ node: WireNewNode) throws(ItemFailure) {
        guard ChildName(node.name) != nil else {
            throw ItemFailure(.badRequest, "add: name '\(node.name)'; expected \(ChildName.rule)")
        }
        if let known = records[node.name]?.lastSession, workers[known] != nil {
            throw ItemFailure(
                .badRequest, "add: a worker named '\(node.name)' has joined already")
        }
        guard supervisor(of: node.name) == nil else {
            throw ItemFailure(.badRequest, "add: node '\(node.name)' exists already")
        }
        guard node.weight == 0 || NodeWeight.range.contains(node.weight) else {
            throw ItemFailure(
                .badRequest, "add: weight \(node.weight); expected \(NodeWeight.expected)")
        }
    }

    private func supervisor(on host: String) throws(ItemFailure) -> PeerID {
        let hosts = supervisors.values.map(\.host).sorted()
        guard !hosts.isEmpty else {
            throw ItemFailure(
                .unsupported,
                "add: no supervisor has joined this broker; start the worker by itself, it then adds "
                    + "itself")
        }
        let matching = supervisors.filter { host.isEmpty || $0.value.host == host }
        guard matching.count == 1, let only = matching.first else {
            throw ItemFailure(
                .badRequest,
                "add: host '\(host)' means \(matching.count) supervisors; expected one of "
                    + hosts.joined(separator: ", "))
        }
        return only.key
    }
}
