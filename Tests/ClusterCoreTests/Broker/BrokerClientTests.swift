import SearchIndex
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// Sessions, admission, credit, deadlines and cancelling on the clients' link.
struct BrokerClientTests {
    @Test(arguments: [false, true])
    func `HELLO is answered with WELCOME in the same encoding`(json: Bool) throws {
        let bench = BrokerHarness()
        let peer = bench.client(window: 10_000, json: json)
        let message = try #require(bench.take(peer).first)
        #expect(message.header.command == .welcome)
        #expect(message.header.epoch == 7)
        #expect(message.header.flags.contains(.json) == json)
        let welcome: WireWelcome = try message.meta()
        #expect(welcome.epoch == BrokerHarness.epoch)
        #expect(welcome.resultWindow == 4_096)
        #expect(welcome.expiryMs == 10_000)
    }

    @Test func `a PING is answered, and UNKNOWN_PEER says that there is no session`() throws {
        let bench = BrokerHarness()
        let stranger = bench.newPeer(.client)
        bench.deliver(Header(.ping, id: 3, epoch: 9), WirePing(), from: stranger)
        let answer = try #require(bench.take(stranger).first)
        #expect(answer.header.command == .unknownPeer)
        #expect(answer.header.epoch == 9)
        #expect(answer.header.id == 3)
    }

    @Test func `another version is refused with UNSUPPORTED, and FAILED is never answered`() throws
    {
        let bench = BrokerHarness()
        let peer = bench.newPeer(.client)
        var hello = WireHello()
        hello.role = .client
        hello.versions.min = 2
        hello.versions.max = 3
        bench.deliver(Header(.hello, epoch: 7), hello, from: peer)
        #expect(try bench.failures(peer).map(\.code) == [.unsupported])
        bench.deliver(Header(.failed, epoch: 7), WireFailed(.internal, "x"), from: peer)
        #expect(bench.take(peer).isEmpty)
        let joined = bench.client()
        _ = bench.take(joined)
        bench.deliver(Header(.failed, epoch: 7), WireFailed(.internal, "x"), from: joined)
        #expect(bench.take(joined).isEmpty)
    }

