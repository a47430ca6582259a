import ClusterCore

/// The observations of one round, looked up by what was measured.
struct Round {
    private let observations: [Observation]

    init(_ observations: [Observation]) { self.observations = observations }

    /// The median of the times with this name, on this data or on any; nil without such times.
    func median(_ name: String, _ data: String? = nil) -> Double? {
        guard case .times(let samples)? = value(name, data) else { return nil }
        return samples.percentile(50)
    }

    /// The number with this name, on this data or on any.
    func number(_ name: String, _ data: String? = nil) -> Double? { value(name, data)?.number }

    private func value(_ name: String, _ data: String?) -> Observation.Value? {
        observations.first { $0.name == name && (data == nil || $0.data == data) }?.value
    }
}

extension Observation.Value {
    /// Nil for times.
    var number: Double? {
        guard case .number(let number, _) = self else { return nil }
        return number
    }
}
