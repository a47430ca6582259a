package import ClusterCore
package import SystemPackage

/// What one `cluster.yaml` says: the processes of one supervisor, their folders and sockets.
///
/// docs/operations.md describes every key. All values are checked; folders are absolute, and need
/// not exist yet.
package struct ClusterConfiguration: Hashable, Sendable {
    /// The name of the cluster, shown in logs and status.
    package let name: ChildName

    /// The folder of the index folders: index `debian` is `DATA/debian`.
    package let dataFolder: FilePath

    /// The folder of sockets and lock files; for its owner only.
    package let runFolder: FilePath

    /// The folder of the children's log files.
    package let logFolder: FilePath

    /// The folder of the children's metrics files; nil for none.
    package let metricsFolder: FilePath?

    /// Whether addresses that other hosts can reach are allowed, without any authentication.
    package let allowsInsecure: Bool

    /// The brokers, at least one.
    package let brokers: [BrokerConfiguration]

    /// The workers; may be none.
    package let workers: [WorkerConfiguration]

    /// How long the loops of brokers and workers may look for the next message before they sleep.
    package let busyPoll: BusyPollTime

    /// When children are restarted and how long they may take to start and end.
    package let restartPolicy: RestartPolicy

    /// A configuration from values that were checked already.
    package init(
        name: ChildName, dataFolder: FilePath, runFolder: FilePath, logFolder: FilePath,
        metricsFolder: FilePath? = nil, allowsInsecure: Bool, brokers: [BrokerConfiguration],
        workers: [WorkerConfiguration], busyPoll: BusyPollTime,
        restartPolicy: RestartPolicy
    ) {
        self.name = name
        self.dataFolder = dataFolder
        self.runFolder = runFolder
        self.logFolder = logFolder
        self.metricsFolder = metricsFolder
        self.allowsInsecure = allowsInsecure
        self.brokers = brokers
        self.workers = workers
        self.busyPoll = busyPoll
        self.restartPolicy = restartPolicy
    }

    /// The folder of the index `index`.
    package func folder(ofIndex index: ChildName) -> FilePath {
        dataFolder.appending(index.text)
    }

    /// The broker named `name`.
    package func broker(_ name: ChildName) -> BrokerConfiguration? {
        brokers.first { $0.name == name }
    }

    /// The worker named `name`.
    package func worker(_ name: ChildName) -> WorkerConfiguration? {
        workers.first { $0.name == name }
    }
}

/// One broker process.
package struct BrokerConfiguration: Hashable, Sendable {
    /// Its name.
    package let name: ChildName

    /// Where it is: workers of the same zone are preferred; nil for no preference.
    package let zone: ChildName?

    /// How replicas are chosen where a search does not say.
    package let loadBalancing: LoadBalancing

    /// Where it takes requests of clients (ROUTER).
    package let clients: Endpoint

    /// Where workers and supervisors connect (ROUTER).
    package let workers: Endpoint

    /// Where workers publish their health (SUB, bound).
    package let health: Endpoint

    /// Where it publishes events (XPUB).
    package let events: Endpoint

    /// A broker at these endpoints.
    package init(
        name: ChildName, zone: ChildName? = nil, loadBalancing: LoadBalancing = .adaptive,
        clients: Endpoint, workers: Endpoint, health: Endpoint, events: Endpoint
    ) {
        self.name = name
        self.zone = zone
        self.loadBalancing = loadBalancing
        self.clients = clients
        self.workers = workers
        self.health = health
        self.events = events
    }
}

/// One worker process.
package struct WorkerConfiguration: Hashable, Sendable {
    /// Its name.
    package let name: ChildName

    /// The set of workers it belongs to.
    package let pool: ChildName

    /// Where it is: brokers of the same zone prefer it.
    package let zone: ChildName?

    /// Its number of search threads, 1 to 256.
    package let threads: Int

    /// Its share of the tasks, compared with other replicas'; nil for its number of threads.
    package let weight: Double?

    /// What it serves: at least one index, each once, in the order of the file.
    package let serve: [ServedIndex]

    /// A worker that serves `serve`, which names at least one index.
    package init(
        name: ChildName, pool: ChildName, zone: ChildName? = nil, threads: Int,
        weight: Double? = nil, serve: [ServedIndex]
    ) {
        self.name = name
        self.pool = pool
        self.zone = zone
        self.threads = threads
        self.weight = weight
        self.serve = serve
    }
}

/// An index that a worker serves.
package struct ServedIndex: Hashable, Sendable {
    /// The name of the index, which is the name of its folder.
    package let index: ChildName

    /// Which of its shards.
    package let shards: ShardSelection

    /// The given shards of `index`.
    package init(index: ChildName, shards: ShardSelection) {
        self.index = index
        self.shards = shards
    }
}

/// Some or all shards of an index.
package enum ShardSelection: Hashable, Sendable {
    /// Every shard the index has.
    case all

    /// The shards with these numbers, counted from 0: at least one, ascending, none twice.
    case only(shardNumbers: [UInt32])
}
