import ArgumentParser
import ClusterRuntime
import SearchIndex
import SwiftletClient

/// Why a command ends as it does; the numbers follow sysexits(3).
enum ExitStatus: Int32 {
    /// Some queries failed, or problems were found.
    case partial = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case configuration = 78

    var exitCode: ExitCode { ExitCode(rawValue) }
}

/// An error that ends a command: a line for the standard error, and the exit status.
struct CommandFailure: Error {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    init(_ error: IndexError) {
        let status: ExitStatus =
            switch error.kind {
            case .missing: .noInput
            case .alreadyExists, .noSpace: .cannotCreate
            case .inputOutput: .inputOutput
            default: .badData
            }
        self.init(status, "\(error)")
    }

    init(_ error: SwiftletClient.SearchError) {
        let status: ExitStatus =
            switch error.code {
            case "BAD_REQUEST", "NOT_FOUND", "TOO_LARGE": .badData
            default: .unavailable
            }
        self.init(status, "\(error)")
    }

    /// From any error of the layers below.
    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as IndexError: self.init(error)
        case let error as SwiftletClient.SearchError: self.init(error)
        case let error as ConfigurationError: self.init(.configuration, "\(error)")
        default: self.init(.partial, "\(error)")
        }
    }
}

/// Runs a command's body; an error becomes a line on the standard error and an exit status.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let code as ExitCode {
        throw code
    } catch {
        let failure = CommandFailure(error)
        Console.error("swiftlet: \(failure.message)")
        throw failure.status.exitCode
    }
}
