import ArgumentParser
import ClusterRuntime
import Logging
import Metrics
import SystemPackage

/// Where a process that serves writes its metrics.
struct MetricsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the metrics to this file every 5 s, in the text format of Prometheus.",
            valueName: "path"))
    var metricsFile: String?

    func validate() throws {
        if metricsFile?.isEmpty == true { throw ValidationError("--metrics-file: expected a path") }
    }

    /// Makes the metrics of this process, which every library in it may use from then on, and begins
    /// to write them to the file, if one is wanted. Called once.
    ///
    /// - Parameter label: of every series.
    func start(label: (String, String), logger: Logger) throws -> ProcessMetrics {
        let registry = PrometheusRegistry(labels: [label])
        MetricsSystem.bootstrap(registry)
        let file = try metricsFile.map {
            try MetricsFile(FilePath($0), of: registry, every: .seconds(5), logger: logger)
        }
        return ProcessMetrics(registry: registry, file: file)
    }
}

/// The metrics of a process that serves.
struct ProcessMetrics {
    let registry: PrometheusRegistry
    let file: MetricsFile?

    var target: MetricsTarget { MetricsTarget(registry) }

    /// The process is about to end.
    func end() { file?.remove() }
}
