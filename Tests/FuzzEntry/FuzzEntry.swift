import Foundation

/// The target and the runner of this process; libFuzzer calls it from one thread.
private enum FuzzProcess {
    static let target: FuzzTarget = {
        let name = ProcessInfo.processInfo.environment["SWIFTLET_FUZZ_TARGET"] ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            preconditionFailure("SWIFTLET_FUZZ_TARGET is no target: \"\(name)\"")
        }
        return target
    }()

    nonisolated(unsafe) static let runner: FuzzRunner = {
        let folder = NSTemporaryDirectory() + "/swiftlet-fuzz-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            return try FuzzRunner(folder: folder)
        } catch {
            preconditionFailure("cannot build the indexes that are searched: \(error)")
        }
    }()
}

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // The fuzzer lends `count` bytes for the call; they are copied.
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        // Only the fuzzer's one thread comes here.
        try unsafe FuzzProcess.runner.run(FuzzProcess.target, input)
    } catch {
        preconditionFailure("\(FuzzProcess.target.rawValue): \(error)")
    }
    return 0
}
