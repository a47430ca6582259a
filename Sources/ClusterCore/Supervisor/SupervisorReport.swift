/// The state of all children of a supervisor: what brokers are told after every change.
package struct SupervisorReport: Hashable, Sendable {
    /// One entry per child: brokers first, then workers, each in the configuration's order.
    package let children: [ChildReport]

    /// The last that an operator had removed, as they ended; oldest first.
    package let removed: [ChildReport]

    /// The state of `children`.
    package init(children: [ChildReport], removed: [ChildReport] = []) {
        self.children = children
        self.removed = removed
    }
}

/// The state of one child.
package struct ChildReport: Hashable, Sendable {
    /// The child.
    package let name: ChildName

    /// Broker or worker.
    package let kind: ChildSpecification.Kind

    /// Where it stands.
    package let state: ChildState

    /// Its running process; nil when there is none.
    package let process: ProcessID?

    /// How many times it was started again.
    package let restarts: Int

    /// How its latest process ended, or why it could not be started; nil before the first end.
    package let lastExit: LastExit?

    /// The state of the child `name`.
    package init(
        name: ChildName, kind: ChildSpecification.Kind, state: ChildState, process: ProcessID?,
        restarts: Int, lastExit: LastExit?
    ) {
        self.name = name
        self.kind = kind
        self.state = state
        self.process = process
        self.restarts = restarts
        self.lastExit = lastExit
    }
}

/// The end of a child's latest process.
package struct LastExit: Hashable, Sendable {
    /// The process that ended; nil when it could not even be started.
    package let process: ProcessID?

    /// What happened, in words.
    package let reason: String

    /// Whether it ended by itself with code 0.
    package let isOrderly: Bool

    /// The end of `process` for `reason`.
    package init(process: ProcessID?, reason: String, isOrderly: Bool = false) {
        self.process = process
        self.reason = reason
        self.isOrderly = isOrderly
    }
}
