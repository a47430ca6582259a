/// What an operator wants of the children of a running supervisor.
package enum SupervisorOrder: Hashable, Sendable {
    /// Start another worker and keep it running.
    case add(ChildSpecification)

    /// Drain a worker and forget it.
    case remove(ChildName)

    /// Drain a worker and start it no more, until `start`.
    case stop(ChildName)

    /// Start a worker that was stopped or given up.
    case start(ChildName)

    /// For the log.
    package var words: String {
        switch self {
        case .add: "add \(name)"
        case .remove: "drain and forget \(name)"
        case .stop: "drain \(name) and leave it ended"
        case .start: "start \(name)"
        }
    }

    /// The child it is about.
    package var name: ChildName {
        switch self {
        case .add(let specification): specification.name
        case .remove(let name), .stop(let name), .start(let name): name
        }
    }
}
