import Synchronization
import WireMessages

/// When the answers of a batch are given.
public enum AnswerOrder: String, Sendable, CaseIterable {
    /// Each as soon as it is there.
    case completion
    /// In the order of the requests: each waits for those before it, at the broker or, if it has come
    /// already, in this process.
    case submission

    var wire: WireAnswerOrder {
        switch self {
        case .completion: .completion
        case .submission: .submission
        }
    }
}

/// Puts the answers of a batch into the order of its requests, whose messages to the broker are answered
/// beside each other.
///
/// Holds what comes too early: at most the answers of the messages that are open at once.
final class AnswerSequence: Sendable {
    typealias Answer = Result<SearchResponse, SearchError>

    private struct State {
        var next = 0
        var early: [Int: Answer] = [:]
    }

    private let state = Mutex(State())
    private let report: @Sendable (Int, Answer) -> Void

    /// - Parameter report: gets every answer once, from 0 on, one call after the other; must not block.
    init(_ report: @escaping @Sendable (Int, Answer) -> Void) {
        self.report = report
    }

    /// Takes an answer, from any thread.
    func take(_ index: Int, _ answer: Answer) {
        state.withLock { state in
            state.early[index] = answer
            while let due = state.early.removeValue(forKey: state.next) {
                report(state.next, due)
                state.next += 1
            }
        }
    }
}
