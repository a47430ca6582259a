import WireMessages
package import WireProtocol

/// What a broker sends, and what is sent to it.
extension ClientCore {
    /// Takes a message of the broker. Never fails: a bad one is logged and dropped.
    package mutating func receive(_ frames: [Frame], at now: MonotonicInstant) {
        do {
            let message = try WireMessage.decode(frames)
            guard message.header.epoch == sessionID else { return }  // of an earlier session
            connection.heard(at: now)
            try handle(message, now)
        } catch {
            log(.warning, "the broker sent a message that is dropped: \(error)")
        }
    }

    private mutating func handle(
        _ message: WireMessage, _ now: MonotonicInstant
    ) throws(WireError) {
        switch message.header.command {
        case .welcome:
            let welcome: WireWelcome = try message.meta()
            connection.welcomed(epoch: welcome.epoch, pingMilliseconds: welcome.pingMs)
            if welcome.resultWindow > 0 { window = Int(welcome.resultWindow) }
            if welcome.defaultBudgetMs > 0 {
                brokerBudget = .milliseconds(Int64(welcome.defaultBudgetMs))
            }
        case .result: try result(message)
        case .results: try results(message)
        case .failed: try failed(message, now)
        case .statusReply:
            replied(.status(try message.meta()), to: message)
        case .metricsReply:
            replied(.metrics(try message.meta()), to: message)
        case .adminReply:
            let reply: WireAdminReply = try message.meta()
            replied(.settings(reply.settings), to: message)
        case .unknownPeer:
            connection.forgotten(at: now)
        case .pong, .accepted, .done: break
        default:
            log(.debug, "the broker sent \(message.header.command.name), which is not for clients")
        }
    }

    private mutating func replied(_ reply: BrokerReply, to message: WireMessage) {
        guard let open = brokerRequests.removeValue(forKey: message.header.id) else { return }
        actions.append(.reply(open.ticket, .success(reply)))
    }

    private mutating func result(_ message: WireMessage) throws(WireError) {
        consumed += 1
        let header = message.header
        guard let (item, ticket) = openItem(of: header.id, at: header.index) else { return }
        let meta: WireResultMeta = try message.meta()
        let hits: WireHits = try message.body(0)
        var documents: [ArraySlice<UInt8>] = []
        if message.bodyCount > 1 {
            documents = try DocumentArray.split(try message.bodyFrame(1))
            guard documents.count == hits.hits.count else {
                throw .malformedMessage(
                    type: "RESULT",
                    reason: "\(documents.count) documents for \(hits.hits.count) hits")
            }
        }
        let chunk = ItemAnswer(hits: hits.hits, documents: documents, meta: meta)
        try add(chunk, to: item, of: ticket, isFinal: header.flags.contains(.final))
    }

    private mutating func results(_ message: WireMessage) throws(WireError) {
        let answers = try message.answers()
        consumed += answers.count
        for answer in answers {
            guard let (item, ticket) = openItem(of: answer.request, at: answer.index) else {
                continue
            }
            let whole = ItemAnswer(hits: answer.hits.hits, documents: [], meta: answer.meta)
            do {
                try add(whole, to: item, of: ticket, isFinal: true)
            } catch {
                // The others have done nothing wrong.
                log(.warning, "the broker sent an answer that is dropped: \(error)")
            }
        }
    }

    /// The item that an answer is about, nil if it has ended.
    private func openItem(of request: UInt64, at index: UInt32) -> (Int, ClientTicket)? {
        guard let ticket = requests[request], let item = batches[ticket]?.item(at: index) else {
            return nil
        }
        return (item, ticket)
    }

    private mutating func add(
        _ chunk: ItemAnswer, to item: Int, of ticket: ClientTicket, isFinal: Bool
    ) throws(WireError) {
        guard let answer = try batches[ticket]?.add(chunk, to: item, isFinal: isFinal) else {
            return
        }
        close(item, of: ticket, .success(answer))
    }

    private mutating func failed(
        _ message: WireMessage, _ now: MonotonicInstant
    ) throws(WireError) {
        let failed: WireFailed = try message.meta()
        let header = message.header
        guard header.index == Header.noItem else {
            consumed += 1
            guard let (item, ticket) = openItem(of: header.id, at: header.index) else { return }
            return close(item, of: ticket, .failure(ItemFailure(wire: failed)))
        }
        guard connection.isJoined else {
            log(.warning, "the broker refuses this client: \(failed.message)")
            return connection.refused(
                at: now, random: Double.random(in: 0..<1, using: &random))
        }
        if let request = brokerRequests.removeValue(forKey: header.id) {
            actions.append(.reply(request.ticket, .failure(ItemFailure(wire: failed))))
        } else if let ticket = requests.removeValue(forKey: header.id) {
            submissionRefused(ticket, failed, now)
        } else {
            log(.warning, "the broker says \(failed.code.name): \(failed.message)")
        }
    }

