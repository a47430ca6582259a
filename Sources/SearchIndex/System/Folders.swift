import Glibc

/// Folders and whole small files.
enum Folders {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        // Safe: the pointer to the local is used during the call only.
        return unsafe lstat(path, &status) == 0
    }

    /// Makes a folder that must not exist yet.
    static func make(_ path: String) throws(IndexError) {
        guard mkdir(path, 0o755) == 0 else {
            throw FileError.system("cannot make the folder", path, errno)
        }
    }

    /// Moves a file or folder to a name in the same file system, and makes the move durable.
    static func rename(_ old: String, to new: String) throws(IndexError) {
        guard Glibc.rename(old, new) == 0 else {
            throw FileError.system("cannot move '\(old)' here", new, errno)
        }
        try sync(parent(of: new))
    }

    /// Makes a folder's entries durable.
    static func sync(_ path: String) throws(IndexError) {
        let file = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw FileError.opening(path, errno) }
        defer { Glibc.close(file) }
        guard fsync(file) == 0 else {
            throw FileError.system("cannot make the folder durable", path, errno)
        }
    }

    /// Removes a folder with all that is in it; what cannot be removed is left.
    static func removeTree(_ path: String) {
        for name in (try? entries(of: path)) ?? [] {
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { removeTree(child) }
        }
        rmdir(path)
    }

    /// The names in a folder, sorted.
    static func entries(of path: String) throws(IndexError) -> [String] {
        // Safe: the stream is used here only and closed below.
        guard let stream = unsafe opendir(path) else { throw FileError.opening(path, errno) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // Safe: d_name is a C string inside the entry, copied before the next call.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// A whole file of limited size.
    static func read(_ path: String, atMost limit: Int) throws(IndexError) -> [UInt8] {
        let file = try MappedFile(path: path)
        guard file.byteCount <= limit else {
            throw IndexError(
                .corrupt, path: path, "\(file.byteCount) bytes; expected at most \(limit)")
        }
        return file.withBytes(0..<file.byteCount) { $0.bytes(in: 0..<$0.byteCount) }
    }

    /// Writes a file under another name, makes it durable, and moves it into place.
    static func writeAtomically(_ bytes: [UInt8], to path: String) throws(IndexError) {
        let temporary = "\(path).new"
        unlink(temporary)
        let writer = try FileWriter(path: temporary)
        try writer.append(bytes)
        try writer.finish()
        try rename(temporary, to: path)
    }

    /// The folder that holds a path.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
