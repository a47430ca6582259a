import SearchIndex
import TestSupport
import WireProtocol

@testable import ClusterCore

/// Who takes part in a simulation, and what is asked when.
extension ClusterSimulation {
    /// Within this time what was cancelled has ended, if nothing is wrong with nodes and network.
    static let promptly = Duration.milliseconds(10)

    /// A worker whose loop is late where nothing else is wrong.
    var longestPause: Duration { hasDepartures ? .milliseconds(300) : .zero }

    func setUp() {
        // Half of the brokers answer in pieces of a few hits.
        chunkBytes = Bool.random(using: &random) ? Int.random(in: 1...600, using: &random) : nil
        for number in 0..<Int.random(in: 1...2, using: &random) { addBroker(number) }
        for number in 0..<Int.random(in: 2...4, using: &random) { addWorker(number) }
        for number in 0..<Int.random(in: 1...3, using: &random) { addClient(number) }
        hasCancellations = Bool.random(using: &random)
        if hasDepartures { planDepartures() }
        guard hasFaults else { return }
        faultMix = SimulatedFault.mix(using: &random)
        if Bool.random(using: &random) { addSupervisor() }
        faults = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            now + .milliseconds(Int.random(in: 0...12_000, using: &random))
        }
        faults.sort()
        hasOperators = Int.random(in: 0..<3, using: &random) == 0
        if hasOperators { planOperators() }
    }

    private func addBroker(_ number: Int) {
        var settings = BrokerSettings(name: "b\(number)", epoch: random.next() >> 11)
        // Often enough that checks find what ails a worker, and that it is over.
        settings.configuration.healthCheckInterval = .milliseconds(
            Int.random(in: 100...2_000, using: &random))
        if let chunkBytes { settings.resultChunkBytes = chunkBytes }
        let patience = hasFaults ? nil : Self.promptly + longestPause
        brokers.append(SimulatedBroker(settings: settings, patience: patience, now: now))
    }

    /// Two indexes in two of three simulations.
    static func corpora(using random: inout SeededRandom) -> SimulatedCorpora {
        let shards = (1...4).shuffled(using: &random)
        var corpora = [
            SimulatedCorpus(name: "i", shardCount: shards[0], documentCount: 60, random: &random)
        ]
        if Int.random(in: 0..<3, using: &random) != 0 {
            corpora.append(
                SimulatedCorpus(
                    name: "j", shardCount: shards[1],
                    documentCount: Int.random(in: 5...60, using: &random), random: &random))
        }
        return SimulatedCorpora(corpora: corpora)
    }

    /// What a worker has of an index. Two workers have everything, so that one loss leaves every shard
    /// served.
    private func served(_ corpus: SimulatedCorpus, byWorker number: Int) -> WireServedIndex {
        var index = corpus.served
        for shard in 0..<corpus.shardCount where number < 2 || Bool.random(using: &random) {
            var served = WireServedShard()
            served.shard = UInt32(shard)
            served.generation = 1
            served.liveDocuments = corpus.documentCount(ofShard: shard)
            index.shards.append(served)
        }
        return index
    }

    private func addWorker(_ number: Int) {
        let indexes = corpora.corpora.shuffled(using: &random).map { served($0, byWorker: number) }
        var settings = WorkerSettings(
            name: "w\(number)", pool: "p", incarnation: random.next() >> 11, pid: 1, host: "h",
            slots: Int.random(in: 1...3, using: &random), indexes: indexes,
            brokerCount: brokers.count)
        settings.maxTasks = Int.random(in: 4...64, using: &random)
        if hasDepartures {
            // Much is under way to a node when it leaves.
            settings.windowCoverage = .milliseconds(Int.random(in: 1...2_000, using: &random))
            settings.maxTasks = 1_024
        }
        let worker = SimulatedWorker(settings: settings)
        start(worker)
        workers.append(worker)
    }

    func start(_ worker: SimulatedWorker) {
        worker.machine = WorkerNode(
            settings: worker.settings, now: worker.local(now),
            random: SeededRandom(seed: random.next()))
    }

    private func addClient(_ number: Int) {
        let settings = ClientSettings(
            name: "c\(number)", brokerCount: brokers.count,
            firstBroker: number,
            resultWindow: Int.random(in: hasDepartures ? 16...128 : 1...32, using: &random))
        let core = ClientCore(
            settings: settings, now: now, random: SeededRandom(seed: random.next()))
        let client = SimulatedClient(name: settings.name, machine: core)
        for _ in 0..<Int.random(in: 1...4, using: &random) { plan(for: client) }
        client.planned.sort { $0.at < $1.at }
        clients.append(client)
    }

    /// Plans a query that nothing will disturb any more.
    func probe(_ client: SimulatedClient, at instant: MonotonicInstant) {
        let batch = randomBatch(of: 1, minimumCoverage: nil, isProbe: true)
        client.planned.append((instant, batch, .seconds(10)))
    }

    private func plan(for client: SimulatedClient) {
        let at = now + .milliseconds(Int.random(in: 0...8_000, using: &random))
        // Only where faults excuse what it may lack.
        let minimumCoverage: Double? =
            hasFaults && Bool.random(using: &random)
            ? [0, 0.3, 0.6].randomElement(using: &random) : nil
        let shortest = minimumCoverage != nil ? 200 : hasDepartures ? 8_000 : 2_000
        let most = hasDepartures ? 60 : 20
        let batch = randomBatch(
            of: Int.random(in: 1...most, using: &random), minimumCoverage: minimumCoverage)
        client.planned.append(
            (at, batch, .milliseconds(Int.random(in: shortest...10 * shortest, using: &random))))
    }

    private func randomBatch(
        of count: Int, minimumCoverage: Double?, isProbe: Bool = false
    ) -> [SimulatedClient.Asked] {
        let merges: [MergeStrategy] = [
            .scoreDescending, .scoreDescending, .scoreAscending, .nodeOrder, .roundRobin,
            .reciprocalRankFusion,
        ]
        let merge = merges.randomElement(using: &random) ?? .scoreDescending
        let isInOrder = Bool.random(using: &random)
        let indexes = corpora.choices.randomElement(using: &random) ?? []
        // Without it nobody would know in which order a broker has all indexes.
        let wantsLedger =
            minimumCoverage != nil || indexes.isEmpty || Bool.random(using: &random)
        var batch: [SimulatedClient.Asked] = []
        for _ in 0..<count {
            // Equal items are searched for once.
            if let earlier = batch.randomElement(using: &random),
                Int.random(in: 0..<8, using: &random) == 0
            {
                batch.append(earlier)
                continue
            }
            let asked = SimulatedClient.Asked(
                indexes: indexes,
                text: (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    SimulatedCorpus.words[Int.random(in: 0..<6, using: &random)]
                }.joined(separator: " "),
                limit: Int.random(in: 0...20, using: &random),
                offset: Int.random(in: 0...5, using: &random),
                wantsDocuments: Bool.random(using: &random), minimumCoverage: minimumCoverage,
                merge: merge, wantsLedger: wantsLedger, isInOrder: isInOrder, isProbe: isProbe)
            batch.append(asked)
        }
        return batch
    }
}

