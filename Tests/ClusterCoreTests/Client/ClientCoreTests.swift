import TestSupport
import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

struct ClientCoreTests {
    @Test func `a batch waits for WELCOME, then is submitted with the budget that is left`() throws
    {
        let bench = ClientHarness()
        bench.submit(2)
        #expect(bench.sent(.submit).isEmpty)
        bench.advance(.seconds(1))
        bench.join()
        let submits = bench.sent(.submit)
        #expect(try bench.submitted(submits) == [2])
        #expect(submits.first?.header.budgetMilliseconds == 4_000)
        #expect(submits.first?.header.attempt == 0)
    }

    @Test func `a batch that no broker takes fails at once, and others go on`() throws {
        let bench = ClientHarness()
        bench.join()
        var item = WireItem()
        item.text = String(repeating: "x", count: 1 << 20)
        let batch = ClientBatch(
            settings: WireSubmit(), items: Array(repeating: item, count: 9), budget: .seconds(5))
        bench.core.submit(batch, as: ClientTicket(number: 9), at: bench.now)
        bench.endTurn()
        #expect(bench.codes() == Array(repeating: .tooLarge, count: 9))
        let session = bench.core.sessionID
        bench.submit(1)
        #expect(try bench.submitted(bench.sent(.submit)) == [1])
        #expect(bench.core.sessionID == session)
    }

    @Test func `what is wrong with one answer of several does not touch the others`() throws {
        let bench = ClientHarness()
        bench.join()
        bench.submit(3)
        _ = bench.take()
        var results = WireResults()
        results.answers = (0..<UInt32(3)).map { index in
            var answer = WireAnswer()
            answer.request = bench.core.lastRequest
            answer.index = index
            if index == 1 { answer.meta.firstHit = 5 }
            return answer
        }
        bench.deliver(Header(.results, epoch: bench.core.sessionID), results)
        #expect(bench.answers().map(\.item) == [0, 2])
    }

    @Test func `how this client takes answers does not depend on the batch`() throws {
        let bench = ClientHarness()
        bench.join()
        var settings = WireSubmit()
        settings.limit = 4
        settings.withoutDone = false
        bench.core.submit(
            ClientBatch(settings: settings, items: [WireItem()], budget: .seconds(5)),
            as: bench.ticket, at: bench.now)
        bench.endTurn()
        let submit: WireSubmit = try #require(bench.sent(.submit).first).meta()
        #expect(submit.limit == 4)
        #expect(submit.withoutDone && submit.resultsTogether && submit.itemsTogether)
    }

