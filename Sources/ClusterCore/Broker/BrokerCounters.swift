import WireMessages

/// What a broker counts; plain numbers, since some grow with every task.
package struct BrokerCounters: Sendable {
    package var itemsAccepted: UInt64 = 0
    package var itemsCompleted: UInt64 = 0
    package var itemsFailed: UInt64 = 0
    package var itemsCancelled: UInt64 = 0
    package var itemsRefused: UInt64 = 0
    package var itemsShared: UInt64 = 0
    package var tasksSent: UInt64 = 0
    package var tasksResent: UInt64 = 0
    package var tasksHedged: UInt64 = 0
    package var staleReplies: UInt64 = 0
    package var malformedMessages: UInt64 = 0
    package var workersLost: UInt64 = 0
    package var unroutableSends: UInt64 = 0
    package var blockedSends: UInt64 = 0
    /// Answers that lack shards.
    package var partialResults: UInt64 = 0
    /// How tasks ended; those in flight have not.
    package var calls = CallCounters()
    /// Parts made ready again, by the reason.
    package var retries = RetryCounters()

    /// The form on the wire, without what is not counted.
    var wire: WireBrokerStatus {
        var status = WireBrokerStatus()
        status.itemsAccepted = itemsAccepted
        status.itemsCompleted = itemsCompleted
        status.itemsFailed = itemsFailed
        status.itemsCancelled = itemsCancelled
        status.itemsRefused = itemsRefused
        status.itemsShared = itemsShared
        status.tasksSent = tasksSent
        status.tasksResent = tasksResent
        status.tasksHedged = tasksHedged
        status.staleReplies = staleReplies
        status.malformedMessages = malformedMessages
        status.workersLost = workersLost
        status.unroutableSends = unroutableSends
        status.blockedSends = blockedSends
        return status
    }
}
