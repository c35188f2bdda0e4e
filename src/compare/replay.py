#!/usr/bin/env python3
"""Measures replay: many readers that have all missed the same events resume at the same time.

    src/compare/replay.py --port 8080 --viewer TOKEN --publisher TOKEN --pid PID [--readers 1000] [--events 1000]

Publishes the events in one request, opens a stream for each reader at the cursor before them, and counts until every
reader has received every event. Prints events per second and processor time per event; exits with 1 if an event is
missing. The gateway's limits.streams must allow this many readers.
"""
import argparse
import json
import os
import selectors
import socket
import sys
import time
import urllib.request

PATIENCE_SECONDS = 30


def publish(args, topic, body, content_type):
    request = urllib.request.Request(
        f"http://127.0.0.1:{args.port}/api/events",
        data=body.encode(),
        method="POST",
        headers={"Authorization": f"Bearer {args.publisher}", "Content-Type": content_type},
    )
    return json.load(urllib.request.urlopen(request))


def event(topic, data):
    return json.dumps({"topic": topic, "type": "bench.tick", "data": data})


def processor_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_all(readers, request, events):
    """Waits until each reader has received all events, for at most PATIENCE_SECONDS; returns how many arrived."""
    selector = selectors.DefaultSelector()
    got = dict.fromkeys(readers, 0)
    for reader in readers:
        selector.register(reader, selectors.EVENT_READ)
        reader.send(request)
    end = time.monotonic() + PATIENCE_SECONDS
    while selector.get_map() and time.monotonic() < end:
        for key, _ in selector.select(1):
            part = key.fileobj.recv(1 << 20)
            got[key.fileobj] += part.count(b'"@')
            if not part or got[key.fileobj] >= events:
                selector.unregister(key.fileobj)
    return sum(got.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--viewer", required=True)
    parser.add_argument("--publisher", required=True)
    parser.add_argument("--pid", type=int, required=True)
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--events", type=int, default=1000)
    args = parser.parse_args()
    topic = f"replay{time.time_ns()}"
    start = publish(args, topic, event(topic, "x"), "application/json")["cursor"]
    publish(args, topic, "\n".join([event(topic, "@" + "x" * 100)] * args.events), "application/x-ndjson")
    request = (
        f"GET /api/events?topics={topic}&since={start} HTTP/1.1\r\nHost: localhost\r\n"
        f"Accept: text/event-stream\r\nAuthorization: Bearer {args.viewer}\r\n\r\n"
    ).encode()
    readers = [socket.create_connection(("127.0.0.1", args.port)) for _ in range(args.readers)]
    began, used = time.monotonic(), processor_seconds(args.pid)
    total = read_all(readers, request, args.events)
    seconds = time.monotonic() - began
    per_event = (processor_seconds(args.pid) - used) * 1e6 / max(1, total)
    print(f"{total} of {args.readers * args.events} in {seconds:.2f} s: {total / seconds:,.0f}/s, {per_event:.2f} us each")
    sys.exit(0 if total >= args.readers * args.events else 1)


if __name__ == "__main__":
    main()
