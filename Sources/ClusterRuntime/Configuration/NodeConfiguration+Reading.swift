import ClusterCore
import SystemPackage

/// The names of processes and addresses given so far, to find the second use of one.
struct UniqueNames {
    private var firstUses: [String: String] = [:]

    /// Notes the use of `name` at `value`; an error if it has been used before.
    mutating func claim(_ name: String, at value: YAMLValue) throws(ConfigurationError) {
        if let first = firstUses.updateValue(value.key, forKey: name) {
            throw value.refused(
                found: "'\(name)', which \(first) has already", allowed: "a different one")
        }
    }
}

extension BrokerConfiguration {
    static func readAll(
        _ list: YAMLValue, runFolder: FilePath, insecure: Bool, names: inout UniqueNames
    ) throws(ConfigurationError) -> [BrokerConfiguration] {
        var brokers: [BrokerConfiguration] = []
        for element in try list.list(of: "brokers") {
            brokers.append(
                try read(element, runFolder: runFolder, insecure: insecure, names: &names))
        }
        guard !brokers.isEmpty else {
            throw list.refused(found: "an empty list", allowed: "at least one broker")
        }
        return brokers
    }

    private static func read(
        _ value: YAMLValue, runFolder: FilePath, insecure: Bool, names: inout UniqueNames
    ) throws(ConfigurationError) -> BrokerConfiguration {
        let fields = try YAMLMapping(
            value,
            known: ["name", "zone", "load_balancing", "clients", "workers", "health", "events"])
        let name = try NodeName.read(fields, names: &names)
        var endpoints: [Endpoint] = []
        for key in ["clients", "workers", "health", "events"] {
            let place = fields[key] ?? value
            let endpoint =
                try fields[key].map { (given) throws(ConfigurationError) in try read(given) }
                ?? Endpoint(ipc: runFolder.appending("\(name).\(key)"))
            try check(endpoint, at: place, insecure: insecure)
            try names.claim(endpoint.description, at: place)
            endpoints.append(endpoint)
        }
        return BrokerConfiguration(
            name: name, zone: try fields["zone"]?.name(),
            loadBalancing: try fields["load_balancing"].map(loadBalancing) ?? .adaptive,
            clients: endpoints[0], workers: endpoints[1], health: endpoints[2],
            events: endpoints[3])
    }

    private static func loadBalancing(
        _ value: YAMLValue
    ) throws(ConfigurationError) -> LoadBalancing {
        let rule = LoadBalancing.allCases.map(\.rawValue).joined(separator: ", ")
        guard let strategy = LoadBalancing(rawValue: try value.text(allowed: rule)) else {
            throw value.refused(allowed: rule)
        }
        return strategy
    }

    private static func read(_ value: YAMLValue) throws(ConfigurationError) -> Endpoint {
        guard let endpoint = Endpoint(try value.text(allowed: Endpoint.rule)) else {
            throw value.refused(allowed: Endpoint.rule)
        }
        return endpoint
    }

    private static func check(
        _ endpoint: Endpoint, at place: YAMLValue, insecure: Bool
    ) throws(ConfigurationError) {
        if endpoint.isTooLong {
            throw place.refused(
                found: "the socket path of '\(endpoint)'",
                allowed: "at most \(Endpoint.longestPathBytes) bytes of path; "
                    + "choose a shorter run folder")
        }
        if !insecure && !endpoint.isLocal {
            throw place.refused(
                found: "'\(endpoint)', which other hosts can reach without authentication",
                allowed: "ipc, tcp on 127.0.0.1, [::1] or localhost; anything with insecure: true")
        }
    }
}

extension WorkerConfiguration {
    static func readAll(
        _ list: YAMLValue?, names: inout UniqueNames
    ) throws(ConfigurationError) -> [WorkerConfiguration] {
        guard let list else { return [] }
        var workers: [WorkerConfiguration] = []
        for element in try list.list(of: "workers") {
            workers.append(try read(element, names: &names))
        }
        return workers
    }

    private static let defaultPool: ChildName = {
        guard let name = ChildName("default") else { preconditionFailure("a valid name") }
        return name
    }()

    private static func read(
        _ value: YAMLValue, names: inout UniqueNames
    ) throws(ConfigurationError) -> WorkerConfiguration {
        let fields = try YAMLMapping(
            value, known: ["name", "pool", "zone", "threads", "weight", "serve"])
        let name = try NodeName.read(fields, names: &names)
        let serve = try fields.required("serve", allowed: "a mapping of index names to shards")
        var served: [ServedIndex] = []
        for (key, shards) in try serve.entries(of: "index names to shards") {
            served.append(
                ServedIndex(index: try key.name(), shards: try ShardSelection.read(shards)))
        }
        guard !served.isEmpty else {
            throw serve.refused(found: "an empty mapping", allowed: "at least one index")
        }
        return WorkerConfiguration(
            name: name, pool: try fields["pool"]?.name() ?? defaultPool,
            zone: try fields["zone"]?.name(),
            threads: try fields.integer("threads", in: 1...256, default: 1),
            weight: try fields["weight"].map { value throws(ConfigurationError) in
                try value.number(in: NodeWeight.range)
            }, serve: served)
    }
}

extension ShardSelection {
    /// The most shards of one index.
    static let largestShardNumber = 65535

    fileprivate static func read(_ value: YAMLValue) throws(ConfigurationError) -> ShardSelection {
        let rule = "all, or a list of shard numbers such as [0, 1]"
        if value.isScalar {
            guard try value.text(allowed: rule) == "all" else {
                throw value.refused(allowed: rule)
            }
            return .all
        }
        var numbers: Set<UInt32> = []
        for element in try value.list(of: "shard numbers, or all") {
            let number = UInt32(try element.integer(in: 0...largestShardNumber))
            guard numbers.insert(number).inserted else {
                throw element.refused(found: "\(number) again", allowed: "each shard once")
            }
        }
        guard !numbers.isEmpty else {
            throw value.refused(found: "an empty list", allowed: rule)
        }
        return .only(shardNumbers: numbers.sorted())
    }
}

/// The `name` of a broker or worker: unique among both, and not that of the supervisor's own log.
private enum NodeName {
    static func read(
        _ fields: YAMLMapping, names: inout UniqueNames
    ) throws(ConfigurationError) -> ChildName {
        let value = try fields.required("name", allowed: ChildName.rule)
        let name = try value.name()
        guard name.text != "supervisor" else {
            throw value.refused(allowed: "another name; this one is the supervisor's own")
        }
        try names.claim(name.text, at: value)
        return name
    }
}
