import Glibc
package import SystemPackage

/// System calls about small files and folders.
package enum FileCalls {
    /// The first bytes of a file, at most `limit`. Blocks; follows links.
    package static func readPrefix(of path: FilePath, atMostBytes limit: Int) throws -> [UInt8] {
        let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        return try file.closeAfter {
            var bytes: [UInt8] = []
            while bytes.count < limit {
                let before = bytes.count
                try read(file, atMostBytes: min(limit - before, 65536), behind: &bytes)
                if bytes.count == before { break }
            }
            return bytes
        }
    }

    /// One read: up to `limit` bytes, empty at the end of the file. Blocks; retries when
    /// interrupted.
    package static func read(_ file: FileDescriptor, atMostBytes limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(file, atMostBytes: limit, behind: &bytes)
        return bytes
    }

    /// One read as above, of which the bytes are appended to others.
    package static func read(
        _ file: FileDescriptor, atMostBytes limit: Int, behind bytes: inout [UInt8]
    ) throws {
        try bytes.append(addingCapacity: limit) { output in
            try unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                // Safe: behind the first `count` there is room for the limit; the kernel writes no more
                // than the length it is given, and says how much it wrote.
                let room = unsafe UnsafeMutableRawBufferPointer(buffer)[count..<count + limit]
                count += unsafe try file.read(into: UnsafeMutableRawBufferPointer(rebasing: room))
            }
        }
    }

    /// Writes all bytes. Blocks.
    package static func write(_ bytes: [UInt8], to file: FileDescriptor) throws {
        _ = try file.writeAll(bytes)
    }

    /// Takes the exclusive lock of an open file (flock(2)) unless another open file has it.
    /// The kernel gives it up when the last copy of the descriptor is closed. Returns whether it was taken.
    package static func tryLock(_ file: FileDescriptor) throws(Errno) -> Bool {
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let error = Errno(rawValue: errno)
            if error == .wouldBlock { return false }
            guard error == .interrupted else { throw error }
        }
        return true
    }

    /// Gives up the lock of an open file, also where a process being started holds a copy of the
    /// descriptor for the moment before its exec.
    package static func unlock(_ file: FileDescriptor) {
        _ = flock(file.rawValue, LOCK_UN)
    }

    /// Gives the file at `old` the path `new`, replacing what is there. Atomic.
    package static func rename(_ old: FilePath, to new: FilePath) throws(Errno) {
        // Safe: both texts live, zero-terminated, during the call.
        let result = unsafe Glibc.rename(old.string, new.string)
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Removes a file, or a link to one.
    package static func remove(_ path: FilePath) throws(Errno) {
        // Safe: the text lives, zero-terminated, during the call.
        guard unsafe unlink(path.string) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Makes a folder and those above it, unless they exist; new ones get `permissions`.
    package static func makeFolder(
        _ path: FilePath, permissions: FilePermissions = .ownerReadWriteExecute
    ) throws(Errno) {
        var partial = FilePath(root: path.root, [])
        for component in path.components {
            partial.append(component)
            // Safe: the text lives, zero-terminated, during the call.
            let result = unsafe mkdir(partial.string, permissions.rawValue)
            guard result == 0 || errno == EEXIST || errno == EROFS || errno == EACCES else {
                throw Errno(rawValue: errno)
            }
        }
        // What could not be made, or is no folder, shows here with its own reason.
        do {
            try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]).close()
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }

    /// Whether there is a file or folder; a link counts as what it leads to.
    package static func exists(_ path: FilePath) -> Bool {
        // Safe: the text lives, zero-terminated, during the call.
        unsafe access(path.string, F_OK) == 0
    }

    /// The room on the file system that a path is on: free for this user, and in all.
    package static func space(
        at path: FilePath
    ) throws(Errno) -> (freeBytes: UInt64, totalBytes: UInt64) {
        var info = statvfs()
        // Safe: the text lives, zero-terminated, and the structure is ours, during the call.
        guard unsafe statvfs(path.string, &info) == 0 else { throw Errno(rawValue: errno) }
        let block = UInt64(info.f_frsize)
        return (UInt64(info.f_bavail) * block, UInt64(info.f_blocks) * block)
    }

    /// The folder this process works in, absolute.
    package static func currentFolder() throws(Errno) -> FilePath {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        // Safe: the array has the length passed, and is not changed by anyone else meanwhile.
        guard unsafe getcwd(&bytes, bytes.count) != nil else { throw Errno(rawValue: errno) }
        let text = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return FilePath(String(decoding: text, as: UTF8.self))
    }
}
