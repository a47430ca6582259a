import ClusterCore
package import SystemPackage
import Yams

extension ClusterConfiguration {
    /// The largest accepted file, in bytes.
    package static let largestFileBytes = 1 << 20

    /// Reads and checks a configuration file. Relative folders in it are relative to the file's
    /// own folder. Blocks.
    package static func load(_ file: FilePath) throws(ConfigurationError) -> ClusterConfiguration {
        let bytes: [UInt8]
        let absolute: FilePath
        do {
            bytes = try FileCalls.readPrefix(of: file, atMostBytes: largestFileBytes + 1)
            absolute =
                file.isAbsolute ? file : try FileCalls.currentFolder().pushing(file)
        } catch {
            throw ConfigurationError(
                file: file.string, line: nil, key: "", found: "no way to read it (\(error))",
                allowed: "a readable file")
        }
        guard bytes.count <= largestFileBytes, let text = String(validating: bytes, as: UTF8.self)
        else {
            throw ConfigurationError(
                file: file.string, line: nil, key: "", found: "a large or binary file",
                allowed: "UTF-8 text of at most \(largestFileBytes) bytes")
        }
        return try parse(
            text, file: file.string, folder: absolute.lexicallyNormalized().removingLastComponent())
    }

    /// Reads and checks the text of a configuration file.
    ///
    /// - Parameters:
    ///   - text: the YAML text.
    ///   - file: the name of the file for errors.
    ///   - folder: the absolute folder that relative paths start from.
    package static func parse(
        _ text: String, file: String, folder: FilePath
    ) throws(ConfigurationError) -> ClusterConfiguration {
        let root = YAMLValue(node: try compose(text, file: file), file: file, key: "")
        let top = try YAMLMapping(
            root,
            known: [
                "name", "data", "run", "logs", "metrics", "insecure", "brokers", "workers",
                "busy_poll_us", "restart",
            ])
        let run = try path("run", of: top, from: folder)
        let insecure = try top["insecure"]?.boolean() ?? false
        var names = UniqueNames()
        let brokers = try BrokerConfiguration.readAll(
            top.required("brokers", allowed: "a list of at least one broker"), runFolder: run,
            insecure: insecure, names: &names)
        let workers = try WorkerConfiguration.readAll(top["workers"], names: &names)
        return ClusterConfiguration(
            name: try top.required("name", allowed: ChildName.rule).name(),
            dataFolder: try path("data", of: top, from: folder), runFolder: run,
            logFolder: try path("logs", of: top, from: folder),
            metricsFolder: try top["metrics"].map { (value) throws(ConfigurationError) in
                try path(value, from: folder)
            }, allowsInsecure: insecure,
            brokers: brokers, workers: workers,
            busyPoll: BusyPollTime(
                microseconds: try top.integer(
                    "busy_poll_us", in: BusyPollTime.range,
                    default: BusyPollTime.default.microseconds)),
            restartPolicy: try RestartPolicy.read(top["restart"]))
    }

    private static func compose(_ text: String, file: String) throws(ConfigurationError) -> Node {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
        } catch {
            throw ConfigurationError(
                file: file, line: (error as? YamlError)?.line, key: "",
                found: "text that is not YAML (\(oneLine(error)))",
                allowed: "a YAML mapping; see docs/operations.md")
        }
        throw ConfigurationError(
            file: file, line: nil, key: "", found: "an empty file",
            allowed: "a YAML mapping; see docs/operations.md")
    }

    private static func oneLine(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).map {
            $0.trimmingPrefix(while: \.isWhitespace)
        }
        .joined(separator: " ")
    }

    private static func path(
        _ key: String, of top: YAMLMapping, from folder: FilePath
    ) throws(ConfigurationError) -> FilePath {
        try path(top.required(key, allowed: folderRule), from: folder)
    }

    private static let folderRule = "the path of a folder"

    private static func path(
        _ value: YAMLValue, from folder: FilePath
    ) throws(ConfigurationError) -> FilePath {
        let text = try value.text(allowed: folderRule)
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw value.refused(allowed: folderRule)
        }
        return folder.pushing(FilePath(text)).lexicallyNormalized()
    }
}

extension YamlError {
    /// The line of the error, from 1, where the parser knows it.
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            return mark.line
        case .duplicatedKeysInMapping(_, let context):
            return context.mark.line
        default:
            return nil
        }
    }
}
