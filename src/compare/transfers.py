#!/usr/bin/env python3
"""Transfers large bodies, slow bodies and many messages through the gateway, and through nginx in the same run.

    src/compare/transfers.py --gateway target/tidegate
    src/compare/transfers.py --only throughput,relay --rounds 5

    throughput  100 MB to and from the origin, compared by SHA-256, over HTTP/1.1, HTTP/1.1 with TLS, and HTTP/2
    relay       8 MB over HTTP/2 through a relay that delays each byte by 20 ms in each direction
    memory      ten times 1 GB in each direction: the growth of the gateway's resident memory
    stalled     other streams of an HTTP/2 connection with one stalled download and one stalled upload
    polls       400 long polls, and the latency of pages meanwhile
    slow        readers that pause for 55 s, uploads at 50 KB/s, and an origin's event stream with an event every five
                minutes, over HTTP/1.1 and HTTP/2; takes eleven minutes and therefore runs only if it is named

Absolute figures drift on a shared machine; only ratios within one run are reliable. Exits with 1 if a transfer fails or
its bytes differ. Needs nginx, curl and openssl; pip installs h2 into a temporary folder unless this python has it.
"""
import argparse
import asyncio
import hashlib
import http.client
import multiprocessing
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import servers

MB, GB = 1_000_000, 1_000_000_000
POLLS, POLL_SECONDS, PAGE_CLIENTS = 400, 12, 4
PAUSE_SECONDS, EVENT_SECONDS, EVENTS = 55, 300, 3
RELAY_SECONDS = 0.02
BLOCK = hashlib.shake_256(b"transfers").digest(1 << 20)
VERSIONS = {"HTTP/1.1": [], "HTTP/1.1, TLS": ["-k", "--http1.1"], "HTTP/2": ["-k", "--http2"]}


