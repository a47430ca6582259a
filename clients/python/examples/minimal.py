#!/usr/bin/env python3
"""Sends queries to a Swiftlet broker as one batch and prints their hits (docs/protocol.md)."""
import argparse, json, random, struct, sys
import zmq

HELLO, WELCOME, PING, UNKNOWN_PEER, GOODBYE, CREDIT = 1, 2, 3, 5, 6, 8
SUBMIT, RESULT, DONE, FAILED, JSON_FLAG, WHOLE_REQUEST = 10, 12, 13, 14, 4, 0xFFFFFFFF
HEADER, SESSION = struct.Struct("<3sBBBBBQQII"), random.randrange(1, 2**53)

def send(command, *parts, request=0):
    header = HEADER.pack(b"SWF", 1, command, JSON_FLAG, 5, 0, request, SESSION, 0, 0)
    socket.send_multipart([header] + [json.dumps(part).encode() for part in parts])

def receive():
    for _ in range(10):
        while socket.poll(1000):
            header, *frames = socket.recv_multipart()
            _, _, command, _, _, _, _, session, item, _ = HEADER.unpack(header)
            if session == SESSION:
                return command, item, [json.loads(frame or "{}") for frame in frames]
        send(PING, {})
    sys.exit("the broker was silent for 10 s")

def search(queries, **settings):
    answers = [{"query": query, "hits": [], "total_hits": 0} for query in queries]
    send(HELLO, {"role": "CLIENT", "name": "minimal.py"})
    while True:
        command, item, frames = receive()
        if command == WELCOME:
            send(SUBMIT, settings, *({"text": query} for query in queries), request=1)
        elif command == UNKNOWN_PEER or (command == FAILED and item == WHOLE_REQUEST):
            sys.exit(f"the broker refused: {frames[0]}")
        elif command == RESULT:  # perhaps one of several; an item's last one has the total
            hits = zip(frames[1].get("hits", []), frames[2])
            answers[item]["hits"] += [{"score": 0, **hit, "document": doc} for hit, doc in hits]
            answers[item]["total_hits"] = frames[0].get("total_hits", 0)
        elif command == FAILED:
            answers[item]["error"] = frames[0]
        elif command == DONE:
            send(GOODBYE, {})
            return answers
        if command in (RESULT, FAILED):
            send(CREDIT, {"results": 1})

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--limit", type=int, default=10)
parser.add_argument("--sort", action="append", default=[], metavar="FIELD[:desc]")
parser.add_argument("--traceparent", default="", help="the trace of the queries (W3C Trace Context)")
parser.add_argument("--json", action="store_true", help="print one JSON object a query")
parser.add_argument("endpoint")
parser.add_argument("query", nargs="+")
options = parser.parse_args()
socket = zmq.Context.instance().socket(zmq.DEALER)
socket.linger = 1000
socket.connect(options.endpoint)
keys = [{"field": key.removesuffix(":desc"), "descending": key.endswith(":desc")}
        for key in options.sort]
for answer in (answers := search(options.query, limit=options.limit, sort=keys,
                                 traceparent=options.traceparent)):
    outcome = answer.get("error") or f"{answer['total_hits']} hits"
    print(json.dumps(answer) if options.json else f"{answer['query']}: {outcome}")
    for rank, hit in enumerate([] if options.json else answer["hits"], 1):
        title = hit["document"].get("title") or hit["document"].get("summary", "")
        print(f"{rank:4} {hit['score']:10.4f}  {hit['id']}  {title}")
sys.exit(any("error" in answer for answer in answers))
