import Testing

@testable import ClusterCore

struct InFlightTasksTests {
    @Test(arguments: [0, 1, 2])
    func `a task is removed wherever it stands, once`(position: Int) throws {
        let bench = BrokerHarness()
        _ = bench.worker("w")
        bench.submit(["a", "b", "c"], from: bench.client())
        let worker = try #require(bench.broker.workers.values.first)
        let all = worker.inFlight.inOrder
        #expect(all.count == 3 && all.allSatisfy(\.isInFlight))
        var rest = all
        rest.remove(at: position)
        for _ in 0..<2 {
            worker.inFlight.remove(all[position])
            #expect(!all[position].isInFlight)
            #expect(worker.inFlight.inOrder.map(\.id) == rest.map(\.id))
        }
        for task in rest { worker.inFlight.remove(task) }
        #expect(worker.inFlight.isEmpty)
    }
}
