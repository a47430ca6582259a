import WireMessages

/// What a broker counts; plain numbers, since some grow with every task.
struct BrokerCounters: Sendable {
    var itemsAccepted: UInt64 = 0
    var itemsCompleted: UInt64 = 0
    var itemsFailed: UInt64 = 0
    var itemsCancelled: UInt64 = 0
    var itemsRefused: UInt64 = 0
    var itemsShared: UInt64 = 0
    var tasksSent: UInt64 = 0
    var tasksResent: UInt64 = 0
    var tasksHedged: UInt64 = 0
    var staleReplies: UInt64 = 0
    var malformedMessages: UInt64 = 0
    var workersLost: UInt64 = 0
    var unroutableSends: UInt64 = 0
    var blockedSends: UInt64 = 0
    /// Answers that lack shards.
    var partialResults: UInt64 = 0
    /// How tasks ended; those in flight have not.
    var calls = CallCounters()
    /// Parts made ready again, by the reason.
    var retries = RetryCounters()

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
