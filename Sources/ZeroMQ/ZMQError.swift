/// A failed operation on a context, socket or loop: what failed, where, and what to do.
///
/// A full queue and a missing peer are not errors but `SendOutcome`s.
package struct ZMQError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Which error it is.
    package let code: ErrorCode
    /// What was tried, as a verb: "bind", "receive", "set linger".
    package let operation: String
    /// The endpoint or path it was tried on, when there is one.
    package let endpoint: String?
    /// The peer that sent the refused message: the first frame at a ROUTER, else nil.
    package let peer: Frame?
    /// What was expected and what to do, when the code alone does not say it.
    package let detail: String?

    /// An error of `operation`; the other parts where they apply.
    package init(
        _ code: ErrorCode, operation: String, endpoint: String? = nil, peer: Frame? = nil,
        detail: String? = nil
    ) {
        self.code = code
        self.operation = operation
        self.endpoint = endpoint
        self.peer = peer
        self.detail = detail
    }

    /// "cannot bind tcp://127.0.0.1:80: Permission denied (choose …)".
    package var description: String {
        var text = "cannot \(operation)"
        if let endpoint { text += " \(endpoint)" }
        text += ": \(code.text)"
        if let hint = detail ?? code.advice { text += " (\(hint))" }
        return text
    }
}
