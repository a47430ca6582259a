import WireMessages

/// What a broker counts; plain numbers, since some grow with every task.
package struct BrokerCounters: Sendable {
    /// Items of SUBMITs that were not refused.
    package var itemsAccepted: UInt64 = 0
    /// Items that ended with an answer.
    package var itemsCompleted: UInt64 = 0
    /// Accepted items that ended without one, but for cancelled ones.
    package var itemsFailed: UInt64 = 0
    /// Items that their client cancelled, or left behind.
    package var itemsCancelled: UInt64 = 0
    /// Items of SUBMITs that were refused.
    package var itemsRefused: UInt64 = 0
    /// Items answered by the search of an equal one of their batch.
    package var itemsShared: UInt64 = 0
    /// Searches and fetches given to workers, repeated ones included.
    package var tasksSent: UInt64 = 0
    /// Searches given to a worker again, after the one before came to nothing.
    package var tasksResent: UInt64 = 0
    /// Searches given to a second worker because they were late.
    package var tasksHedged: UInt64 = 0
    /// Answers to tasks that are not in flight, and messages of another epoch.
    package var staleReplies: UInt64 = 0
    /// Messages that could not be read.
    package var malformedMessages: UInt64 = 0
    /// Sessions of workers that ended without a GOODBYE.
    package var workersLost: UInt64 = 0
    /// Messages to peers whose connection is gone.
    package var unroutableSends: UInt64 = 0
    /// Messages to peers that take none at present.
    package var blockedSends: UInt64 = 0
    /// Queries found to end the workers they are given to.
    package var queriesPoisoned: UInt64 = 0
    /// Times that such a query was not tried again.
    package var poisonRefused: UInt64 = 0
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
