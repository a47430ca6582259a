import ClusterCore
import ClusterRuntime
import SystemPackage
import Testing

struct ClusterConfigurationTests {
    private func parse(_ text: String) throws(ConfigurationError) -> ClusterConfiguration {
        try .parse(text, file: "cluster.yaml", folder: "/etc/swiftlet")
    }

    private let minimal = """
        name: quickstart
        data: data
        run: /run/swiftlet
        logs: ../log
        brokers:
          - name: broker-1
        """

    @Test func `what is absent has its default`() throws {
        let configuration = try parse(minimal)
        #expect(configuration.name.text == "quickstart")
        #expect(configuration.dataFolder == "/etc/swiftlet/data")
        #expect(configuration.runFolder == "/run/swiftlet")
        #expect(configuration.logFolder == "/etc/log")
        #expect(configuration.metricsFolder == nil)
        #expect(configuration.workers.isEmpty)
        #expect(!configuration.allowsInsecure)
        #expect(configuration.restartPolicy == RestartPolicy())
        #expect(configuration.busyPoll.microseconds == 200)
        let broker = try #require(configuration.brokers.first)
        #expect(broker.clients.description == "ipc:///run/swiftlet/broker-1.clients")
        #expect(broker.workers.description == "ipc:///run/swiftlet/broker-1.workers")
        #expect(broker.health.description == "ipc:///run/swiftlet/broker-1.health")
    }

    @Test func `every key is read`() throws {
        let configuration = try parse(
            """
            name: c
            data: /d
            run: /r
            logs: /l
            metrics: ../m
            insecure: true
            busy_poll_us: 50
            brokers:
              - { name: b, zone: east, load_balancing: round_robin, clients: "tcp://*:7400", workers: "tcp://[::1]:7401",
                health: ipc:///r/h }
            workers:
              - { name: w1, pool: fast, zone: west, threads: 4, weight: 2.5, serve: { debian: [1, 0], news: all } }
              - { name: w2, serve: { debian: all } }
            restart: { strategy: one_for_one, limit: 7, period_s: 90, backoff_ms: 200,
              backoff_max_s: 9, backoff_quick_ms: 10, stable_s: 3, start_timeout_s: 4, grace_s: 0 }
            """)
        #expect(configuration.metricsFolder == "/etc/m")
        let brokerName = try #require(ChildName("b"))
        let broker = try #require(configuration.broker(brokerName))
        #expect(broker.clients.transport == .tcp(host: "*", port: 7400))
        #expect(broker.workers.transport == .tcp(host: "[::1]", port: 7401))
        let workerName = try #require(ChildName("w1"))
        let worker = try #require(configuration.worker(workerName))
        #expect(worker.pool.text == "fast")
        #expect(worker.threads == 4)
        #expect(worker.zone?.text == "west")
        #expect(worker.weight == 2.5)
        #expect(broker.zone?.text == "east")
        #expect(broker.loadBalancing == .roundRobin)
        #expect(worker.serve.map(\.index.text) == ["debian", "news"])
        #expect(worker.serve.map(\.shards) == [.only(shardNumbers: [0, 1]), .all])
        #expect(configuration.workers.last?.pool.text == "default")
        #expect(configuration.workers.last?.threads == 1)
        var policy = RestartPolicy()
        policy.limit = 7
        policy.period = .seconds(90)
        policy.backoff = .milliseconds(200)
        policy.backoffMaximum = .seconds(9)
        policy.quickBackoff = .milliseconds(10)
        policy.stableAfter = .seconds(3)
        policy.startTimeout = .seconds(4)
        policy.grace = .zero
        #expect(configuration.restartPolicy == policy)
        #expect(configuration.busyPoll.microseconds == 50)
        for child in SupervisorPlan(configuration, executable: "/swiftlet").children {
            let place = try #require(child.arguments.firstIndex(of: "--busy-poll-us"))
            #expect(child.arguments[place + 1] == "50")
        }
        let index = try #require(ChildName("debian"))
        #expect(configuration.folder(ofIndex: index) == "/d/debian")
    }

