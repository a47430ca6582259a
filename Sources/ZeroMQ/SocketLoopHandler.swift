/// The logic that one `SocketLoop` runs. It is made, used and destroyed on the loop's thread, so it
/// need not be `Sendable`; it must not block, since everything waits meanwhile.
///
/// A turn: the loop waits, runs tasks of its executor, hands over all commands, then up to 256
/// messages of each socket until the handler has enough, then calls `endTurn`. All input of a turn comes
/// before `endTurn`; send there, so that the loop reads before it writes (only reading makes libzmq notice
/// that a peer is gone).
package protocol SocketLoopHandler: SendableMetatype {
    /// What is posted into the loop's inbox.
    associatedtype Command: Sendable

    /// A whole message has arrived; a ROUTER's begins with the sender's routing id.
    mutating func receive(
        _ frames: [Frame], from socket: SocketHandle, in sockets: inout LoopSockets)

    /// Whether so much has come in this turn that sending should not wait for more. What is left at the
    /// sockets is for the next turn, which begins at once and with another socket. False unless a handler
    /// says otherwise.
    var hasEnoughForTurn: Bool { get }

    /// A command has been taken from the inbox.
    mutating func handle(_ command: Command, in sockets: inout LoopSockets)

    /// A message could not be received, for instance `tooManyFrames`. It is gone; the loop goes on.
    mutating func receiveFailed(
        _ error: ZMQError, from socket: SocketHandle, in sockets: inout LoopSockets)

    /// All input of this turn is in: run timers, send. Called on every turn, also on idle ones.
    mutating func endTurn(in sockets: inout LoopSockets) -> LoopDirective

    /// The loop ends; its sockets are still open and close after this call. The place for farewell
    /// messages (which need a `linger`).
    mutating func finish(in sockets: inout LoopSockets)
}

extension SocketLoopHandler {
    package var hasEnoughForTurn: Bool { false }
}

/// What a loop does after a turn.
package enum LoopDirective: Sendable, Equatable {
    /// Wait for input, or this long; whole milliseconds, rounded up. Zero looks without waiting.
    ///
    /// After a turn with work, `busyPoll` says what is waited for now, and for how long the loop may look for it
    /// again and again before it sleeps. Nil after a turn without work: what was waited for before is waited
    /// for still.
    case wait(atMost: Duration, busyPoll: BusyPoll? = nil)
    /// End: handle the commands still in the inbox, call `finish`, close the sockets.
    case stop
}
