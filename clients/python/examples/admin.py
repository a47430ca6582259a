#!/usr/bin/env python3
"""Asks a Swiftlet broker for its status, or changes what it does (docs/protocol.md, ADMIN).

admin.py ENDPOINT status
admin.py ENDPOINT configure '{"timeout_ms": 2000, "load_balancing": "ROUND_ROBIN", "max_retries": 3}'
admin.py ENDPOINT node '{"name": "worker-1", "active": false}'   (or true; or "weight": 2.5)
admin.py ENDPOINT add '{"nodes": [{"name": "worker-3", "endpoint": "local://debian"}]}'
admin.py ENDPOINT remove '{"name": "worker-3"}'   (or drain, start)
admin.py ENDPOINT stop '{}'
"""
import json, random, struct, sys
import zmq

HELLO, WELCOME, UNKNOWN_PEER, GOODBYE, FAILED, JSON_FLAG = 1, 2, 5, 6, 14, 4
STATUS, STATUS_REPLY, ADMIN, ADMIN_REPLY = 15, 16, 28, 29
HEADER, SESSION = struct.Struct("<3sBBBBBQQII"), random.randrange(1, 2**53)

def send(command, body, request=0):
    header = HEADER.pack(b"SWF", 1, command, JSON_FLAG, 5, 0, request, SESSION, 0, 0)
    socket.send_multipart([header, json.dumps(body).encode()])

def receive():
    while socket.poll(10_000):
        header, *frames = socket.recv_multipart()
        _, _, command, _, _, _, _, session, _, _ = HEADER.unpack(header)
        if session == SESSION:
            return command, json.loads((frames and frames[0]) or "{}")
    sys.exit("the broker was silent for 10 s")

if len(sys.argv) < 3 or (sys.argv[2] != "status" and len(sys.argv) != 4):
    sys.exit(__doc__)
endpoint, verb, *argument = sys.argv[1:]
socket = zmq.Context.instance().socket(zmq.DEALER)
socket.linger = 1000
socket.connect(endpoint)
send(HELLO, {"role": "CLIENT", "name": "admin.py"})
while True:
    command, body = receive()
    if command == WELCOME and verb == "status":
        send(STATUS, {}, request=1)
    elif command == WELCOME:
        send(ADMIN, {verb: json.loads(argument[0])}, request=1)
    elif command in (FAILED, UNKNOWN_PEER):
        sys.exit(f"the broker refused: {json.dumps(body)}")
    elif command in (STATUS_REPLY, ADMIN_REPLY):
        send(GOODBYE, {})
        print(json.dumps(body))
        sys.exit()
