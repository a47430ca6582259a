/// What a supervisor must know to keep one process running.
package struct ChildSpecification: Hashable, Sendable {
    /// What the process does, which decides the order of stopping.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A coordinator; started first and stopped last, so that draining workers can still
        /// hand over their answers.
        case broker

        /// A node that serves shards.
        case worker
    }

    /// The name, unique within one supervisor.
    package let name: ChildName

    /// Broker or worker.
    package let kind: Kind

    /// The arguments after the executable's own name; the machine only carries them.
    package let arguments: [String]

    /// A child `name` of the given kind, started with `arguments`.
    package init(name: ChildName, kind: Kind, arguments: [String]) {
        self.name = name
        self.kind = kind
        self.arguments = arguments
    }
}
