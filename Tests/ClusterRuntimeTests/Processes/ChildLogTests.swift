import ClusterCore
import ClusterRuntime
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ChildLogTests {
    let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `output and errors of all runs are appended in order`() async throws {
        let children = try ShellChildren(in: folder)
        for run in 1...2 {
            _ = try await children.start("echo out \(run); echo error \(run) >&2")
            _ = try await children.next()
        }
        let text = try ScratchFolder.text(children.log.path(of: children.name))
        #expect(text == "out 1\nerror 1\nout 2\nerror 2\n")
    }

    @Test func `a large log is rotated at the next start, and one old one is kept`() async throws {
        let children = try ShellChildren(in: folder, logLimitBytes: 8)
        for run in 1...3 {
            _ = try await children.start("echo this is run \(run)")
            _ = try await children.next()
        }
        let current = children.log.path(of: children.name)
        #expect(try ScratchFolder.text(current) == "this is run 3\n")
        let previous = children.log.previousPath(of: children.name)
        #expect(try ScratchFolder.text(previous) == "this is run 2\n")
    }

    @Test func `a large log is rotated while its child writes on`() async throws {
        let fifo = try await folder.makeFIFO("ready")
        let children = try ShellChildren(in: folder, logLimitBytes: 8)
        let process = try await children.start(
            "trap 'echo after; exit 0' TERM; echo before the rotation; echo > \(fifo); read line")
        _ = try await ScratchFolder.readAll(fifo)
        #expect(try children.log.rotateLarge(children.name))
        #expect(try !children.log.rotateLarge(children.name), "it is small now")
        children.processes.send(.drain, to: process)
        _ = try await children.next()
        #expect(try ScratchFolder.text(children.log.path(of: children.name)) == "after\n")
        let previous = children.log.previousPath(of: children.name)
        #expect(try ScratchFolder.text(previous) == "before the rotation\n")
    }
}
