import Glibc
import Testing

/// Broker processes that are killed while clients wait for answers.
@Suite(.serialized, .timeLimit(.minutes(10))) struct BrokerFaultTests {
    @Test(arguments: [["b1"], ["b1", "b2"]])
    func `a broker killed with 1000 items outstanding loses and doubles none`(
        brokers: [String]
    ) async throws {
        let subject = try await FaultSubject("killed broker", queries: 1_000)
        try await Cluster.run(
            in: subject.folder, serving: ["all", "all"], brokers: brokers, replicas: 2
        ) { cluster in
            // A worker that answers nothing keeps the items outstanding.
            try await BentWorker.run("silent", cluster, subject.folder) { _ in
                for worker in ["w1", "w2"] {
                    let off = try await swiftlet(
                        "node", "deactivate", worker, "--broker", cluster.clients)
                    try #require(off.status == 0, "\(off.errors)")
                }
                let batch = try subject.startBatch(cluster, brokers: brokers)
                try await killBroker(cluster, "1000 outstanding items") {
                    $0.broker.items_waiting == 1_000
                }
                try await subject.expectAnswers(batch)
            }
        }
        #expect(try subject.summary("items") == 1_000)
        #expect(try subject.summary("completed") == 1_000)
    }

    @Test func `a batch whose broker is killed in the middle goes on at the other`() async throws {
        let subject = try await FaultSubject("broker killed in the middle", queries: 2_500)
        try await Cluster.run(
            in: subject.folder, serving: ["all", "all"], brokers: ["b1", "b2"], replicas: 2
        ) { cluster in
            let batch = try subject.startBatch(cluster, brokers: ["b1", "b2"])
            try await killBroker(cluster, "the first answers") {
                ($0.broker.items_completed ?? 0) > 0
            }
            try await subject.expectAnswers(batch)
            try await cluster.waitForReplicas(2)
        }
        #expect(try subject.summary("completed") == 2_500)
    }

    /// Kills `b1` as soon as its status is as wanted.
    private func killBroker(
        _ cluster: Cluster, _ what: String, when isWanted: (ClusterStatus) -> Bool
    ) async throws {
        let broker = try #require(
            try await cluster.status("a report of b1") { ($0.child("b1")?.pid ?? 0) > 0 }
                .child("b1")?.pid)
        try await cluster.status(what, until: isWanted)
        try #require(kill(broker, SIGKILL) == 0)
    }
}