    @Test(arguments: [(0, WireErrorCode.badRequest), (1_001, .badRequest), (1, nil), (1_000, nil)])
    func `a SUBMIT has 1 to 1000 items`(count: Int, refusal: WireErrorCode?) throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        _ = bench.take(peer)
        bench.submit(distinct("a", count), from: peer)
        bench.advance(.milliseconds(2))
        let messages = bench.take(peer)
        if let refusal {
            #expect(messages.map(\.header.command) == [.failed])
            #expect(messages[0].header.index == Header.noItem)
            let failed: WireFailed = try messages[0].meta()
            #expect(failed.code == refusal)
        } else {
            #expect(messages.map(\.header.command) == [.accepted])
            let accepted: WireAccepted = try messages[0].meta()
            #expect(Int(accepted.items) == count)
        }
    }

    @Test func `the octets of a SUBMIT are bounded, header and meta included`() throws {
        let bench = BrokerHarness()
        let peer = bench.client()
        _ = bench.take(peer)
        var item = WireItem()
        item.text = String(repeating: "a", count: ProtocolLimits.maxSubmitBytes - 20)
        bench.deliver(
            Header(.submit, id: 1, epoch: 7), WireSubmit(),
            body: [WireCodec.protobuf.encodeOwn(item)], from: peer)
        #expect(try bench.failures(peer).map(\.code) == [.tooLarge])
    }

    @Test func `too many unfinished items are BUSY with a time to try again`() throws {
        let bench = BrokerHarness { $0.maxItems = 5_000 }
        let one = bench.client("one")
        for request in 1...4 {
            bench.submit(distinct("a", 1_000), as: UInt64(request), from: one)
        }
        bench.submit(distinct("a", 97), as: 5, from: one)
        let failure = try #require(try bench.failures(one).first)
        #expect(failure.code == .busy)
        #expect(failure.retryable)
        #expect(failure.retryAfterMs > 0)
        let two = bench.client("two", session: 8)
        bench.submit(distinct("a", 1_000), from: two)
        bench.submit(["a"], as: 2, from: two)
        #expect(try bench.failures(two).map(\.code) == [.busy])
    }

    @Test func `ACCEPTED is sent after two milliseconds without an answer`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        _ = bench.take(peer)
        bench.submit(["a"], from: peer)
        #expect(bench.take(peer).isEmpty)
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(bench.take(peer).map(\.header.command) == [.result, .done])
        bench.submit(["b"], as: 2, from: peer)
        bench.advance(.milliseconds(1))
        #expect(bench.take(peer).isEmpty)
        bench.advance(.milliseconds(1))
        #expect(bench.take(peer).map(\.header.command) == [.accepted])
    }

    @Test func `a SUBMIT that comes again is not done again`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        _ = bench.take(peer)
        bench.submit(["a", "b"], from: peer)
        bench.submit(["a", "b"], from: peer)
        #expect(bench.take(peer, .accepted).count == 1)
        let tasks = try bench.tasks(worker).map(\.number)
        #expect(tasks.count == 2)
        bench.reply(tasks, from: worker)
        #expect(bench.take(peer, .result).count == 2)
        #expect(try bench.done(peer).map(\.completed) == [2])
        bench.submit(["a", "b"], from: peer)
        #expect(try bench.tasks(worker).isEmpty)
        #expect(try bench.done(peer).map(\.completed) == [2])
        #expect(bench.take(peer).isEmpty)
        #expect(bench.isEmpty)
    }

    @Test func `a request id in use is refused to other items, and the request goes on`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        bench.submit(["b"], from: peer)
        #expect(try bench.failures(peer).map(\.code) == [.badRequest])
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(try bench.done(peer).map(\.completed) == [1])
    }

    @Test func `a bad query fails alone, with the position of its error`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["good", "a (b"], from: peer)
        let failure = try #require(try bench.failures(peer).first)
        #expect(failure.code == .badRequest)
        #expect(failure.hasPosition)
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        let done = try #require(try bench.done(peer).first)
        #expect([done.completed, done.failed, done.cancelled] == [1, 1, 0])
    }

    @Test func `a lenient SUBMIT takes a bad query as words`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a (b"], from: peer) { $0.lenient = true }
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(try bench.done(peer).map(\.completed) == [1])
    }

    @Test func `a client that gives no credit gets no more than its window`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let slow = bench.client("slow", window: 4)
        let other = bench.client("other", session: 8)
        bench.submit(distinct("a", 20), from: slow)
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(try bench.tasks(worker).isEmpty)
        #expect(bench.take(slow, .result).count == 4)
        bench.submit(["b"], from: other)
        bench.reply(try bench.tasks(worker).map(\.number), from: worker)
        #expect(bench.take(other, .result).count == 1)
        bench.credit(3, from: slow)
        #expect(try bench.tasks(worker).count == 3)
    }

    @Test func `answers that nobody acknowledges end in BUSY, not in memory`() throws {
        let bench = BrokerHarness()
        let peer = bench.client(window: 1)
        for round in 1...6 {
            bench.submit(
                distinct("a", 1_000), as: UInt64(round), from: peer, budget: 50)
            bench.advance(.milliseconds(100))
        }
        let session = try #require(bench.status.clients.first)
        #expect(session.unacknowledgedResults <= 5_097)
        #expect(try bench.failures(peer).contains { $0.code == .busy })
        #expect(bench.isEmpty)
    }

    @Test func `an item past its deadline fails, and is not sent`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w", window: 1)
        let peer = bench.client()
        bench.submit(["a", "b"], from: peer, budget: 200)
        let first = try bench.tasks(worker)
        #expect(first.count == 1)
        bench.advance(.milliseconds(250))
        #expect(try bench.failures(peer).map(\.code) == [.deadline, .deadline])
        #expect(try bench.cancelled(worker) == first.map(\.number))
        #expect(try bench.done(peer).map(\.failed) == [2])
        #expect(bench.broker.tasks.count == 1, "the task holds its credit until it is answered")
        bench.fail(first[0].number, .cancelled, from: worker)
        #expect(try bench.tasks(worker).isEmpty)
        #expect(bench.isEmpty)
    }

    @Test func `CANCEL ends one item or all of them, once`() throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a", "b", "c"], from: peer)
        let tasks = try bench.tasks(worker).map(\.number)
        bench.cancel(1, item: 1, from: peer)
        bench.cancel(1, item: 1, from: peer)
        bench.cancel(1, item: 99, from: peer)
        bench.cancel(55, from: peer)
        #expect(bench.take(peer, .failed).map(\.header.index) == [1])
        #expect(try bench.cancelled(worker) == [tasks[1]])
        bench.cancel(1, from: peer)
        #expect(try bench.failures(peer).map(\.code) == [.cancelled, .cancelled])
        #expect(try bench.done(peer).map(\.cancelled) == [3])
        bench.reply(tasks, from: worker)
        #expect(bench.take(peer, .result).isEmpty)
        #expect(bench.isEmpty)
    }

    @Test(arguments: [true, false])
    func `the work of a client that is gone is cancelled`(saysGoodbye: Bool) throws {
        let bench = BrokerHarness()
        let worker = bench.worker("w")
        let peer = bench.client()
        bench.submit(["a"], from: peer)
        let tasks = try bench.tasks(worker).map(\.number)
        bench.alive.removeAll { $0 == peer }
        if saysGoodbye {
            bench.deliver(Header(.goodbye, epoch: 7), WireGoodbye(), from: peer)
        } else {
            bench.advance(.milliseconds(9_900))
            #expect(bench.broker.clients.count == 1)
            bench.advance(.milliseconds(150))
        }
        #expect(bench.broker.clients.isEmpty)
        #expect(try bench.cancelled(worker) == tasks)
        bench.reply(tasks, from: worker)
        #expect(bench.isEmpty)
    }
}
