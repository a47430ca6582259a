import TestSupport
import WireProtocol

@testable import ClusterCore

/// What the shells and users of clients do in one turn.
extension ClusterSimulation {
    func turn(of client: SimulatedClient) {
        let local = client.local(now)
        for frames in client.socket.connection?.toPeer.takeDue(at: now) ?? [] {
            client.machine.receive(frames, at: local)
        }
        while let plan = client.planned.first, plan.at <= now {
            client.planned.removeFirst()
            submit(plan.batch, budget: plan.budget, from: client)
        }
        while let plan = client.plannedRequests.first, plan.at <= now {
            client.plannedRequests.removeFirst()
            ask(plan.request, from: client)
        }
        while let plan = client.plannedCancellations.first, plan.at <= now {
            client.plannedCancellations.removeFirst()
            cancel(plan, of: client)
        }
        client.machine.endTurn(at: local)
        for action in client.machine.takeActions() { carryOut(action, of: client) }
        client.wakesAt = client.global(client.machine.nextDeadline)
    }

    private func submit(
        _ batch: [SimulatedClient.Asked], budget: Duration, from client: SimulatedClient
    ) {
        let ticket = UInt64(client.batches.count + 1)
        client.batches[ticket] = batch
        if hasCancellations { planCancellations(of: ticket, client) }
        var settings = WireSubmit()
        settings.indexes = batch.first?.indexes ?? []
        settings.ledger = batch.first?.wantsLedger == true ? .full : .whenNotOk
        settings.loadBalancing =
            WireLoadBalancing.allCases.randomElement(using: &random) ?? .default
        settings.order = batch.first?.isInOrder == true ? .submission : .completion
        settings.merge = batch.first?.merge.wire ?? .mergeDefault
        if let coverage = batch.first?.minimumCoverage {
            settings.allowPartial = true
            settings.minCoverage = coverage
        }
        let items = batch.map { asked in
            var item = WireItem()
            item.text = asked.text
            item.limit = UInt32(asked.limit)
            item.offset = UInt32(asked.offset)
            item.documents = asked.wantsDocuments ? .source : .none
            return item
        }
        client.machine.submit(
            ClientBatch(
                settings: settings, items: items, budget: budget,
                priority: UInt8.random(in: 0...Header.maxPriority, using: &random)),
            as: ClientTicket(number: ticket), at: client.local(now))
    }

    private func ask(_ request: BrokerRequest, from client: SimulatedClient) {
        let ticket = UInt64(client.replies.count + 1)
        client.replies[ticket] = 0
        client.machine.ask(
            request, as: ClientTicket(number: ticket), within: .seconds(4), at: client.local(now))
    }

    func carryOut(_ action: ClientAction, of client: SimulatedClient) {
        switch action {
        case .send(let frames):
            if !send(frames, on: client.socket) {
                client.machine.sendBlocked(at: client.local(now))
            }
        case .reconnect(let broker):
            client.socket.disconnect(at: now, linger: .zero)
            client.socket.broker = broker
        case .answer(let ticket, let item, let outcome):
            client.batches[ticket.number]?[item].answers.append(outcome)
            client.batches[ticket.number]?[item].answeredAt = now
            client.answerOrder[ticket.number, default: []].append(item)
            if case .failure(let failure) = outcome {
                note(
                    "\(client.name): \(ticket.number)/\(item) \(failure.code.name) "
                        + failure.message)
            }
        case .done(let ticket): client.done.insert(ticket.number)
        case .reply(let ticket, let reply):
            client.replies[ticket.number, default: 0] += 1
            note("\(client.name): request \(ticket.number) \(Self.summary(of: reply))")
        case .log(_, let text): note("\(client.name): \(text)")
        case .closed: break
        }
    }

    private static func summary(of reply: Result<BrokerReply, ItemFailure>) -> String {
        switch reply {
        case .success(.status(let status)): "STATUS, \(status.workers.count) workers"
        case .success(.metrics): "METRICS"
        case .success(.settings): "is in force"
        case .failure(let failure): "\(failure.code.name) \(failure.message)"
        }
    }
}
