import ArgumentParser
import ClusterCore
import ClusterRuntime

/// Checks of names given on the command line: the same rule as in cluster.yaml.
enum NameCheck {
    /// Refuses what cannot be the name of a node, a pool or an index.
    static func check(_ text: String, option: String) throws {
        guard ChildName(text) == nil else { return }
        throw ValidationError("\(option) \(text): expected \(ChildName.rule)")
    }
}

/// Checks of endpoints given on the command line.
enum EndpointCheck {
    /// Refuses what is no endpoint, what the kernel cannot bind, and tcp addresses that other hosts
    /// can reach, unless that was asked for: there is no authentication yet.
    static func check(_ text: String, option: String, allowsInsecure: Bool) throws {
        guard let endpoint = Endpoint(text) else {
            throw ValidationError(
                "\(option) \(text): expected ipc:///ABSOLUTE/PATH or tcp://HOST:PORT")
        }
        guard !endpoint.isTooLong else {
            throw ValidationError(
                "\(option) \(text): the path has more than \(Endpoint.longestPathBytes) bytes, "
                    + "the kernel's limit for sockets")
        }
        guard endpoint.isLocal || allowsInsecure else {
            throw ValidationError(
                "\(option) \(text): other hosts can reach this address and there is no "
                    + "authentication yet; use ipc or 127.0.0.1, or add --insecure")
        }
    }
}
