package import ClusterCore
package import SystemPackage

/// Everything a supervisor needs: its children as commands, and where they all listen.
package struct SupervisorPlan: Sendable {
    package let name: String
    package let host: String
    package let executable: FilePath
    package let children: [ChildSpecification]
    package let policy: RestartPolicy
    package let brokers: [SupervisedBroker]
    /// Where workers' health reports come in.
    package let healthEndpoint: String
    package let log: ChildLog
    /// Holds the sockets, and the lock that keeps a second supervisor out.
    package let runFolder: FilePath
    /// Reads what brokers want of the children.
    let orders: OrderReader

    /// From a cluster's configuration.
    ///
    /// - Parameter executable: the `swiftlet` program that every child runs.
    package init(_ configuration: ClusterConfiguration, executable: FilePath) {
        name = configuration.name.text
        host = ProcessCalls.hostName
        self.executable = executable
        policy = configuration.restartPolicy
        log = ChildLog(folder: configuration.logFolder)
        runFolder = configuration.runFolder
        let health = Endpoint(ipc: configuration.runFolder.appending("supervisor.health"))
        healthEndpoint = health.description
        brokers = configuration.brokers.map {
            SupervisedBroker(name: $0.name.text, endpoint: $0.workers.description)
        }
        let worker: @Sendable (WorkerConfiguration) -> ChildSpecification = {
            Self.child($0, of: configuration, health: health)
        }
        orders = OrderReader(host: host, dataFolder: configuration.dataFolder, worker: worker)
        children =
            configuration.brokers.map { Self.child($0, of: configuration) }
            + configuration.workers.map(worker)
    }

    /// The arguments that every child has: how long its loop stays awake, and the file for its metrics, if
    /// there is a folder for them.
    private static func common(
        of child: ChildName, _ configuration: ClusterConfiguration
    ) -> [String] {
        let busyPoll = ["--busy-poll-us", "\(configuration.busyPoll.microseconds)"]
        guard let folder = configuration.metricsFolder else { return busyPoll }
        return busyPoll + ["--metrics-file", folder.appending("\(child).prom").string]
    }

    private static func child(
        _ broker: BrokerConfiguration, of configuration: ClusterConfiguration
    ) -> ChildSpecification {
        var arguments = [
            "broker", "--name", broker.name.text,
            "--load-balancing", broker.loadBalancing.rawValue,
            "--clients", broker.clients.description,
            "--workers", broker.workers.description,
            "--health", broker.health.description,
            "--events", broker.events.description,
        ]
        if let zone = broker.zone { arguments += ["--zone", zone.text] }
        arguments += common(of: broker.name, configuration)
        return ChildSpecification(
            name: broker.name, kind: .broker, arguments: arguments + [LifeLine.argument])
    }

    private static func child(
        _ worker: WorkerConfiguration, of configuration: ClusterConfiguration, health: Endpoint
    ) -> ChildSpecification {
        var arguments = [
            "worker", "--name", worker.name.text, "--pool", worker.pool.text,
            "--threads", "\(worker.threads)", "--data", configuration.dataFolder.string,
        ]
        if let zone = worker.zone { arguments += ["--zone", zone.text] }
        arguments += common(of: worker.name, configuration)
        if let weight = worker.weight { arguments += ["--weight", "\(weight)"] }
        for served in worker.serve {
            arguments += ["--serve", "\(served.index.text)=\(served.shards.argument)"]
        }
        for broker in configuration.brokers {
            arguments += ["--broker", broker.workers.description]
        }
        for endpoint in configuration.brokers.map(\.health) + [health] {
            arguments += ["--health", endpoint.description]
        }
        return ChildSpecification(
            name: worker.name, kind: .worker, arguments: arguments + [LifeLine.argument])
    }
}

extension ShardSelection {
    /// The form in a worker's arguments: `all`, or numbers with commas.
    package var argument: String {
        switch self {
        case .all: "all"
        case .only(let numbers): numbers.map { "\($0)" }.joined(separator: ",")
        }
    }
}