    @Test func `answers that come together are taken like single ones`() throws {
        let bench = ClientHarness(window: 4)
        bench.join()
        bench.submit(4)
        #expect(
            try bench.sent(.submit).map { try $0.meta(WireSubmit.self).resultsTogether } == [true])
        func deliver(_ indexes: [UInt32], request: UInt64) {
            var results = WireResults()
            results.answers = indexes.map { index in
                var answer = WireAnswer()
                answer.request = request
                answer.index = index
                var hit = WireHit()
                hit.id = "d\(index)"
                answer.hits.hits = [hit]
                return answer
            }
            bench.deliver(Header(.results, epoch: bench.core.sessionID), results)
        }
        let request = bench.core.lastRequest
        deliver([2, 2, 9], request: request)
        deliver([0], request: request + 1)
        let first = bench.take()
        let found = try first.compactMap { action -> [String]? in
            guard case .answer(_, 2, let outcome) = action else { return nil }
            return try outcome.get().hits.map(\.id)
        }
        #expect(found == [["d2"]])
        // What answers nothing that is open was taken all the same.
        let credits = try first.compactMap { action -> UInt32? in
            guard case .send(let frames) = action else { return nil }
            let message = try WireMessage.decode(frames)
            return message.header.command == .credit
                ? try message.meta(WireCredit.self).results : nil
        }
        #expect(credits == [3])
        deliver([0, 1, 3], request: request)
        #expect(bench.answers().map(\.item) == [0, 1, 3])
        #expect(bench.core.batches.isEmpty && bench.core.requests.isEmpty)
    }

    @Test(arguments: ["unknown peer", "silence", "blocked"])
    func `exactly the open items are submitted again`(how: String) throws {
        let bench = ClientHarness()
        bench.join()
        bench.submit(3, budget: .seconds(60))
        let session = bench.core.sessionID
        bench.result(1)
        _ = bench.take()
        switch how {
        case "unknown peer":
            bench.deliver(Header(.unknownPeer, epoch: session), WireUnknownPeer())
        case "silence":
            bench.advance(.seconds(3))
            bench.advance(.milliseconds(200))
        default:
            bench.core.sendBlocked(at: bench.now)
            bench.advance(.milliseconds(10))
        }
        #expect(bench.core.sessionID != session)
        bench.join()
        let submit = try #require(bench.sent(.submit).first)
        #expect(try bench.submitted([submit]) == [2])
        #expect(submit.header.attempt == 1)
        bench.result(0, request: 1, epoch: session)
        #expect(bench.answers().isEmpty, "an answer of an earlier session counts for nothing")
        bench.result(1)
        bench.result(1)
        #expect(bench.answers().map(\.item) == [2])
        bench.result(0)
        #expect(bench.answers().map(\.item) == [0])
        #expect(bench.core.batches.isEmpty && bench.core.requests.isEmpty)
    }

    @Test func `BUSY is tried again after the time the broker names`() {
        let bench = ClientHarness()
        bench.join()
        bench.submit(1)
        bench.refuseAsBusy(200)
        _ = bench.take()
        bench.advance(.milliseconds(99))
        #expect(bench.sent(.submit).isEmpty)
        bench.advance(.milliseconds(201))
        #expect(bench.sent(.submit).count == 1)
    }

    @Test func `a refused batch fails whole`() {
        let bench = ClientHarness()
        bench.join()
        bench.submit(2)
        _ = bench.take()
        bench.deliver(
            Header(
                .failed, id: bench.core.lastRequest, epoch: bench.core.sessionID,
                index: Header.noItem), WireFailed(.badRequest, "no"))
        #expect(bench.codes() == [.badRequest, .badRequest])
    }

    @Test func `chunks become one answer`() throws {
        let bench = ClientHarness()
        bench.join()
        bench.submit(1)
        _ = bench.take()
        bench.result(0, ids: ["a", "b"], isFinal: false)
        #expect(bench.answers().isEmpty)
        bench.result(0, ids: ["c"], from: 2)
        let answer = try #require(bench.answers().first).outcome.get()
        #expect(answer.hits.map(\.id) == ["a", "b", "c"])
    }

    @Test func `credit goes back at half of the window`() throws {
        let bench = ClientHarness(window: 8)
        bench.join()
        bench.submit(8)
        _ = bench.take()
        for item in 0..<3 { bench.result(UInt32(item)) }
        #expect(bench.sent(.credit).isEmpty)
        bench.result(3)
        let credit: WireCredit = try #require(bench.sent(.credit).first).meta()
        #expect(credit.results == 4)
    }

    @Test func `without a broker a batch fails at its deadline, and nothing spins before`() {
        let bench = ClientHarness(brokers: 2)
        bench.submit(2, budget: .seconds(7))
        let end = bench.now + .seconds(7)
        var turns = 0
        var codes: [WireErrorCode?] = []
        while bench.now < end, turns < 1_000 {
            turns += 1
            bench.advance(max(.microseconds(1), bench.now.duration(to: bench.core.nextDeadline)))
            codes += bench.codes()
        }
        #expect(codes == [.deadline, .deadline])
        #expect(bench.now == end)
        #expect(turns < 50)
    }

    @Test(arguments: [(1, 1), (1_000_000, 1), (1_000_001, 2), (400_000_000, 400)])
    func `a budget is sent in milliseconds rounded up, and nothing without one`(
        nanoseconds: Int, milliseconds: UInt32
    ) {
        let bench = ClientHarness()
        bench.join()
        _ = bench.take()
        bench.submit(1, budget: .nanoseconds(nanoseconds))
        #expect(
            bench.sent(.submit).map(\.header.budgetMilliseconds) == [milliseconds])
        let late = ClientHarness()
        late.join()
        _ = late.take()
        late.submit(1, budget: .zero)
        #expect(late.sent(.submit).isEmpty)
    }

    @Test(arguments: [10_000, 300])
    func `BUSY for the rest of the budget fails the batch at once`(retryAfter: UInt32) {
        let bench = ClientHarness()
        bench.join()
        bench.submit(1, budget: .milliseconds(300))
        bench.refuseAsBusy(retryAfter)
        #expect(bench.codes() == [.busy])
        #expect(bench.core.batches.isEmpty && bench.core.requests.isEmpty)
    }

    @Test func `after BUSY a batch is submitted again before its budget ends`() {
        for seed in 0..<50 as Range<UInt64> {
            let bench = ClientHarness(seed: seed)
            bench.join()
            bench.submit(1, budget: .milliseconds(300))
            bench.refuseAsBusy(290)
            _ = bench.take()
            bench.advance(.milliseconds(299))
            #expect(bench.sent(.submit).count == 1, "seed \(seed)")
        }
    }

    @Test func `cancel ends the open items and tells the broker`() {
        let bench = ClientHarness()
        bench.join()
        bench.submit(2)
        bench.result(0)
        _ = bench.take()
        bench.core.cancel(bench.ticket, at: bench.now)
        bench.endTurn()
        let actions = bench.take()
        #expect(actions.contains { if case .answer(_, 1, .failure) = $0 { true } else { false } })
        #expect(actions.contains { if case .send = $0 { true } else { false } })
        bench.result(1)
        #expect(bench.answers().isEmpty)
    }

    @Test func `close says goodbye, and everything open fails`() {
        let bench = ClientHarness()
        bench.join()
        bench.submit(1)
        bench.core.ask(.status, as: ClientTicket(number: 9), within: .seconds(1), at: bench.now)
        _ = bench.take()
        bench.core.close(at: bench.now)
        bench.endTurn()
        let actions = bench.take()
        #expect(actions.contains { if case .closed = $0 { true } else { false } })
        #expect(actions.contains { if case .reply(_, .failure) = $0 { true } else { false } })
        #expect(actions.contains { if case .answer(_, 0, .failure) = $0 { true } else { false } })
    }

    @Test func `silence moves to the next broker`() {
        let bench = ClientHarness(brokers: 2)
        bench.join()
        _ = bench.take()
        bench.advance(.seconds(3))
        let next = bench.take().compactMap {
            if case .reconnect(let broker) = $0 { broker } else { nil }
        }
        #expect(next == [1])
    }
}
