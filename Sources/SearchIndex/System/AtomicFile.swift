/// Small files that exist whole or not at all.
enum AtomicFile {
    /// Writes a file under a temporary name, renames it, and waits for both to be on the device.
    ///
    /// - Parameter replaces: Whether a file of that name may exist; readers see the old or the new.
    static func write(
        _ bytes: [UInt8], to name: String, in folder: String, replaces: Bool = false
    ) throws(IndexError) {
        let temporary = "\(folder)/\(name).new"
        // What an earlier writer left when it was killed.
        if replaces { FileSystem.removeTree(temporary) }
        var file = try FileWriter(path: temporary)
        try file.write(bytes)
        try file.finish()
        if replaces {
            try FileSystem.replace(temporary, with: "\(folder)/\(name)")
        } else {
            try FileSystem.rename(temporary, to: "\(folder)/\(name)")
        }
        try FileSystem.synchronizeFolder(folder)
    }
}
