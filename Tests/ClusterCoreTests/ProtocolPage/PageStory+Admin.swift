import TestSupport
import WireMessages
import WireProtocol

@testable import ClusterCore

extension PageStory {
    /// What operators change, and what supervisors do for them.
    static let adminStories = [PageStory("an operator, and a supervisor", admin)]

    @Sendable private static func admin(isJSON: Bool) throws -> [SentExample] {
        let page = PageBroker(isJSON: isJSON)
        let client = try page.client()
        let supervisor = try PageSupervisor(page)
        try page.deliver("admin-configure", from: client)
        try page.record("admin-reply", .adminReply, to: client)
        try page.deliver("metrics", from: client)
        try page.record("metrics-reply", .metricsReply, to: client)

        page.numbers(after: 20)
        try page.deliver("admin-add", from: client)
        try supervisor.obey("order-add", problem: nil, as: "order-reply")
        _ = try page.take(.adminReply, to: client)
        try page.deliver("admin-drain", from: client)
        try supervisor.obey(
            "order-drain", problem: "the supervisor is stopping", as: "order-failed")
        try page.record("failed-order", .failed, to: client)
        for verb in ["remove", "start", "stop"] {
            try page.deliver("admin-\(verb)", from: client)
            try supervisor.obey("order-\(verb)", problem: nil, as: nil)
            _ = try page.take(.adminReply, to: client)
        }
        return page.sent
    }
}

/// The page's supervisor, at the page's broker, with one worker that was started again.
final class PageSupervisor {
    private var node: SupervisorNode
    private var random = SeededRandom(seed: 1)
    private let peer: PeerID
    private let page: PageBroker

    init(_ page: PageBroker) throws {
        self.page = page
        peer = page.newPeer(.worker)
        node = SupervisorNode(
            name: "sup1", host: "node-a", incarnation: 7_011, pid: 600, now: page.now)
        _ = node.step(at: page.now, using: &random)
        try say("hello-supervisor", inJSON: page.isJSON)
        hear(try page.record("welcome-supervisor", .welcome, to: peer))
        node.report(try Self.report())
        try say("event")
    }

    private static func report() throws -> SupervisorReport {
        let name = try ChildName.named("w1")
        let exit = LastExit(
            process: ProcessID(640), reason: "\(ExitStatus.exited(code: 0))", isOrderly: true)
        let child = ChildReport(
            name: name, kind: .worker, state: .ready, process: ProcessID(812), restarts: 1,
            lastExit: exit)
        return SupervisorReport(children: [child])
    }

    private func hear(_ message: WireMessage) {
        _ = node.receive(message.encoded(), at: page.now, random: 0.5)
    }

    /// Gives its one message to the broker; in JSON it is that of the page.
    private func say(_ name: String?, inJSON: Bool = false) throws {
        for frames in node.takeMessages(at: page.now) {
            if let name { page.record(name, try WireMessage.decode(frames)) }
            if let name, inJSON {
                try page.deliver(name, from: peer)
            } else {
                page.deliver(frames, from: peer)
            }
        }
    }

    /// Takes an order, which an example shows, and answers it as another one shows.
    func obey(_ order: String, problem: String?, as answer: String?) throws {
        hear(try page.record(order, .admin, to: peer))
        for (id, _) in node.takeOrders() { node.answer(id, problem: problem) }
        try say(answer)
    }
}
