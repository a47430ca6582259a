package import ClusterCore
package import SystemPackage

/// A file that at most one process holds at a time, and that tells which one.
///
/// A second bind of an ipc socket silently takes the path away from the first (zmq_ipc(7)), so
/// whoever owns sockets in a run folder holds a lock there first. The kernel gives the lock up
/// when the process ends, however it ends; the file itself stays and means nothing by itself.
package struct LockFile: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Takes the lock, and writes the number of this process into the file.
    ///
    /// - Throws: ``LockFileError`` when another holder has it, or the file cannot be made.
    package init(_ path: FilePath) throws(LockFileError) {
        let opened: FileDescriptor
        do {
            opened = try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite])
        } catch {
            throw LockFileError(path: path, cause: .unusable("\(error)"))
        }
        do {
            guard try FileCalls.tryLock(opened) else {
                let holder = try Self.processNumber(in: path)
                try? opened.close()
                throw LockFileError(path: path, cause: .held(by: holder))
            }
            try opened.resize(to: 0)
            try FileCalls.write(Array("\(ProcessCalls.currentProcess)\n".utf8), to: opened)
        } catch let error as LockFileError {
            throw error
        } catch {
            try? opened.close()
            throw LockFileError(path: path, cause: .unusable("\(error)"))
        }
        file = opened
    }

    deinit {
        FileCalls.unlock(file)
        try? file.close()
    }

    private static func processNumber(in path: FilePath) throws -> ProcessID? {
        let text = try FileCalls.readPrefix(of: path, atMostBytes: 32)
        let digits = text.prefix { $0 != UInt8(ascii: "\n") }
        guard let number = Int32(String(decoding: digits, as: UTF8.self)), number > 0 else {
            return nil
        }
        return ProcessID(number)
    }
}

/// Why a ``LockFile`` could not be taken.
package struct LockFileError: Error, Hashable, CustomStringConvertible {
    /// The reasons.
    package enum Cause: Hashable, Sendable {
        /// Another process has it; its number, if the file tells.
        case held(by: ProcessID?)

        /// The file cannot be opened or written; the system's words.
        case unusable(String)
    }

    /// The lock file.
    package let path: FilePath

    /// The reason.
    package let cause: Cause

    /// What is wrong and what to do about it.
    package var description: String {
        switch cause {
        case .held(let process):
            let holder = process.map { "process \($0)" } ?? "another process"
            return "\(path) is locked by \(holder): it runs already; stop it, or choose another "
                + "run folder"
        case .unusable(let reason):
            return "\(path) cannot be used as a lock file: \(reason)"
        }
    }
}
