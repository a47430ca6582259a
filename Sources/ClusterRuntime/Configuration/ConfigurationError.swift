/// Why a configuration file was refused: where, which key, what was found, what is allowed.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file, as it was named to the program.
    package let file: String

    /// The line of the value or key, from 1; nil when the value is absent or the file as a whole
    /// is meant.
    package let line: Int?

    /// The key from the top of the file, such as `workers[1].threads`; empty for the whole file.
    package let key: String

    /// What was found there, in words.
    package let found: String

    /// What would have been accepted, in words.
    package let allowed: String

    /// One line: `FILE:LINE: KEY: found …; allowed: …`.
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(place): \(subject)found \(found); allowed: \(allowed)"
    }
}