    /// What is put in place of, or after, the minimal text, and what its error must say.
    struct Refusal: Sendable {
        let text: String
        let line: Int?
        let key: String
        let says: String
    }

    static let head = "name: c\ndata: /d\nrun: /r\nlogs: /l\n"
    static let broker = head + "brokers: [{name: b}]\n"

    static let refusals = [
        Refusal(text: "", line: nil, key: "", says: "an empty file"),
        Refusal(text: "- a\n", line: 1, key: "", says: "found a list"),
        Refusal(text: "a: [\n", line: 2, key: "", says: "not YAML"),
        Refusal(text: "name: c\nname: d\n", line: 1, key: "", says: "not YAML"),
        Refusal(text: head, line: 1, key: "brokers", says: "no such key"),
        Refusal(text: head + "brokers: []\n", line: 5, key: "brokers", says: "at least one broker"),
        Refusal(
            text: head + "brokers:\n  - {}\n", line: 6, key: "brokers[0].name", says: "no such key"),
        Refusal(text: broker + "worker: []\n", line: 6, key: "", says: "did you mean workers?"),
        Refusal(
            text: broker + "busy_poll_us: 10001\n", line: 6, key: "busy_poll_us",
            says: "found '10001'; allowed: a whole number from 0 to 10000"),
        Refusal(text: broker + "colour: red\n", line: 6, key: "", says: "unknown key 'colour'"),
        Refusal(
            text: broker + "workers: [{name: w, treads: 1}]\n", line: 6, key: "workers[0]",
            says: "did you mean threads?"),
        Refusal(
            text: broker + "workers:\n  - name: w\n    threads: many\n    serve: {i: all}\n",
            line: 8, key: "workers[0].threads",
            says: "found 'many'; allowed: a whole number from 1 to 256"),
        Refusal(
            text: broker + "workers: [{name: w, threads: 0, serve: {i: all}}]\n", line: 6,
            key: "workers[0].threads", says: "found '0'"),
        Refusal(
            text: broker + "workers: [{name: w, weight: 0, serve: {i: all}}]\n", line: 6,
            key: "workers[0].weight", says: "found '0'; allowed: a number from 0.001 to 1000000.0"),
        Refusal(
            text: head + "brokers: [{name: b, load_balancing: best}]\n", line: 5,
            key: "brokers[0].load_balancing",
            says: "found 'best'; allowed: round_robin, weighted_round_robin"),
        Refusal(
            text: broker + "workers: [{name: w}]\n", line: 6, key: "workers[0].serve",
            says: "no such key"),
        Refusal(
            text: broker + "workers: [{name: w, serve: {}}]\n", line: 6, key: "workers[0].serve",
            says: "at least one index"),
        Refusal(
            text: broker + "workers: [{name: w, serve: {i: some}}]\n", line: 6,
            key: "workers[0].serve.i", says: "found 'some'; allowed: all, or a list"),
        Refusal(
            text: broker + "workers: [{name: w, serve: {i: [1, 1]}}]\n", line: 6,
            key: "workers[0].serve.i[1]", says: "1 again"),
        Refusal(
            text: broker + "workers: [{name: w, serve: {i: [-1]}}]\n", line: 6,
            key: "workers[0].serve.i[0]", says: "found '-1'"),
        Refusal(
            text: broker + "workers: [{name: w, serve: {i: []}}]\n", line: 6,
            key: "workers[0].serve.i", says: "an empty list"),
        Refusal(
            text: broker + "workers: [{name: w, serve: {../i: all}}]\n", line: 6,
            key: "workers[0].serve", says: "found '../i'"),
        Refusal(
            text: broker + "workers: [{name: b, serve: {i: all}}]\n", line: 6,
            key: "workers[0].name", says: "'b', which brokers[0].name has already"),
        Refusal(
            text: broker + "workers: [{name: supervisor, serve: {i: all}}]\n", line: 6,
            key: "workers[0].name", says: "the supervisor's own"),
        Refusal(
            text: head + "brokers: [{name: b, clients: 'ipc:///x', health: 'ipc:///x'}]\n", line: 5,
            key: "brokers[0].health", says: "which brokers[0].clients has already"),
        Refusal(
            text: head + "brokers: [{name: b, clients: 'tcp://0.0.0.0:7'}]\n", line: 5,
            key: "brokers[0].clients", says: "without authentication"),
        Refusal(
            text: head + "brokers: [{name: b, clients: 'tcp://127.0.0.1'}]\n", line: 5,
            key: "brokers[0].clients", says: "allowed: ipc:///ABSOLUTE/PATH"),
        Refusal(
            text: head
                + "brokers: [{name: b, clients: 'ipc:///\(String(repeating: "x", count: 107))'}]\n",
            line: 5, key: "brokers[0].clients", says: "at most 107 bytes"),
        Refusal(
            text: "name: c\ndata: /d\nlogs: /l\nrun: /\(String(repeating: "x", count: 100))\n"
                + "brokers: [{name: b}]\n",
            line: 5, key: "brokers[0]", says: "/b.clients"),
        Refusal(
            text: broker + "insecure: maybe\n", line: 6, key: "insecure", says: "true or false"),
        Refusal(
            text: broker + "workers: none\n", line: 6, key: "workers", says: "a list of workers"),
        Refusal(
            text: "name: c\ndata:\nrun: /r\nlogs: /l\nbrokers: [{name: b}]\n", line: 2, key: "data",
            says: "found nothing"),
        Refusal(
            text: broker + "restart: {strategy: one_for_all}\n", line: 6, key: "restart.strategy",
            says: "found 'one_for_all'; allowed: one_for_one"),
        Refusal(
            text: broker + "restart: {limit: -1}\n", line: 6, key: "restart.limit",
            says: "from 0 to 1000"),
        Refusal(
            text: broker + "restart: {backoff_ms: 2000, backoff_max_s: 1}\n", line: 6,
            key: "restart.backoff_ms", says: "at most backoff_max_s"),
    ]

