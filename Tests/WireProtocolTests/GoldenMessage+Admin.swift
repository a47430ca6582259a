import WireProtocol

extension GoldenMessage {
    /// What operators want of a broker, and what it wants of supervisors.
    static let administration = verbs + replies + supervisors + orders

    private static func admin(
        _ name: String, id: UInt64, _ fill: (inout WireAdmin) -> Void
    ) -> GoldenMessage {
        GoldenMessage(
            name: name, header: Header(.admin, id: id, epoch: session),
            meta: make(WireAdmin(), fill))
    }

    private static let verbs = [
        admin("admin-configure", id: 4) {
            $0.configure.timeoutMs = 2_000
            $0.configure.loadBalancing = .leastConnections
        },
        admin("admin-node", id: 5) {
            $0.node.name = "w1"
            $0.node.active = false
        },
        admin("admin-add", id: 8) { $0.add = added },
        admin("admin-drain", id: 9) { $0.drain.name = "w1" },
        admin("admin-remove", id: 10) { $0.remove.name = "w1" },
        admin("admin-start", id: 11) { $0.start.name = "w1" },
        admin("admin-stop", id: 12) { $0.stop = WireStopCluster() },
    ]

    private static let supervisors = [
        GoldenMessage(
            name: "hello-supervisor", header: Header(.hello),
            meta: make(WireHello()) {
                $0.role = .supervisor
                $0.name = "sup1"
                $0.incarnation = 7011
                $0.versions.min = 1
                $0.versions.max = 1
                $0.pid = 600
                $0.host = "node-a"
            }),
        GoldenMessage(
            name: "welcome-supervisor", header: Header(.welcome, epoch: brokerEpoch),
            meta: welcome {
                $0.pingMs = 250
                $0.expiryMs = 10_000
            }),
        GoldenMessage(
            name: "event", header: Header(.event, epoch: brokerEpoch),
            meta: make(WireSupervisorReport()) {
                $0.supervisor = "sup1"
                $0.host = "node-a"
                $0.children = [
                    make(WireChildReport()) {
                        $0.name = "w1"
                        $0.state = .childReady
                        $0.pid = 812
                        $0.restarts = 1
                        $0.lastExit = "exited with code 0"
                        $0.lastExitPid = 640
                        $0.lastExitOrderly = true
                    }
                ]
            }),
    ]

    private static let added = make(WireAddNodes()) {
        $0.nodes = [
            make(WireNewNode()) {
                $0.name = "w3"
                $0.endpoint = "local://packages"
                $0.threads = 2
                $0.host = "node-a"
            }
        ]
    }

    private static let replies = [
        GoldenMessage(
            name: "admin-reply", header: Header(.adminReply, id: 4, epoch: session),
            meta: make(WireAdminReply()) {
                $0.settings = settings
                $0.settings.timeoutMs = 2000
                $0.settings.loadBalancing = .leastConnections
            }),
        GoldenMessage(
            name: "failed-order",
            header: Header(.failed, flags: .final, id: 9, epoch: session, index: Header.noItem),
            meta: WireFailed(.badRequest, "node 'w1': the supervisor is stopping")),
    ]

    private static func order(
        _ name: String, id: UInt64, _ fill: (inout WireAdmin) -> Void
    ) -> GoldenMessage {
        GoldenMessage(
            name: name, header: Header(.admin, id: id, epoch: brokerEpoch),
            meta: make(WireAdmin(), fill))
    }

    private static let orders = [
        order("order-add", id: 21) { $0.add = added },
        GoldenMessage(
            name: "order-reply", header: Header(.adminReply, id: 21, epoch: brokerEpoch),
            meta: WireAdminReply()),
        order("order-drain", id: 22) { $0.drain.name = "w1" },
        GoldenMessage(
            name: "order-failed", header: Header(.failed, id: 22, epoch: brokerEpoch),
            meta: WireFailed(.badRequest, "the supervisor is stopping")),
        order("order-remove", id: 23) { $0.remove.name = "w1" },
        order("order-start", id: 24) { $0.start.name = "w1" },
        order("order-stop", id: 25) { $0.stop = WireStopCluster() },
    ]
}
