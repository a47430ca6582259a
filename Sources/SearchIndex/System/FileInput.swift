import Glibc

extension [UInt8] {
    /// Appends what one call of the system reads from an open file, at most `limit` bytes; returns
    /// how many, 0 at the end.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; waits for bytes if it is a pipe.
    ///   - name: The file's name for the error.
    package mutating func append(
        upTo limit: Int, from descriptor: Int32, name: String
    ) throws(IndexError) -> Int {
        var count = 0
        var number: Int32 = 0
        append(addingCapacity: limit) { output in
            // The room behind what is initialised is passed with its own length, and counts as
            // initialised only as far as the system has written.
            unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
                let room = unsafe UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[initialized...]))
                repeat {
                    count = unsafe Glibc.read(
                        descriptor, room.baseAddress, Swift.min(limit, room.count))
                } while count < 0 && errno == EINTR
                number = errno
                initialized += Swift.max(0, count)
            }
        }
        guard count >= 0 else {
            errno = number
            throw SystemError.last("read the file", path: name)
        }
        return count
    }
}
