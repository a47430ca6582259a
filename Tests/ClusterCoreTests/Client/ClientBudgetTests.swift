import Testing
import WireMessages
import WireProtocol

@testable import ClusterCore

/// How long the client waits for batches that have no budget of their own.
struct ClientBudgetTests {
    @Test func `a batch without a budget leaves it to the broker, and is waited for all the same`()
    {
        let bench = ClientHarness()
        bench.submit(1, budget: nil)
        bench.join()
        #expect(bench.sent(.submit).map(\.header.budgetMilliseconds) == [0])
        bench.advance(.seconds(299))
        #expect(bench.codes().isEmpty)
        bench.advance(.seconds(4))
        #expect(bench.codes() == [.deadline])
    }

    @Test func `a batch without a budget waits 10 s for a broker, and anew when one is lost`() {
        let bench = ClientHarness()
        bench.submit(1, budget: nil)
        for _ in 0..<99 { bench.advance(.milliseconds(100)) }
        #expect(bench.codes().isEmpty)
        bench.advance(.milliseconds(100))
        #expect(bench.codes() == [.deadline])
        bench.submit(1, budget: nil)
        bench.advance(.seconds(9))
        bench.join()
        bench.advance(.seconds(2))
        let session = bench.core.sessionID
        var waited = 0
        while bench.core.sessionID == session, waited < 200 {
            bench.advance(.milliseconds(100))
            waited += 1
        }
        #expect(bench.codes().isEmpty)
        // The instant of the new HELLO begins the wait; others follow it in vain.
        for _ in 0..<99 { bench.advance(.milliseconds(100)) }
        #expect(bench.codes().isEmpty)
        bench.advance(.milliseconds(100))
        #expect(bench.codes() == [.deadline])
    }

    @Test func `BUSY beyond the broker's own budget fails a batch that has none`() {
        let bench = ClientHarness()
        bench.submit(1, budget: nil)
        bench.advance(.seconds(3))
        bench.join(defaultBudget: 1_000)
        #expect(bench.sent(.submit).count == 1)
        bench.refuseAsBusy(600)
        bench.advance(.milliseconds(900))
        #expect(bench.sent(.submit).map(\.header.budgetMilliseconds) == [0])
        bench.refuseAsBusy(100)
        #expect(bench.codes() == [.busy])
    }
}
