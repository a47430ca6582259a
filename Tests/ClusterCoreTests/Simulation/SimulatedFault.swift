import TestSupport

/// What may go wrong in a simulation, beyond the delays that every packet has.
enum SimulatedFault: CaseIterable {
    /// A process ends without a word and starts again later, with another incarnation.
    case workerCrash
    /// A process finishes its work, says goodbye, and starts again later.
    case workerLeaves
    case workerPause
    /// A supervisor hears of nothing for a while; its processes run on.
    case supervisorPause
    case clientPause
    case brokerPause
    /// A broker forgets everything and has another epoch, at once or when it has been away for a while.
    case brokerRestart
    /// A connection ends, and cannot be made again for a while.
    case connectionDrop
    /// Packets of a connection are doubled and reordered, perhaps lost, for a while.
    case disorder
    /// Nothing gets from a node to a broker, or back, or both, for a while.
    case partition
    /// A node's clock is suddenly ahead, as after the suspension of a virtual machine.
    case clockJump
    /// A worker's jobs take many times longer for a while.
    case slowDisk
    /// A worker's checks find something wrong for a while, which it then says of itself.
    case workerAils
    /// A client says goodbye with work in flight.
    case clientLeaves
    /// A client is gone for ever, with its connection or without.
    case clientVanishes

    /// In every simulation with faults.
    private static let common: [SimulatedFault] = [
        .workerCrash, .workerCrash, .workerPause, .clientPause, .brokerPause, .brokerRestart,
        .connectionDrop, .connectionDrop,
    ]
    /// Each in a third of them.
    private static let special: [SimulatedFault] = [
        .workerLeaves, .workerAils, .supervisorPause, .disorder, .partition, .clockJump, .slowDisk,
        .clientLeaves,
        .clientVanishes,
    ]

    /// What goes wrong in one simulation: a mixture, or in one of four a single kind again and again,
    /// since others may hide what it does, as a new connection ends a session that was in disorder.
    static func mix(using random: inout SeededRandom) -> [SimulatedFault] {
        if Int.random(in: 0..<4, using: &random) == 0 {
            return [allCases[Int.random(in: 0..<allCases.count, using: &random)]]
        }
        var mix = common
        for fault in special where Int.random(in: 0..<3, using: &random) == 0 {
            mix += [fault, fault, fault]
        }
        return mix
    }
}