def content(size):
    return (BLOCK * (size // len(BLOCK) + 1))[:size]


class Origin:
    """Serves each connection on a thread, in a separate process. Keeps the last upload, to report its digest."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.listening.getsockname()[1]
        self.last = b""

    def start(self):
        multiprocessing.get_context("fork").Process(target=self.accept, daemon=True).start()
        self.listening.close()

    def accept(self):
        while True:
            connection, _ = self.listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection, connection.makefile("rb", buffering=1 << 20) as reader:
                while line := reader.readline():
                    method, path, _ = line.decode().split()
                    fields = dict(field.decode().strip().lower().split(": ", 1) for field in iter(reader.readline, b"\r\n"))
                    self.respond(connection, reader, method, path.split("/"), fields)
        except OSError:
            pass  # a client that has seen enough

    def respond(self, connection, reader, method, path, fields):
        if path[1] == "upload":
            self.last = self.body(reader, fields)
            self.whole(connection, b"received")
        elif path[1] == "discard":
            while piece := reader.read1(1 << 20):
                fields["content-length"] = int(fields["content-length"]) - len(piece)
                if fields["content-length"] <= 0:
                    break
            self.whole(connection, b"received")
        elif path[1] == "unread":
            time.sleep(3600)
        elif path[1] == "digest":
            self.whole(connection, hashlib.sha256(self.last).hexdigest().encode())
        elif path[1] == "bytes":
            size = int(path[2])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            while size > 0:
                connection.sendall(memoryview(BLOCK)[:size])
                size -= len(BLOCK)
        elif path[1] == "events":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in range(EVENTS):
                if number:
                    time.sleep(int(path[2]))
                event = f"data: {number}\n\n".encode()
                connection.sendall(b"%x\r\n%s\r\n" % (len(event), event))
            connection.sendall(b"0\r\n\r\n")
        elif path[1] == "poll":
            time.sleep(int(path[2]))
            self.whole(connection, b"polled")
        else:
            self.whole(connection, BLOCK[:2000])

    @staticmethod
    def body(reader, fields):
        if "content-length" in fields:
            body = bytearray(int(fields["content-length"]))
            view = memoryview(body)
            while view:
                view = view[reader.readinto(view) :]
            return body
        body = bytearray()
        while size := int(reader.readline(), 16):
            body += reader.read(size)
            reader.readline()
        reader.readline()
        return body

    @staticmethod
    def whole(connection, text):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))


class Relay:
    """Delays each byte between a client and a server, in a separate process."""

    def __init__(self, target):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.target = target

    def __enter__(self):
        self.process = multiprocessing.get_context("fork").Process(target=lambda: asyncio.run(self.run()), daemon=True)
        self.process.start()
        self.listening.close()
        return self

    def __exit__(self, *failure):
        self.process.terminate()

    async def run(self):
        server = await asyncio.start_server(self.connect, sock=self.listening)
        await server.serve_forever()

    async def connect(self, reader, writer):
        behind = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self.copy(reader, behind[1]), self.copy(behind[0], writer))

    @staticmethod
    async def copy(reader, writer):
        loop, in_transit = asyncio.get_running_loop(), asyncio.Queue()

        async def deliver():
            while True:
                due, piece = await in_transit.get()
                await asyncio.sleep(due - loop.time())
                if not piece:
                    writer.close()
                    return
                writer.write(piece)
                await writer.drain()

        delivery = asyncio.create_task(deliver())
        piece = b"-"
        while piece:
            try:
                piece = await reader.read(1 << 20)
            except OSError:
                piece = b""
            in_transit.put_nowait((loop.time() + RELAY_SECONDS, piece))
        await delivery


class Failed(Exception):
    """A transfer that did not complete."""


def curl(*options):
    """Runs curl; returns the duration of the transfer in seconds."""
    command = ["curl", "-s", "-S", "-f", "-H", "Expect:", "-w", "%{time_total}", *map(str, options)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{' '.join(command)}: {done.stderr}")
    return float(done.stdout)


class Measurement:
    """The programs of one run, and the files that clients send and receive."""

    def __init__(self, args, folder, origin):
        self.args, self.folder, self.origin = args, folder, origin
        self.sent, self.received = folder / "sent", folder / "received"
        self.running = {"nginx": {}, "nginx, unbuffered": {}, "gateway": {}}

    def __enter__(self):
        # Each program is listening before a port is chosen for the next one.
        for tls in (False, True):
            self.running["nginx"][tls] = servers.nginx(self.folder, self.origin.port, tls).__enter__()
            self.running["nginx, unbuffered"][tls] = servers.nginx(self.folder, self.origin.port, tls, False).__enter__()
            self.running["gateway"][tls] = servers.gateway(self.args.gateway, self.folder, self.origin.port, tls).__enter__()
        return self

    def __exit__(self, *failure):
        for pair in self.running.values():
            for server in pair.values():
                server.__exit__()

    def url(self, name, version, path, port=None):
        tls = version != "HTTP/1.1"
        if name == "direct":
            return f"http://127.0.0.1:{self.origin.port}{path}"
        return f"http{'s' if tls else ''}://localhost:{port or self.running[name][tls].port}{path}"

    def transfer(self, name, version, direction, size, port=None):
        """Transfers once and compares the bytes; returns the duration in seconds."""
        options = [] if name == "direct" else VERSIONS[version]
        if direction == "down":
            seconds = curl(*options, "-o", self.received, self.url(name, version, f"/bytes/{size}", port))
            digest = hashlib.sha256(self.received.read_bytes()).hexdigest()
        else:
            seconds = curl(*options, "-T", self.sent, "-o", os.devnull, self.url(name, version, "/upload", port))
            direct = http.client.HTTPConnection("127.0.0.1", self.origin.port)
            direct.request("GET", "/digest")
            digest = direct.getresponse().read().decode()
        if digest != hashlib.sha256(content(size)).hexdigest():
            raise Failed(f"{name} {version} {direction}: other bytes")
        return seconds

    def throughput(self):
        self.sent.write_bytes(content(100 * MB))
        print("100 MB, MB/s: median, and median of the ratios to the faster nginx of the same round")
        for version in VERSIONS:
            for direction in ("down", "up"):
                names = ["direct", *self.running]
                rounds = []
                for number in range(self.args.rounds + 1):
                    # The order rotates, because the after-effects of one transfer may slow the next one.
                    order = names[number % len(names) :] + names[: number % len(names)]
                    rounds.append({name: 100 / self.transfer(name, version, direction, 100 * MB) for name in order})
                rounds = rounds[1:]  # the first one warms up
                cells = []
                for name in names:
                    rate = statistics.median(seen[name] for seen in rounds)
                    ratio = statistics.median(
                        seen[name] / max(seen["nginx"], seen["nginx, unbuffered"]) for seen in rounds)
                    cells.append(f"{name} {rate:,.0f} ({ratio:.2f})")
                print(f"  {version:14} {direction:5}" + ";  ".join(cells), flush=True)

    def relay(self):
        self.sent.write_bytes(content(8 * MB))
        print("8 MB over HTTP/2 with 40 ms of round trip, s: median, and median of the ratios to the faster nginx")
        for direction in ("down", "up"):
            rounds = []
            for _ in range(self.args.rounds):
                seconds = {}
                for name, pair in self.running.items():
                    with Relay(pair[True].port) as relay:
                        seconds[name] = self.transfer(name, "HTTP/2", direction, 8 * MB, relay.port)
                rounds.append(seconds)
            cells = []
            for name in self.running:
                ratio = statistics.median(
                    seen[name] / min(seen["nginx"], seen["nginx, unbuffered"]) for seen in rounds)
                cells.append(f"{name} {statistics.median(seen[name] for seen in rounds):.2f} ({ratio:.2f})")
            print(f"  {direction:5}" + ";  ".join(cells), flush=True)

    def memory(self):
        server = self.running["gateway"][False]
        down = ["-o", os.devnull, self.url("gateway", "HTTP/1.1", f"/bytes/{GB}")]
        up = ["-o", os.devnull, "-T", self.sent, self.url("gateway", "HTTP/1.1", "/discard")]
        # Small transfers come first, to warm up the programs.
        self.sent.write_bytes(content(10 * MB))
        curl(*down[:2], self.url("gateway", "HTTP/1.1", f"/bytes/{10 * MB}"))
        curl(*up)
        os.truncate(self.sent, GB)
        before, seen, ended = server.resident_mib(), [], threading.Event()

        def sample():
            while not ended.wait(0.05):
                seen.append(server.resident_mib())

        sampler = threading.Thread(target=sample)
        sampler.start()
        try:
            for _ in range(10):
                curl(*down)
                curl(*up)
        finally:
            ended.set()
            sampler.join()
        print(f"ten times 1 GB in each direction: {before:.1f} MiB before, at most {max(seen):.1f} meanwhile, "
              f"{server.resident_mib():.1f} afterwards", flush=True)

    def stalled(self):
        import stalled_stream
        port = self.running["gateway"][True].port
        pages, uploads = stalled_stream.run(port)
        print("beside a stalled download and a stalled upload on the same HTTP/2 connection, ms: "
              f"200 pages, median {statistics.median(pages):.1f}, at most {max(pages):.1f}; "
              f"20 uploads of 500 KB, median {statistics.median(uploads):.1f}, at most {max(uploads):.1f}", flush=True)

    def polls(self):
        print(f"{POLLS} long polls of {POLL_SECONDS} s beside {PAGE_CLIENTS} clients that request pages")
        for number in range(2):
            for name in ("nginx", "gateway"):
                port = self.running[name][False].port
                alone = pages(port, 3)
                served = []
                polling = threading.Thread(target=lambda: served.append(asyncio.run(poll(port))))
                polling.start()
                time.sleep(1.5)
                beside = pages(port, POLL_SECONDS - 4)
                polling.join()
                if served != [POLLS]:
                    raise Failed(f"{name}: {served} polls were served")
                print(f"  round {number + 1}, {name}: all served; ms for a page, alone {quantiles(alone)}; "
                      f"beside the polls {quantiles(beside)}", flush=True)

    def slow(self):
        results, threads = {}, []

        def run(label, task, *arguments):
            def record():
                try:
                    results[label] = task(*arguments)
                except Exception as failure:
                    results[label] = f"FAILED {failure}"
            threads.append(threading.Thread(target=record))
            threads[-1].start()

        self.sent.write_bytes(content(3 * MB))
        for version, options in VERSIONS.items():
            run(f"{version}, reader that pauses", self.pause, version, options)
            run(f"{version}, upload at 50 KB/s", lambda *given: f"{curl(*given):.0f} s", *options, "--limit-rate", 50_000,
                "-T", self.sent, "-o", os.devnull, self.url("gateway", version, "/discard"))
            run(f"{version}, event stream", self.events, version, options)
        for thread in threads:
            thread.join()
        for label, result in results.items():
            print(f"  {label}: {result}")
        if "FAILED" in str(results):
            raise Failed("slow transfers")

    def pause(self, version, options):
        """Stops curl in the middle of a download, for almost a minute."""
        received = self.folder / f"received-{len(options)}-{options[-1:]}"
        process = subprocess.Popen(["curl", "-sSf", *options, "--limit-rate", "20M", "-o", received,
                                    self.url("gateway", version, f"/bytes/{100 * MB}")])
        while process.poll() is None and (not received.exists() or received.stat().st_size < 10 * MB):
            time.sleep(0.01)
        if process.poll() is not None:
            raise Failed("the download did not begin")
        process.send_signal(signal.SIGSTOP)
        time.sleep(PAUSE_SECONDS)
        at = received.stat().st_size
        process.send_signal(signal.SIGCONT)
        if process.wait() or hashlib.sha256(received.read_bytes()).digest() != hashlib.sha256(content(100 * MB)).digest():
            raise Failed("not all bytes")
        received.unlink()
        return f"complete after a pause of {PAUSE_SECONDS} s at {at / MB:.0f} MB"

    def events(self, version, options):
        began = time.monotonic()
        done = subprocess.run(["curl", "-sSfN", *options, self.url("gateway", version, f"/events/{EVENT_SECONDS}")],
                              capture_output=True, text=True)
        if done.returncode or re.findall(r"data: (\d+)", done.stdout) != [str(number) for number in range(EVENTS)]:
            raise Failed(f"{done.stdout} {done.stderr}")
        return f"{EVENTS} events in {time.monotonic() - began:.0f} s"


def pages(port, seconds):
    """Requests pages for some seconds; returns the duration of each request in milliseconds."""
    taken = []

    def request():
        client = http.client.HTTPConnection("127.0.0.1", port)
        end = time.monotonic() + seconds
        while (began := time.monotonic()) < end:
            client.request("GET", "/page")
            if client.getresponse().read() != BLOCK[:2000]:
                raise Failed("another page")
            taken.append((time.monotonic() - began) * 1000)
            time.sleep(0.005)

    clients = [threading.Thread(target=request) for _ in range(PAGE_CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return taken


def quantiles(taken):
    return f"p50 {statistics.median(taken):.2f}, p99 {statistics.quantiles(taken, n=100)[98]:.2f}"


async def poll(port):
    """Sends long polls at the same time; returns how many were answered."""

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /poll/{POLL_SECONDS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        return answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"polled")

    return sum(await asyncio.gather(*(one() for _ in range(POLLS))))


PARTS = ["throughput", "relay", "memory", "stalled", "polls", "slow"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", default="target/tidegate")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS[:-1]), help=f"some of {', '.join(PARTS)}")
    args = parser.parse_args()
    servers.with_package("h2")
    args.gateway = pathlib.Path(args.gateway).resolve()
    origin = Origin()
    origin.start()
    # In memory, if possible, because the comparison is not about disks.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as work:
        folder = pathlib.Path(work)
        servers.certificate(folder)
        with Measurement(args, folder, origin) as measurement:
            failed = False
            for part in args.only.split(","):
                try:
                    getattr(measurement, part)()
                except (Failed, OSError) as failure:
                    failed = True
                    print(f"FAILED {part}: {failure}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