    @Test(arguments: refusals)
    func `a refused file names line, key, value and what is allowed`(refusal: Refusal) throws {
        let error = try #require(throws: ConfigurationError.self) { try parse(refusal.text) }
        #expect(error.line == refusal.line)
        #expect(error.key == refusal.key)
        #expect(error.description.contains(refusal.says), "\(error)")
        let place = refusal.line.map { "cluster.yaml:\($0): " } ?? "cluster.yaml: "
        #expect(error.description.hasPrefix(place))
    }

    @Test(arguments: [
        "tcp://127.0.0.1:7400", "tcp://localhost:1", "tcp://[::1]:65535", "ipc:///a",
    ])
    func `what only this host can reach is local`(text: String) {
        #expect(Endpoint(text)?.isLocal == true)
        #expect(Endpoint(text)?.description == text)
    }

    @Test(arguments: [
        "tcp://0.0.0.0:7400", "tcp://*:1", "tcp://example.org:1", "tcp://127.0.0.1.example.org:1",
        "tcp://[::]:1", "tcp://127.1:1",
    ])
    func `what other hosts might reach is not local`(text: String) {
        #expect(Endpoint(text)?.isLocal == false)
    }

    @Test(arguments: [
        "", "ipc://", "ipc:///", "ipc://relative", "tcp://host", "tcp://:1", "tcp://h:0",
        "tcp://h:65536", "tcp://h:x", "tcp://::1:5", "udp://h:1", "inproc://x", "tcp://a/b:1",
    ])
    func `a malformed endpoint is refused`(text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test func `a missing file is an error that names it`() {
        let error = #expect(throws: ConfigurationError.self) {
            try ClusterConfiguration.load("/nowhere/cluster.yaml")
        }
        #expect(error?.description.hasPrefix("/nowhere/cluster.yaml: ") == true)
    }

    @Test func `no truncation of a file makes the reader trap`() throws {
        let text = Self.broker + "workers: [{name: w, pool: p, threads: 2, serve: {i: [0, 1]}}]\n"
        _ = try parse(text)
        for length in 0..<text.count {
            _ = try? parse(String(text.prefix(length)))
        }
    }
}