// MARK: Operators

extension ClusterSimulation {
    /// Some clients also change how their broker works, and look at its status.
    private func planOperators() {
        for client in clients where client.name == "c0" || Bool.random(using: &random) {
            for _ in 0..<Int.random(in: 1...5, using: &random) { planRequests(of: client) }
            client.plannedRequests.sort { $0.at < $1.at }
        }
    }

    private func planRequests(of client: SimulatedClient) {
        let at = now + .milliseconds(Int.random(in: 0...8_000, using: &random))
        let name = randomWorker.name
        switch Int.random(in: 0..<5, using: &random) {
        case 0: client.plannedRequests.append((at, .status))
        case 1: client.plannedRequests.append((at, .administer(randomConfiguration())))
        case 2:
            client.plannedRequests.append((at, .administer(randomEnd(of: name))))
            // Only a supervisor can do that.
            let later = at + .milliseconds(Int.random(in: 100...4_000, using: &random))
            client.plannedRequests.append((later, .administer(randomStart(of: name))))
        default:
            var node = WireSetNode()
            node.name = name
            if Bool.random(using: &random) {
                node.weight = Double.random(in: 0.1...10, using: &random)
            } else {
                node.active = false
                var undo = node
                undo.active = true
                let later = at + .milliseconds(Int.random(in: 100...4_000, using: &random))
                client.plannedRequests.append((later, .administer(Self.admin(undo))))
            }
            client.plannedRequests.append((at, .administer(Self.admin(node))))
        }
    }

    /// A node is drained; it may be forgotten too.
    func randomEnd(of name: String) -> WireAdmin {
        var node = WireNodeName()
        node.name = name
        var admin = WireAdmin()
        admin.verb = Bool.random(using: &random) ? .drain(node) : .remove(node)
        return admin
    }

    /// A node is started again, or added anew.
    private func randomStart(of name: String) -> WireAdmin {
        var node = WireNodeName()
        node.name = name
        var new = WireNewNode()
        new.name = name
        var nodes = WireAddNodes()
        nodes.nodes = [new]
        var admin = WireAdmin()
        admin.verb = Bool.random(using: &random) ? .start(node) : .add(nodes)
        return admin
    }

    static func admin(_ node: WireSetNode) -> WireAdmin {
        var admin = WireAdmin()
        admin.node = node
        return admin
    }

    private func randomConfiguration() -> WireAdmin {
        var settings = WireClusterSettings()
        if Bool.random(using: &random) {
            settings.healthCheckMs = UInt32.random(in: 100...2_000, using: &random)
        }
        if Bool.random(using: &random) { settings.hedging = Bool.random(using: &random) }
        if Bool.random(using: &random) {
            settings.maxRetries = UInt32.random(in: 0...20, using: &random)
        }
        if Bool.random(using: &random),
            let strategy = LoadBalancing.allCases.randomElement(using: &random)
        {
            settings.loadBalancing = strategy.wire
        }
        var admin = WireAdmin()
        admin.configure = settings
        return admin
    }
}
