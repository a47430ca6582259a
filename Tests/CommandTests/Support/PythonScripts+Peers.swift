/// Peers that speak the protocol as no client or worker of ours does.
extension PythonScripts {
    /// Stands between a worker and its broker. Its way is `silent`, which loses the worker's answers;
    /// `stale`, which sends the first five also under another epoch, with zeros for hits; or `spinning`:
    /// with its first tasks it works for ever, and hears and says no more. Arguments: the way, the
    /// endpoint for the worker, the broker's.
    static let standBetween = """
        import sys, zmq
        way, front, back = sys.argv[1:]
        context = zmq.Context()
        worker, broker, sender, forged = context.socket(zmq.ROUTER), None, None, 0
        worker.bind(front)
        poller = zmq.Poller()
        poller.register(worker, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
            if worker in ready:
                identity, *frames = worker.recv_multipart()
                if identity != sender:
                    if broker:
                        poller.unregister(broker)
                        broker.close(0)
                    sender, broker = identity, context.socket(zmq.DEALER)
                    broker.connect(back)
                    poller.register(broker, zmq.POLLIN)
                    ready.pop(broker, None)
                if frames[0][4] in (21, 22, 27):
                    if way == "silent":
                        continue
                    if forged < 5 and frames[0][4] == 21:
                        forged += 1
                        header = bytearray(frames[0])
                        header[16] ^= 1
                        broker.send_multipart(
                            [bytes(header), frames[1], bytes(len(frames[2]))] + frames[3:])
                broker.send_multipart(frames)
            if broker in ready:
                frames = broker.recv_multipart()
                while way == "spinning" and frames[0][4] == 20:
                    pass
                worker.send_multipart([sender] + frames)
        """

    /// Reports four times a second that a worker has a task past its deadline. Arguments: the
    /// endpoint for reports, the worker's name and process, and by how many milliseconds.
    static let reportOverdue = """
        import json, select, struct, sys, zmq
        endpoint, name, process, overdue = sys.argv[1:]
        reports = zmq.Context().socket(zmq.PUB)
        reports.connect(endpoint)
        body = {"role": "WORKER", "name": name, "pid": int(process), "state": "READY",
                "overdue_ms": int(overdue)}
        header = struct.pack("<3sBBBBBQQII", b"SWF", 1, 30, 4, 5, 0, 0, 0, 0, 0)
        while True:
            reports.send_multipart([f"h.default.{name}".encode(), header, json.dumps(body).encode()])
            select.select([], [], [], 0.25)
        """

    /// What clients begin with: messages in JSON.
    private static let client = """
        import json, random, select, struct, sys, zmq
        HELLO, WELCOME, PING, UNKNOWN_PEER, SUBMIT, DONE, FAILED = 1, 2, 3, 5, 10, 13, 14
        context = zmq.Context()
        class Client:
            def __init__(self, endpoint, name):
                self.session = random.randrange(1, 2**53)
                self.socket = context.socket(zmq.DEALER)
                self.socket.linger = 0
                self.socket.connect(endpoint)
                self.send(HELLO, {"role": "CLIENT", "name": name})
                assert self.receive()[0] == WELCOME
            def send(self, command, *parts, request=0):
                header = struct.pack(
                    "<3sBBBBBQQII", b"SWF", 1, command, 4, 5, 0, request, self.session, 0, 60000)
                self.socket.send_multipart(
                    [header] + [p if type(p) is bytes else json.dumps(p).encode() for p in parts])
            def receive(self, milliseconds=20000):
                if not self.socket.poll(milliseconds):
                    return None, None
                header, *frames = self.socket.recv_multipart()
                return header[4], json.loads(frames[0] or b"{}")
        """

    /// A client `slow` that submits 4000 items, says that it lives, and never reads. Argument: the
    /// broker's endpoint.
    static let neverRead =
        client + """

            slow = Client(sys.argv[1], "slow")
            for request in range(4):
                items = [{"text": f"word{i % 60} word{i // 60}", "limit": 100} for i in range(1000)]
                slow.send(SUBMIT, {}, *items, request=request + 1)
            while True:
                slow.send(PING, {})
                select.select([], [], [], 0.5)
            """

    /// Sends more than a frame may have, and more than a SUBMIT may have; says what comes of it, and
    /// of another client. Argument: the broker's endpoint.
    static let sendTooMuch =
        client + """

            def outcome(client):
                while True:
                    command, meta = client.receive()
                    if command in (DONE, FAILED, UNKNOWN_PEER, None):
                        return command, meta
            other, huge, large = (Client(sys.argv[1], name) for name in ("other", "huge", "large"))
            huge.send(SUBMIT, {}, bytes((16 << 20) + 1), request=1)
            command = None
            for _ in range(100):
                huge.send(PING, {})
                command, _ = huge.receive(200)
                if command:
                    break
            print("huge:", command)
            large.send(SUBMIT, {}, bytes(8 << 20), request=1)
            command, meta = outcome(large)
            print("large:", command, meta["code"])
            for client, name in (large, "large"), (other, "other"):
                client.send(SUBMIT, {}, {"text": "word1"}, request=2)
                command, meta = outcome(client)
                print(f"{name}:", command, meta["completed"])
            """
}
