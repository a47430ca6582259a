import Glibc

/// The few operations on folders and names that building and verifying an index need.
///
/// Paths are passed to the system as C strings that live for the call.
enum FileSystem {
    /// Whether anything exists at `path`, a dangling link included.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        // The result is written to a local variable.
        return unsafe lstat(path, &status) == 0
    }

    /// Creates a folder, which must not exist yet; its parent must.
    static func createFolder(_ path: String) throws(IndexError) {
        guard unsafe mkdir(path, 0o755) == 0 else {
            throw SystemError.last("create the folder", path: path)
        }
    }

    /// Renames a file or folder; the new name must not exist.
    static func rename(_ old: String, to new: String) throws(IndexError) {
        if exists(new) { throw SystemError.error(EEXIST, "rename to the final name", path: new) }
        guard unsafe Glibc.rename(old, new) == 0 else {
            throw SystemError.last("rename to the final name", path: new)
        }
    }

    /// Gives a file the name of another, which it replaces at once.
    static func replace(_ old: String, with new: String) throws(IndexError) {
        guard unsafe Glibc.rename(old, new) == 0 else {
            throw SystemError.last("rename to the final name", path: new)
        }
    }

    /// Waits until the names in a folder are on the device.
    static func synchronizeFolder(_ path: String) throws(IndexError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.last("open the folder", path: path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw SystemError.last("write the folder to the device", path: path)
        }
    }

    /// The names in a folder, sorted, without `.` and `..`.
    static func names(in path: String) throws(IndexError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            throw SystemError.last("read the folder", path: path)
        }
        // The handle is the one that opendir gave, closed exactly once.
        defer { _ = unsafe closedir(folder) }
        var names: [String] = []
        // An entry stays valid until the next readdir; its name is copied before that.
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder with all it holds; follows no links, reports no errors.
    static func removeTree(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        for name in (try? names(in: path)) ?? [] { removeTree("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }

    /// The processors that the system has online.
    static var processorCount: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    /// A number that no other running process has, for names of temporary folders.
    static var processNumber: Int { Int(getpid()) }
}
