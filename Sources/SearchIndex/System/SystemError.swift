import Glibc

/// Turns failed system calls into errors of the index.
enum SystemError {
    /// The error of the call that just failed; reads `errno`, so nothing may be called between.
    static func last(_ operation: String, path: String) -> IndexError {
        error(errno, operation, path: path)
    }

    /// The error with number `code` of `operation` on `path`.
    static func error(_ code: Int32, _ operation: String, path: String) -> IndexError {
        // strerror returns a valid C string for every number; it is copied before any other call.
        let reason = unsafe String(cString: strerror(code))
        let message = "cannot \(operation): \(reason)"
        switch code {
        case ENOENT, ENOTDIR:
            return IndexError(.missing, message, file: path, advice: "check the path")
        case EEXIST, ENOTEMPTY:
            return IndexError(
                .alreadyExists, message, file: path, advice: "choose another path or remove it")
        case ENOSPC, EDQUOT, EFBIG:
            return IndexError(
                .noSpace, message, file: path,
                advice: "free space on its file system, or write to another one")
        case EACCES, EPERM, EROFS:
            return IndexError(
                .inputOutput, message, file: path, advice: "check permissions of the path")
        default:
            return IndexError(.inputOutput, message, file: path)
        }
    }
}
