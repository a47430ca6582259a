/// How tasks at workers ended. With those in flight the counts sum to the tasks sent.
package struct CallCounters: Sendable, Equatable {
    /// With an answer that was wanted.
    package private(set) var answered: UInt64 = 0
    /// The worker had no room, or drains.
    package private(set) var busy: UInt64 = 0
    /// With any other reason why there is no answer.
    package private(set) var failed: UInt64 = 0
    /// With the worker's session.
    package private(set) var lost: UInt64 = 0
    /// Given up before, because another replica had answered or the item had ended.
    package private(set) var abandoned: UInt64 = 0

    /// A worker is done with a task, whatever it says.
    mutating func taken(isWanted: Bool) {
        if isWanted { answered += 1 } else { abandoned += 1 }
    }

    /// What the worker says of the wanted task just taken is that it has no answer.
    mutating func refused(isBusy: Bool) {
        answered -= 1
        if isBusy { busy += 1 } else { failed += 1 }
    }

    mutating func lost(isWanted: Bool) {
        if isWanted { lost += 1 } else { abandoned += 1 }
    }
}

/// Why the part of an item is given to a replica anew.
package enum RetryReason: String, CaseIterable, Sendable {
    /// The worker had no room.
    case busy
    /// The worker died.
    case lost
    /// The worker is silent, but not taken for dead yet.
    case suspected
    /// The worker drains, or said goodbye with tasks in flight.
    case left
    /// The worker that found the hits has gone before it gave their documents.
    case documentsGone = "documents_gone"
}

/// Parts given to a replica anew, by the reason.
package struct RetryCounters: Sendable, Equatable {
    private var busy: UInt64 = 0
    private var lost: UInt64 = 0
    private var suspected: UInt64 = 0
    private var left: UInt64 = 0
    private var documentsGone: UInt64 = 0

    mutating func count(_ reason: RetryReason) {
        switch reason {
        case .busy: busy += 1
        case .lost: lost += 1
        case .suspected: suspected += 1
        case .left: left += 1
        case .documentsGone: documentsGone += 1
        }
    }

    /// How often a reason was counted.
    package subscript(reason: RetryReason) -> UInt64 {
        switch reason {
        case .busy: busy
        case .lost: lost
        case .suspected: suspected
        case .left: left
        case .documentsGone: documentsGone
        }
    }
}
