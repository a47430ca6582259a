/// The kernel's number of a process on this host.
///
/// The number of a process may be given to another one once the process has been reaped, so it
/// names a child only together with the promise that the child is not reaped yet.
package struct ProcessID: Hashable, Sendable, CustomStringConvertible {
    /// The number, above zero.
    package let rawValue: Int32

    /// The process numbered `rawValue`, which must be above zero: zero and negative numbers mean
    /// process groups in system calls.
    package init(_ rawValue: Int32) {
        precondition(rawValue > 0, "a process number is above zero, not \(rawValue)")
        self.rawValue = rawValue
    }

    /// The number in decimal.
    package var description: String { String(rawValue) }
}