    /// BUSY is tried again after about the time the broker names, inside the budget (for a batch without
    /// one, the broker's); where that time is all the budget has left, and for any other reason, the
    /// batch fails at once.
    private mutating func submissionRefused(
        _ ticket: ClientTicket, _ failed: WireFailed, _ now: MonotonicInstant
    ) {
        guard failed.code == .busy, let batch = batches[ticket],
            batch.busyAnswers < settings.maxBusyAnswers
        else { return failOpenItems(of: ticket, ItemFailure(wire: failed)) }
        let wait = Duration.milliseconds(max(Int64(failed.retryAfterMs), 10))
        let left = now.duration(to: batch.lastRetry(brokerBudget))
        guard wait < left else { return failOpenItems(of: ticket, ItemFailure(wire: failed)) }
        let latest = min(1.5, left / wait)
        batches[ticket]?.refused(
            until: now + wait * Double.random(in: 0.5..<latest, using: &random))
    }

    private mutating func close(
        _ item: Int, of ticket: ClientTicket, _ outcome: Result<ItemAnswer, ItemFailure>
    ) {
        batches[ticket]?.close(item)
        actions.append(.answer(ticket, item: item, outcome))
        guard let batch = batches[ticket], batch.openCount == 0 else { return }
        if let request = batch.request { requests[request] = nil }
        batches[ticket] = nil
        actions.append(.done(ticket))
    }

    /// Submits the batches that no request carries, oldest ticket first.
    mutating func submitDueBatches(_ now: MonotonicInstant) {
        let due = batches.filter { $0.value.request == nil && $0.value.notBefore <= now }
        for ticket in due.keys.sorted(by: { $0.number < $1.number }) {
            guard let batch = batches[ticket] else { continue }
            let left = now.duration(to: batch.itemDeadline)
            guard left > .zero else { continue }
            // Rounded up, so that a budget of a millisecond is sent at all.
            let budget = (left + .nanoseconds(999_999)).wholeMilliseconds
            lastRequest += 1
            var header = Header(
                .submit, id: lastRequest, epoch: sessionID,
                budgetMilliseconds: batch.isBudgetOfBroker ? 0 : budget)
            header.attempt = batch.submissions
            header.priority = batch.priority
            let items = batches[ticket]?.submitted(as: lastRequest, at: now) ?? []
            let message = WireMessage(header, frames: [batch.settings, items])
            do {
                // What no broker takes is not sent either: libzmq would refuse to.
                try message.checkLimits()
            } catch {
                failOpenItems(of: ticket, ItemFailure(error.code, "\(error)"))
                continue
            }
            requests[lastRequest] = ticket
            send(message, now)
        }
    }

    mutating func sendBrokerRequests(_ now: MonotonicInstant) {
        for id in brokerRequests.keys.sorted() {
            guard let request = brokerRequests[id], !request.isSent else { continue }
            brokerRequests[id]?.isSent = true
            switch request.request {
            case .status:
                send(Header(.status, id: id, epoch: sessionID), WireStatusRequest(), now)
            case .metrics:
                send(Header(.metrics, id: id, epoch: sessionID), WireMetricsRequest(), now)
            case .administer(let change):
                send(Header(.admin, id: id, epoch: sessionID), change, now)
            }
        }
    }

    /// Acknowledges what was consumed, once it is enough to be worth a message.
    mutating func giveCredit(_ now: MonotonicInstant, atLeast count: Int) {
        guard consumed >= count else { return }
        var credit = WireCredit()
        credit.results = UInt32(clamping: consumed)
        consumed = 0
        send(Header(.credit, epoch: sessionID), credit, now)
    }
}

extension ItemFailure {
    /// From a FAILED message.
    package init(wire: WireFailed) {
        self.init(
            wire.code, wire.message, position: wire.hasPosition ? Int(wire.position) : nil)
        retryAfterMilliseconds = wire.retryAfterMs
        coverage = wire.hasCoverage ? wire.coverage : nil
    }
}
