package import ClusterCore
package import SystemPackage

/// The log files of supervised processes: `NAME.log`, and the one before it as `NAME.log.1`.
///
/// A child writes to its log by itself, through a descriptor opened for appending, so its last
/// words are kept even when the supervisor dies first. Files are bounded by ``rotateLarge(_:)``,
/// which may run at any time: two files of at most ``limitBytes``, plus what is written between
/// two calls.
package struct ChildLog: Sendable {
    /// The folder of the files.
    package let folder: FilePath

    /// The size from which a file is rotated, in bytes.
    package let limitBytes: Int64

    /// The logs in `folder`, which must exist.
    package init(folder: FilePath, limitBytes: Int64 = 64 << 20) {
        self.folder = folder
        self.limitBytes = limitBytes
    }

    /// The current log of a child.
    package func path(of child: ChildName) -> FilePath {
        folder.appending("\(child).log")
    }

    /// The log before the current one.
    package func previousPath(of child: ChildName) -> FilePath {
        folder.appending("\(child).log.1")
    }

    /// Opens a child's log for appending, rotating it first if it is large. Blocks briefly.
    func open(for child: ChildName) throws -> FileDescriptor {
        let file = try openCurrent(child)
        guard try size(of: file) >= limitBytes else { return file }
        try file.close()
        try FileCalls.rename(path(of: child), to: previousPath(of: child))
        return try openCurrent(child)
    }

    /// Rotates the log of a child that may be writing to it, if it is large: copies it to the
    /// previous log, then empties it. What is written between the two steps is lost. Blocks for
    /// as long as copying takes; call it from a thread of its own.
    ///
    /// - Returns: whether it was large.
    @discardableResult
    package func rotateLarge(_ child: ChildName) throws -> Bool {
        let current = try FileDescriptor.open(
            path(of: child), .readWrite, options: [.closeOnExec])
        return try current.closeAfter {
            guard try size(of: current) >= limitBytes else { return false }
            try current.seek(offset: 0, from: .start)
            let previous = try FileDescriptor.open(
                previousPath(of: child), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: Self.permissions)
            try previous.closeAfter { try copy(current, to: previous) }
            try current.resize(to: 0)
            return true
        }
    }

    private static let permissions: FilePermissions = [.ownerReadWrite, .groupRead]

    private func openCurrent(_ child: ChildName) throws -> FileDescriptor {
        try FileDescriptor.open(
            path(of: child), .writeOnly, options: [.append, .create, .closeOnExec],
            permissions: Self.permissions)
    }

    private func size(of file: FileDescriptor) throws -> Int64 {
        try file.seek(offset: 0, from: .end)
    }

    /// Copies at most twice the limit, so that a child that writes faster than this copies cannot
    /// keep it going.
    private func copy(_ source: FileDescriptor, to target: FileDescriptor) throws {
        var copied: Int64 = 0
        while copied < 2 * limitBytes {
            let bytes = try FileCalls.read(source, atMostBytes: 1 << 20)
            if bytes.isEmpty { return }
            try FileCalls.write(bytes, to: target)
            copied += Int64(bytes.count)
        }
    }
}
