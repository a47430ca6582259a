import ArgumentParser

/// A number of bytes as people write it: `4096`, `64KB`, `512MB`, `2GB`; a KB has 1024 bytes.
struct ByteSize: ExpressibleByArgument, Sendable {
    /// The number.
    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let units = [("KB", 10), ("MB", 20), ("GB", 30)]
        let text = argument.uppercased()
        let unit = units.first { text.hasSuffix($0.0) }
        guard let number = Int(text.dropLast(unit?.0.count ?? 0)), number > 0,
            number <= Int.max >> (unit?.1 ?? 0)
        else { return nil }
        bytes = number << (unit?.1 ?? 0)
    }

    var defaultValueDescription: String {
        bytes % (1 << 30) == 0 ? "\(bytes >> 30)GB" : "\(bytes)"
    }
}
