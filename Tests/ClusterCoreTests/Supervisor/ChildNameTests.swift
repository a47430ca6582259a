import ClusterCore
import Testing

struct ChildNameTests {
    @Test(arguments: ["a", "worker-1", "A.b_c-9", "7", String(repeating: "x", count: 64)])
    func `a plain name is taken`(text: String) {
        #expect(ChildName(text)?.text == text)
    }

    @Test(arguments: [
        "", ".", "..", ".hidden", "-option", "_x", "a/b", "a b", "a\n", "ä", "a\0",
        String(repeating: "x", count: 65),
    ])
    func `a name that is no safe file name is refused`(text: String) {
        #expect(ChildName(text) == nil)
    }

    @Test func `an exit is described with code or signal`() {
        #expect(ExitStatus.exited(code: 3).description == "exited with code 3")
        #expect(ExitStatus.killed(signal: 9).description == "killed by signal 9 (SIGKILL)")
        #expect(ExitStatus.killed(signal: 64).description == "killed by signal 64")
    }
}
