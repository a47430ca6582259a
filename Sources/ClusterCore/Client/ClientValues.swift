package import WireMessages
package import WireProtocol

/// One batch or one request to the broker itself of a client's user; chosen by the user, unique.
package struct ClientTicket: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
        self.number = number
    }
}

/// A batch to be searched: settings for all, and one message for each query.
package struct ClientBatch: Sendable {
    package var settings: WireSubmit
    package var items: [WireItem]
    /// For each item, from now on; also bounds how long the client waits for a broker. Nil for the one
    /// that the broker is configured with; a broker is then waited for `ClientSettings.brokerWait`.
    package var budget: Duration?
    /// From 0 to `Header.maxPriority`.
    package var priority: UInt8

    package init(
        settings: WireSubmit, items: [WireItem], budget: Duration?,
        priority: UInt8 = Header.defaultPriority
    ) {
        self.settings = settings
        self.items = items
        self.budget = budget
        self.priority = priority
    }
}

/// What a client asks of the broker itself.
package enum BrokerRequest: Sendable {
    case status
    case metrics
    case administer(WireAdmin)
}

/// The broker's answer to a `BrokerRequest`.
package enum BrokerReply: Sendable {
    case status(WireStatusReply)
    case metrics(WireMetricsReply)
    /// A change is in force; with it these are all settings.
    case settings(WireClusterSettings)
}

/// The answer to one item: hits in order, the documents if asked, totals and coverage.
package struct ItemAnswer: Sendable {
    package var hits: [WireHit]
    /// One for each hit, as JSON text; empty if none were asked.
    package var documents: [ArraySlice<UInt8>]
    package var meta: WireResultMeta
}

/// What a client asks its shell to do, in order.
package enum ClientAction: Sendable {
    case send([Frame])
    /// Close the socket and open a new one to the broker at this position of the list.
    case reconnect(broker: Int)
    /// An item's final answer; comes once for each item of a batch, in any order.
    case answer(ClientTicket, item: Int, Result<ItemAnswer, ItemFailure>)
    /// A batch has no items left.
    case done(ClientTicket)
    /// The answer to a request to the broker itself.
    case reply(ClientTicket, Result<BrokerReply, ItemFailure>)
    case log(LogLevel, String)
    /// Goodbye is said: the socket may close.
    case closed
}

/// Who a client is, and what it bounds.
package struct ClientSettings: Sendable {
    package var name: String
    /// Brokers to choose from, tried in turn from `firstBroker` on.
    package var brokerCount: Int
    package var firstBroker: Int
    /// Answers, and parts of answers, taken unacknowledged.
    package var resultWindow: Int
    /// Submissions refused with BUSY after which a batch fails.
    package var maxBusyAnswers = 600
    /// Waited for answers beyond a batch's budget, for the way there and back.
    package var answerGrace: Duration = .seconds(2)
    /// How long a batch without a budget of its own waits for a broker, each time that there is none.
    package var brokerWait = ProtocolLimits.defaultBudget

    package init(name: String, brokerCount: Int, firstBroker: Int = 0, resultWindow: Int = 1_024) {
        self.name = name
        self.brokerCount = brokerCount
        self.firstBroker = firstBroker
        self.resultWindow = resultWindow
    }
}
