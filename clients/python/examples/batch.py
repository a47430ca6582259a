#!/usr/bin/env python3
"""Sends queries to a Swiftlet broker as one batch, with any settings, and prints a line of JSON for each: its
answer, or why there is none; then the counts of DONE (docs/protocol.md, SUBMIT and CANCEL).

A query is text, or a JSON object with the members of an Item. Examples:
  batch.py ENDPOINT 'red fox' '{"text": "whale", "limit": 3, "documents": "NONE"}'
  batch.py ENDPOINT --settings '{"ledger": "FULL", "merge": "NODE_ORDER", "order": "SUBMISSION"}' fox
  batch.py ENDPOINT --priority 9 --budget-ms 500 fox
  batch.py ENDPOINT --cancel 1 fox whale     (the second query; or "all")
"""
import argparse, json, random, struct, sys
import zmq

HELLO, WELCOME, UNKNOWN_PEER, GOODBYE, CREDIT, CANCEL = 1, 2, 5, 6, 8, 9
SUBMIT, RESULT, DONE, FAILED, JSON_FLAG, WHOLE_REQUEST = 10, 12, 13, 14, 4, 0xFFFFFFFF
HEADER, SESSION = struct.Struct("<3sBBBBBQQII"), random.randrange(1, 2**53)

def send(command, *parts, request=0, index=0, priority=5, budget_ms=0):
    header = HEADER.pack(
        b"SWF", 1, command, JSON_FLAG, priority, 0, request, SESSION, index, budget_ms)
    socket.send_multipart([header] + [json.dumps(part).encode() for part in parts])

def receive():
    while socket.poll(20_000):
        header, *frames = socket.recv_multipart()
        _, _, command, _, _, _, _, session, item, _ = HEADER.unpack(header)
        if session == SESSION:
            return command, item, [json.loads(frame or "{}") for frame in frames] or [{}]
    sys.exit("the broker was silent for 20 s")

def submit(options):
    items = [json.loads(q) if q.startswith("{") else {"text": q} for q in options.query]
    send(SUBMIT, options.settings, *items, request=1, priority=options.priority,
         budget_ms=options.budget_ms)
    if options.cancel:  # ends what is left of it then, and is never an error
        index = WHOLE_REQUEST if options.cancel == "all" else int(options.cancel)
        send(CANCEL, {}, request=1, index=index)

def take_result(answer, meta, hits=None, documents=None):
    """Adds a RESULT, perhaps one of several: the last one has the total and the coverage."""
    hits = (hits or {}).get("hits", [])
    answer["hits"] += [hit | ({"document": documents[place]} if documents else {})
                       for place, hit in enumerate(hits)]
    answer.update(meta)

def answers(options):
    found = [{"query": query, "total_hits": 0, "hits": []} for query in options.query]
    send(HELLO, {"role": "CLIENT", "name": "batch.py"})
    while True:
        command, item, frames = receive()
        if command == WELCOME:
            submit(options)
        elif command == UNKNOWN_PEER or (command == FAILED and item == WHOLE_REQUEST):
            sys.exit(f"the broker refused: {json.dumps(frames[0])}")
        elif command == RESULT:
            take_result(found[item], *frames)
        elif command == FAILED:
            found[item] = {"query": options.query[item], "error": frames[0]}
        elif command == DONE:
            send(GOODBYE, {})
            return found, frames[0]
        if command in (RESULT, FAILED):
            send(CREDIT, {"results": 1})

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--settings", type=json.loads, default={}, metavar="JSON", help="of the Submit")
parser.add_argument("--priority", type=int, default=5, help="0 to 9; 9 goes first")
parser.add_argument("--budget-ms", type=int, default=0, help="0: as the broker is configured")
parser.add_argument("--cancel", metavar="NUMBER|all", help="cancel it as soon as it is sent")
parser.add_argument("endpoint")
parser.add_argument("query", nargs="+")
options = parser.parse_args()
socket = zmq.Context.instance().socket(zmq.DEALER)
socket.linger = 1000
socket.connect(options.endpoint)
found, done = answers(options)
for answer in found:
    print(json.dumps(answer))
print(json.dumps({name: done.get(name, 0) for name in ("completed", "failed", "cancelled")}))
sys.exit(any("error" in answer for answer in found))
