import ClusterCore
import SystemPackage
import WireMessages

/// Reads what brokers order of the supervisor of a data folder.
struct OrderReader: Sendable {
    /// For error messages.
    let host: String
    /// The folder of the index folders.
    let dataFolder: FilePath
    /// The child that a worker is.
    let worker: @Sendable (WorkerConfiguration) -> ChildSpecification

    /// What a broker's message orders of a supervisor, which can carry it out.
    ///
    /// - Returns: the order, and of a node that is added its configuration.
    /// - Throws: `SupervisorOrderError` for a node that cannot be added, a verb that is not for
    ///   supervisors, or an order that this one cannot carry out.
    func order(
        _ admin: WireAdmin, of supervisor: Supervisor
    ) throws(SupervisorOrderError) -> (order: SupervisorOrder, added: WorkerConfiguration?) {
        let added = try configuration(added: admin)
        let order: SupervisorOrder =
            if let added { .add(worker(added)) } else { try Self.order(admin) }
        if let problem = supervisor.problem(with: order) { throw SupervisorOrderError(problem) }
        return (order, added)
    }

    /// An order about a node that is there.
    private static func order(_ admin: WireAdmin) throws(SupervisorOrderError) -> SupervisorOrder {
        switch admin.verb {
        case .remove(let node): return .remove(try name(node.name))
        case .drain(let node): return .stop(try name(node.name))
        case .start(let node): return .start(try name(node.name))
        case .stop:
            throw SupervisorOrderError("this cluster is part of a program, which stops it")
        case .add, .node, .configure, nil:
            throw SupervisorOrderError("this verb is not for supervisors")
        }
    }

    /// The worker that is to be added; nil for another verb.
    private func configuration(
        added admin: WireAdmin
    ) throws(SupervisorOrderError) -> WorkerConfiguration? {
        guard case .add(let added)? = admin.verb else { return nil }
        guard added.nodes.count == 1 else {
            throw SupervisorOrderError("\(added.nodes.count) nodes in one order; expected 1")
        }
        return try configuration(of: added.nodes[0])
    }

    /// The worker that an added node stands for: all shards of a local index.
    private func configuration(
        of node: WireNewNode
    ) throws(SupervisorOrderError) -> WorkerConfiguration {
        let scheme = "local://"
        guard node.endpoint.hasPrefix(scheme),
            let index = ChildName(String(node.endpoint.dropFirst(scheme.count)))
        else {
            throw SupervisorOrderError(
                "endpoint '\(node.endpoint)'; expected local://INDEX (remote workers add themselves)"
            )
        }
        guard FileCalls.exists(dataFolder.appending(index.text).appending("index.json")) else {
            throw SupervisorOrderError("there is no index '\(index)' in \(dataFolder) on \(host)")
        }
        guard node.threads <= 256 else {
            throw SupervisorOrderError("\(node.threads) threads; expected 1 to 256")
        }
        return WorkerConfiguration(
            name: try Self.name(node.name),
            pool: try Self.name(node.pool.isEmpty ? "default" : node.pool, "pool"),
            zone: node.zone.isEmpty ? nil : try Self.name(node.zone, "zone"),
            threads: max(1, Int(node.threads)), weight: node.weight == 0 ? nil : node.weight,
            serve: [ServedIndex(index: index, shards: .all)])
    }

    private static func name(
        _ text: String, _ field: String = "name"
    ) throws(SupervisorOrderError) -> ChildName {
        guard let name = ChildName(text) else {
            throw SupervisorOrderError("\(field) '\(text)'; expected \(ChildName.rule)")
        }
        return name
    }
}

/// Why a supervisor does not do what it is told.
struct SupervisorOrderError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
