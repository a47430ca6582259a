/// Scripts of Python for what a shell cannot do.
enum PythonScripts {
    /// Waits for the ends of processes, given by their numbers; fails after 20 s without an end.
    static let waitForEnds = """
        import os, select, sys
        for process in map(int, sys.argv[1:]):
            try:
                ending = os.pidfd_open(process)
            except ProcessLookupError:
                continue
            poll = select.poll()
            poll.register(ending, select.POLLIN)
            if not poll.poll(20000):
                sys.exit(f"process {process} still runs")
        """

    /// Sends messages that no peer would send: from a seed, to endpoints.
    static let sendGarbage = """
        import random, struct, sys, zmq
        generator = random.Random(int(sys.argv[1]))
        context = zmq.Context()
        def frame():
            return generator.randbytes(generator.randrange(80))
        for endpoint in sys.argv[2:]:
            socket = context.socket(zmq.DEALER)
            socket.linger = 2000
            socket.sndtimeo = 5000
            socket.connect(endpoint)
            for _ in range(300):
                socket.send_multipart([frame() for _ in range(generator.randrange(1, 6))])
            for version in (0, 2, 255):
                header = struct.pack("<3sBBBBBQQII", b"SWF", version, 1, 4, 5, 0, 1, 2, 0, 0)
                socket.send_multipart([header, b'{"role": "CLIENT", "name": "old"}'])
            for command in range(256):
                header = struct.pack(
                    "<3sBBBBBQQII", b"SWF", 1, command, generator.choice((0, 4, 255)), 5, 0,
                    1, 2, 0, 0)
                socket.send_multipart([header, frame(), frame()])
            socket.send_multipart([b"x"] * 3000)
            socket.send(bytes(20 << 20))
            socket.close()
        context.term()
        """
}
