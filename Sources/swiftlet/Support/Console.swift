import Foundation
import Synchronization

/// The standard streams, a whole line at a time.
enum Console {
    private static let lock = Mutex(())

    /// Writes a line to the standard output.
    static func line(_ text: String) {
        write(text + "\n", to: .standardOutput)
    }

    /// Writes text, which ends its own lines, to the standard output.
    static func text(_ text: String) {
        write(text, to: .standardOutput)
    }

    /// Writes a line to the standard error.
    static func error(_ text: String) {
        write(text + "\n", to: .standardError)
    }

    /// Writes text as it is; a closed pipe ends the output quietly.
    static func write(_ text: String, to handle: FileHandle) {
        lock.withLock { _ in try? handle.write(contentsOf: Data(text.utf8)) }
    }

    /// Whether the standard error is a terminal, where progress can be shown in place.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Shows how far something is: a bar that is redrawn on a terminal, plain lines elsewhere.
struct Progress {
    private let what: String
    private let total: Int?
    private let isTerminal = Console.isTerminal
    private var lastDrawn = ContinuousClock.now - .seconds(60)
    private let began = ContinuousClock.now

    /// - Parameters:
    ///   - what: what is counted, for example "documents".
    ///   - total: how many there will be; nil if unknown.
    init(_ what: String, total: Int?) {
        self.what = what
        self.total = total
    }

    /// `done` of them are done.
    mutating func update(_ done: Int) {
        let now = ContinuousClock.now
        let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        guard lastDrawn.duration(to: now) >= interval else { return }
        lastDrawn = now
        guard isTerminal else {
            // A quick job needs no lines of progress.
            if began.duration(to: now) >= interval { Console.error("\(describe(done))") }
            return
        }
        Console.write("\r\u{1B}[K\(bar(done))\(describe(done))", to: .standardError)
    }

    /// Removes the bar.
    func finish() {
        if isTerminal { Console.write("\r\u{1B}[K", to: .standardError) }
    }

    private func describe(_ done: Int) -> String {
        guard let total, total > 0 else { return "\(done) \(what)" }
        return "\(done) of \(total) \(what) (\(done * 100 / total)%)"
    }

    private func bar(_ done: Int) -> String {
        guard let total, total > 0 else { return "" }
        let filled = min(30, done * 30 / total)
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: ".", count: 30 - filled) + "] "
    }
}
