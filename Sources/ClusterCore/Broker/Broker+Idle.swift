import DequeModule
import OrderedCollections
import WireProtocol

/// What a broker holds when it has no work: nothing.
extension Broker {
    /// Whether nothing is held of any item: the promise that memory does not grow with the items
    /// that have passed. Timers of ended items may still be there, within their own bound.
    package var isIdle: Bool {
        items.isEmpty && orders.isEmpty && earlyOrders.isEmpty && tasks.isEmpty && parked.isEmpty
            && turns.isEmpty
            && accepting.isEmpty
            && queuedBytes == 0
            && lateItems.isEmpty && outgoing.isEmpty && cancellations.isEmpty
            && fetchingWorkers.isEmpty && clientsWithResults.isEmpty && accused.isEmpty
            && workers.values.allSatisfy {
                $0.inFlight.isEmpty && $0.waitingFetches.isEmpty && $0.keptFor == nil
                    && ($0.openCases.isEmpty || $0.standing.isUnreachable)
            }
            && clients.values.allSatisfy {
                $0.requests.isEmpty && $0.outstanding == 0 && $0.started == 0
                    && $0.results.byteCount == 0
            }
    }
}
