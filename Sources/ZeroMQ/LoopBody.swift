/// The turns of a `SocketLoop`, on its thread.
struct LoopBody<Handler: SocketLoopHandler> {
    /// The most messages taken from one socket in a turn, so that a flood at one socket delays
    /// neither the others nor the timers by more than about a millisecond.
    private static var messagesPerTurn: Int { 256 }

    private var handler: Handler
    private let inbox: LoopInbox<Handler.Command>
    private let executor: LoopExecutor
    private var commands: [Handler.Command] = []
    private var jobs: [UnownedJob] = []
    private var ready: [SocketHandle] = []
    /// The socket whose message made the last turn have enough: the next turn begins behind it.
    private var lastToFill: SocketHandle?

    init(handler: Handler, inbox: LoopInbox<Handler.Command>, executor: LoopExecutor) {
        self.handler = handler
        self.inbox = inbox
        self.executor = executor
    }

    /// Runs turns until the handler stops or the context is terminated.
    mutating func run(_ sockets: inout LoopSockets) {
        do throws(ZMQError) {
            // The first turn looks without waiting, so that the handler can set its first timer.
            var timeout = Duration.zero
            var busyPoll: BusyPoll?
            while true {
                let isWoken = try sockets.wait(
                    for: inbox.wake, atMost: timeout, busyPoll: busyPoll, ready: &ready)
                if isWoken { inbox.wake.reset() }
                executor.run(&jobs)
                handleCommands(&sockets)
                try receiveFromReady(&sockets)
                let directive = handler.endTurn(in: &sockets)
                guard case .wait(let longest, let poll) = directive else { break }
                // What this thread has left for itself wakes no poll.
                timeout = inbox.isEmpty && executor.isEmpty ? longest : .zero
                busyPoll = poll
            }
        } catch {
            // Terminated, or the poll itself is broken: nothing more can be received.
        }
        inbox.close()
        handleCommands(&sockets)
        handler.finish(in: &sockets)
    }

    private mutating func handleCommands(_ sockets: inout LoopSockets) {
        inbox.take(into: &commands)
        for command in commands { handler.handle(command, in: &sockets) }
        commands.removeAll(keepingCapacity: true)
    }

    /// Takes messages of the sockets in turn until the handler has enough.
    private mutating func receiveFromReady(_ sockets: inout LoopSockets) throws(ZMQError) {
        let start = lastToFill.flatMap { last in ready.firstIndex { $0.stands(behind: last) } } ?? 0
        lastToFill = nil
        for offset in ready.indices {
            let socket = ready[(start + offset) % ready.count]
            try receiveMessages(of: socket, &sockets)
            guard handler.hasEnoughForTurn else { continue }
            lastToFill = socket
            return
        }
    }

    /// Takes what the socket has, up to the limit or until the handler has enough; the handler may close
    /// it meanwhile. Throws only when the context is terminated.
    private mutating func receiveMessages(
        of socket: SocketHandle, _ sockets: inout LoopSockets
    ) throws(ZMQError) {
        for _ in 0..<Self.messagesPerTurn {
            do throws(ZMQError) {
                guard let frames = try sockets.receive(on: socket) else { return }
                handler.receive(frames, from: socket, in: &sockets)
                if handler.hasEnoughForTurn { return }
            } catch {
                if error.code == .contextTerminated { throw error }
                handler.receiveFailed(error, from: socket, in: &sockets)
            }
        }
    }
}
