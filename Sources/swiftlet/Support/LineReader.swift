import ClusterRuntime
import Foundation
import SearchIndex
import SystemPackage

/// Reads a file, or the standard input, line by line with bounded memory.
///
/// A line longer than the limit is cut to one byte more than the limit, so that its reader can see
/// that it was too long; the rest of it is passed over.
struct LineReader {
    /// The name for messages.
    let name: String
    /// The size in bytes; nil for a pipe.
    let size: Int?
    /// Bytes read so far.
    private(set) var bytesRead = 0
    private let handle: FileHandle
    private let limit: Int
    private var buffer: [UInt8] = []
    private var next = 0
    /// Before here, from `next` on, there is no line feed.
    private var searched = 0
    private var hasEnded = false
    private static let chunk = 1 << 20

    /// - Parameter path: `-` is the standard input.
    /// - Throws: `CommandFailure` if it cannot be opened.
    init(path: String, longestLine limit: Int) throws(CommandFailure) {
        self.limit = limit
        if path == "-" {
            name = "standard input"
            handle = .standardInput
            size = nil
            return
        }
        name = path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw CommandFailure(.noInput, "\(path): there is no such file")
        }
        guard attributes[.type] as? FileAttributeType != .typeDirectory else {
            throw CommandFailure(.noInput, "\(path): is a folder; expected a file")
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(.noInput, "\(path): cannot be opened for reading")
        }
        self.handle = handle
        let isFile = attributes[.type] as? FileAttributeType == .typeRegular
        size = isFile ? attributes[.size] as? Int : nil
    }

    /// The next line without its line feed; nil at the end.
    mutating func nextLine() throws(CommandFailure) -> ArraySlice<UInt8>? {
        var long: [UInt8]?
        while true {
            let end = buffer.span.nextOffset(
                of: UInt8(ascii: "\n"), from: max(next, searched))
            searched = end
            if end < buffer.count {
                defer { next = end + 1 }
                return joined(long, buffer[next..<end])
            }
            if hasEnded {
                guard next < buffer.count || long != nil else { return nil }
                defer { next = buffer.count }
                return joined(long, buffer[next...])
            }
            if buffer.count - next > limit {
                // Keep what shows that the line is too long; drop the rest.
                if long == nil { long = Array(buffer[next...].prefix(limit + 1)) }
                next = buffer.count
            }
            try fill()
        }
    }

    /// Reads until some bytes, of which no line was given yet, are in memory, or the input ends.
    mutating func read(atLeastBytes count: Int) throws(CommandFailure) {
        while buffer.count - next < count, !hasEnded { try fill() }
    }

    /// Makes `lines` those that are in memory whole, with their line feeds; false when there is none,
    /// or one that may be too long. Nothing is copied but what is left, to the memory that `lines` had.
    mutating func takeWholeLines(_ lines: inout [UInt8]) -> Bool {
        guard buffer.count - next <= limit || limit >= Self.chunk,
            let last = buffer[next...].lastIndex(of: UInt8(ascii: "\n"))
        else { return false }
        lines.removeAll(keepingCapacity: true)
        lines += buffer[(last + 1)...]
        swap(&lines, &buffer)
        lines.removeSubrange((last + 1)...)
        lines.removeSubrange(..<next)
        next = 0
        searched = 0
        return true
    }

    private func joined(_ long: [UInt8]?, _ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        long.map { $0[...] } ?? rest
    }

    private mutating func fill() throws(CommandFailure) {
        buffer.removeSubrange(..<next)
        searched = max(0, searched - next)
        next = 0
        do {
            let file = FileDescriptor(rawValue: handle.fileDescriptor)
            let before = buffer.count
            try FileCalls.read(file, atMostBytes: Self.chunk, behind: &buffer)
            hasEnded = buffer.count == before
            bytesRead += buffer.count - before
        } catch {
            throw CommandFailure(.inputOutput, "\(name): reading failed: \(error)")
        }
    }
}
