import Testing

@testable import ClusterCore

/// W3C Trace Context, as far as it is passed on.
struct ItemTraceTests {
    static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(arguments: [
        parent, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
        "00-00000000000000000000000000000001-0000000000000001-00",
    ])
    func `a traceparent of version 00 is passed on as it is`(_ text: String) {
        #expect(ItemTrace(parent: text, state: "")?.parent == text)
    }

    @Test(arguments: [
        ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "01"),
        ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0b-what-ever", "01"),
        ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe", "00"),
    ])
    func `one of a later version becomes one of version 00`(_ text: String, _ flags: String) {
        #expect(
            ItemTrace(parent: text, state: "")?.parent
                == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(flags)")
    }

    @Test(arguments: [
        "", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0é-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
    ])
    func `a malformed traceparent counts as none, whatever its tracestate`(_ text: String) {
        #expect(ItemTrace(parent: text, state: "a=b") == nil)
    }

    @Test(arguments: [
        "", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a=1, b=2,\tc=3 \t,,d=4 5",
        "tenant@system/x*y=!\"#$%&'()*+-./:;<>?@[]^_`{|}~", "0key=v",
        (1...32).map { "k\($0)=v" }.joined(separator: ","),
    ])
    func `a tracestate is passed on as it is`(_ state: String) {
        #expect(ItemTrace(parent: Self.parent, state: state)?.state == state)
    }

    @Test(arguments: [
        "novalue", "=v", "k=", "K=v", "_k=v", "k=v=w", "k=é", "k=\u{1}",
        (1...33).map { "k\($0)=v" }.joined(separator: ","),
        "k=" + String(repeating: "v", count: 257), String(repeating: "k", count: 257) + "=v",
        "a=" + String(repeating: "v", count: 250) + ",b=" + String(repeating: "v", count: 256)
            + ",c=d",
    ])
    func `a malformed tracestate is left out alone`(_ state: String) {
        let trace = ItemTrace(parent: Self.parent, state: state)
        #expect(trace?.parent == Self.parent)
        #expect(trace?.state == "")
    }
}
