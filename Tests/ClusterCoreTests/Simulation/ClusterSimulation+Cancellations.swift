import WireProtocol

@testable import ClusterCore

/// Clients that give up what they have asked.
///
/// A whole batch is given up through `ClientCore`, which needs no answer of the broker. One item is given
/// up by a CANCEL of the client's own, as one in another language may send it; its answer is then what
/// the broker says.
extension ClusterSimulation {
    /// Half of the batches are given up, or a few items of them; soon, while most is under way.
    func planCancellations(of ticket: UInt64, _ client: SimulatedClient) {
        guard let batch = client.batches[ticket], Bool.random(using: &random) else { return }
        let isProbe = batch.contains(where: \.isProbe)
        for _ in 0..<Int.random(in: 1...3, using: &random) where !isProbe {
            let wait = Duration.microseconds(Int.random(in: 0...4 * slowest, using: &random))
            let isWhole = Int.random(in: 0..<6, using: &random) == 0
            client.plannedCancellations.append(
                .init(
                    at: now + wait, ticket: ticket,
                    item: isWhole ? nil : Int.random(in: 0..<batch.count, using: &random)))
        }
        client.plannedCancellations.sort { $0.at < $1.at }
    }

    func cancel(_ plan: SimulatedClient.Cancellation, of client: SimulatedClient) {
        guard let batch = client.machine.batches[ClientTicket(number: plan.ticket)] else {
            // A CANCEL of what is not known changes nothing.
            return sendCancel(of: .max >> 11, item: Header.noItem, client)
        }
        guard let item = plan.item else {
            note("\(client.name): gives up batch \(plan.ticket)")
            for item in batch.openItems { markCancelled(item, of: plan.ticket, client) }
            return client.machine.cancel(
                ClientTicket(number: plan.ticket), at: client.local(now))
        }
        guard let request = batch.request else { return }
        let indexes = 0..<UInt32(ProtocolLimits.maxItems)
        let index = indexes.first { batch.item(at: $0) == item }
        if index != nil { markCancelled(item, of: plan.ticket, client) }
        sendCancel(of: request, item: index ?? indexes.upperBound, client)
    }

    private func markCancelled(_ item: Int, of ticket: UInt64, _ client: SimulatedClient) {
        guard client.batches[ticket]?[item].cancelledAt == nil else { return }
        client.batches[ticket]?[item].cancelledAt = now
        note("\(client.name): \(ticket)/\(item) is cancelled")
    }

    private func sendCancel(of request: UInt64, item: UInt32, _ client: SimulatedClient) {
        guard client.machine.isJoined else { return }
        let header = Header(.cancel, id: request, epoch: client.machine.sessionID, index: item)
        let message = WireMessage(header, frames: [header.codec.encodeOwn(WireCancel())])
        if !send(message.encoded(), on: client.socket) {
            client.machine.sendBlocked(at: client.local(now))
        }
    }
}
