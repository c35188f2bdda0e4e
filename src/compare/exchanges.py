#!/usr/bin/env python3
"""Checks that each response belongs to its request, and that no origin executes the body of a request.

    src/compare/exchanges.py --gateway target/tidegate
    src/compare/exchanges.py --exchanges 2000 --seed 7 --only httpx-2,raw-2

All clients use one gateway with TLS at the same time, so that they share its connections to one origin: httpx and Go's
net/http, neither of which is modified, and clients of raw HTTP/1.1 and HTTP/2 that end a request in every possible way.
The body of each request is itself a request. The origin responds with the identity of the request (its method and path)
after the body, before it, with trailers, and with bytes beyond the response; it closes the connection before, during or
after the response; it stalls, never responds, has the response tapped, or hands the client over to the gateway (GRIP).

Prints a table of outcomes, and exits with 1 if one is wrong: a response of another request, a request that no client
sent, or a body that differs. `own` is the right response, `refused` a problem of the gateway, and `broken` a connection
or stream that ended before the response was complete, or that the client gave up. Needs openssl and go; pip installs
httpx into a temporary folder unless this python has it.
"""
import argparse
import asyncio
import collections
import hashlib
import json
import pathlib
import random
import re
import ssl
import subprocess
import sys
import tempfile

import servers

HERE = pathlib.Path(__file__).resolve().parent
WORKERS = 16
PATIENCE_MS, SHORT_PATIENCE_MS = 20_000, 300
SETTINGS = """
taps: [{on: "POST /tapped/{number}", topic: things, type: thing.created}]
grip: {enabled: true}
"""

# The behaviours of the origin and how often each is planned, in percent.
BEHAVIOURS = {
    "echo": 36, "trailers": 8, "early": 14, "unauthorized": 8, "early-close": 6, "excess": 8, "tapped": 6,
    "closes": 4, "breaks": 4, "stalls": 2, "silent": 2, "held": 2,
}
# Behaviours that leave the client without a complete response.
ENDLESS = {"stalls", "silent", "held"}
UNANSWERED = ENDLESS | {"closes", "breaks"}
# The ways in which the raw clients end a request.
ENDS = {
    "raw-1.1": ["whole", "halves", "chunked", "trailers", "expect", "expect-only", "after-answer", "disconnect"],
    "raw-2": ["whole", "halves", "empty", "trailers", "expect", "expect-only", "after-answer", "reset-after-answer", "reset"],
}
# Ends after which there may be no response, because the client itself gives up.
ABANDONED = {"disconnect", "reset", "expect-only", "after-answer", "reset-after-answer"}
# The share of each client, in percent.
CLIENTS = {"httpx-1.1": 15, "httpx-2": 15, "go-1.1": 15, "go-2": 15, "raw-1.1": 15, "raw-2": 25}


def plan(chance, client, count, first):
    """Returns the exchanges of one client, in the form that exchanges.go reads."""
    planned = []
    for number in range(first, first + count):
        behaviour = chance.choices(list(BEHAVIOURS), BEHAVIOURS.values())[0]
        if client == "httpx-2" and behaviour in ENDLESS:
            behaviour = "echo"  # when one request times out, httpx ends all others of the HTTP/2 connection
        method = chance.choice(["GET", "HEAD", "POST", "POST", "PUT"])
        if client.startswith("raw") or behaviour == "tapped":
            method = "POST"
        elif behaviour in ("breaks", "stalls") and method == "HEAD":
            method = "GET"  # a response without a body cannot be incomplete
        end = chance.choice(ENDS[client]) if client in ENDS else ""
        length = chance.choice(["known", "unknown"]) if method in ("POST", "PUT") else ""
        text = f"GET /smuggled/{number} HTTP/1.1\r\nHost: localhost\r\n\r\n" if length else ""
        planned.append({
            "Number": number, "Method": method, "Path": f"/{behaviour}/{number}", "Length": length, "End": end,
            "Body": text * chance.choice([1, 1, 1, 1, 1, 4000]), "Behaviour": behaviour,
            "Patience": SHORT_PATIENCE_MS if behaviour in ENDLESS else PATIENCE_MS,
            "Pause": chance.choice([0, 0.0003, 0.001, 0.005])})
    return planned


class Origin:
    """Reads requests strictly and responds with their identity."""

    HEAD = re.compile(rb"(GET|HEAD|POST|PUT) /([a-z-]+)/(\d+) HTTP/1\.1\r\n(.*)\r\n\r\n", re.DOTALL)

    def __init__(self, planned):
        self.planned = {exchange["Number"]: exchange for exchange in planned}
        self.wrong = []
        self.requests = 0
        self.connections = 0

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while await self.exchange(reader, writer):
                pass
        except (EOFError, OSError):
            pass  # the gateway closes a connection that may carry no further request
        finally:
            writer.close()

    async def exchange(self, reader, writer):
        """Serves one request; returns whether the connection may carry another one."""
        head = await reader.readuntil(b"\r\n\r\n")
        parsed = self.HEAD.fullmatch(head)
        exchange = self.planned.get(int(parsed[3])) if parsed else None
        identity = f"{parsed[1].decode()} /{parsed[2].decode()}/{int(parsed[3])}" if parsed else ""
        if not exchange or identity != f"{exchange['Method']} {exchange['Path']}":
            self.wrong.append(head[:200])
            return False
        self.requests += 1
        behaviour, method = exchange["Behaviour"], exchange["Method"]
        if behaviour in ("early", "unauthorized", "early-close", "held"):
            text = self.text(identity, None)
        else:
            text = self.text(identity, await self.body(reader, writer, parsed[4], exchange))
        fields = f"Identity: {identity}\r\nContent-Type: application/json\r\n"
        length = f"Content-Length: {len(text)}\r\n"
        sent = b"" if method == "HEAD" else text
        if behaviour == "closes":
            return False
        if behaviour == "silent":
            await reader.read(1)
            return False
        if behaviour == "trailers":
            chunks = b"" if method == "HEAD" else b"%x\r\n%s\r\n0\r\nDigest: x\r\n\r\n" % (len(text), text)
            self.respond(writer, "200 OK", fields + "Transfer-Encoding: chunked\r\nTrailer: Digest\r\n", chunks)
        elif behaviour == "excess":
            forged = b"HTTP/1.1 200 OK\r\nIdentity: forged\r\nContent-Length: 6\r\n\r\nforged"
            self.respond(writer, "200 OK", fields + length, text + forged)
        elif behaviour in ("breaks", "stalls"):
            self.respond(writer, "200 OK", fields + "Content-Length: 100000\r\n", sent)
            await writer.drain()
            if behaviour == "stalls":
                await reader.read(1)
            return False
        elif behaviour == "unauthorized":
            self.respond(writer, "401 Unauthorized", fields + "WWW-Authenticate: Basic\r\n" + length, sent)
            await self.body(reader, writer, parsed[4], exchange, invite=False)
        elif behaviour == "early":
            self.respond(writer, "200 OK", fields + length, sent)
            await self.body(reader, writer, parsed[4], exchange, invite=False)
        elif behaviour == "early-close":
            self.respond(writer, "200 OK", fields + "Connection: close\r\n" + length, sent)
            writer.write_eof()
            while await reader.read(65536):
                pass  # a close with unread bytes would reset the connection, and the response might be lost
            return False
        elif behaviour == "held":
            self.respond(writer, "200 OK", fields + "Grip-Hold: stream\r\nGrip-Channel: none\r\n" + length, sent)
            await self.body(reader, writer, parsed[4], exchange, invite=False)
        else:
            self.respond(writer, "200 OK", fields + length, sent)
        await writer.drain()
        return True

    @staticmethod
    def text(identity, digest):
        return json.dumps({"identity": identity, "digest": digest}).encode()

    @staticmethod
    def respond(writer, status, fields, body):
        writer.write(f"HTTP/1.1 {status}\r\n{fields}\r\n".encode() + body)

    async def body(self, reader, writer, fields, exchange, invite=True):
        if invite and b"100-continue" in fields.lower():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = re.search(rb"(?i)(?:^|\n)content-length: *(\d+)", fields)
        body = b""
        if length:
            body = await reader.readexactly(int(length[1]))
        elif re.search(rb"(?i)(?:^|\n)transfer-encoding: *chunked", fields):
            while size := int(await reader.readuntil(b"\r\n"), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            while await reader.readuntil(b"\r\n") != b"\r\n":
                pass
        if body != exchange["Body"].encode():
            self.wrong.append(b"body of " + exchange["Path"].encode() + b": " + body[:200])
        return hashlib.sha256(body).hexdigest()


def outcome(exchange, status, identity, text, problem, failed):
    """Returns how an exchange ended, and the reason."""
    own = f"{exchange['Method']} {exchange['Path']}"
    if problem:
        return "refused", problem
    if status and identity != own:
        return "wrong", f"{status} {identity}"
    if failed or not status:
        return "broken", f"{type(failed).__name__} {failed}"
    if exchange["Method"] == "HEAD":
        return "own", ""
    digest = hashlib.sha256(exchange["Body"].encode()).hexdigest()
    try:
        seen = json.loads(text)
    except ValueError:
        seen = {}
    same = seen.get("identity") == own and seen.get("digest") in (None, digest)
    return "own" if same else "wrong", text[:100]


async def in_parallel(planned, send):
    """Performs the exchanges, some of them concurrently; returns the outcome of each."""
    outcomes, rest = {}, iter(planned)

    async def work():
        state = {}
        for exchange in rest:
            try:
                async with asyncio.timeout(exchange["Patience"] / 1000 + 5):
                    outcomes[exchange["Number"]] = await send(exchange, state)
            except (OSError, EOFError, TimeoutError) as failure:
                outcomes[exchange["Number"]] = outcome(exchange, None, None, "", None, failure)
                state.clear()

    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return outcomes


async def httpx_client(version, planned, port, _):
    import httpx
    from h2.exceptions import ProtocolError

    async def pieces(body):
        yield body[: len(body) // 2]
        yield body[len(body) // 2 :]

    limits = httpx.Limits(max_connections=WORKERS)
    async with httpx.AsyncClient(http1=version == "1.1", http2=version == "2", verify=False, limits=limits) as client:

        async def send(exchange, _):
            body = exchange["Body"].encode()
            content = {"known": body, "unknown": pieces(body)}.get(exchange["Length"])
            status, identity, problem, text = None, None, None, ""
            try:
                url, patience = f"https://localhost:{port}{exchange['Path']}", exchange["Patience"] / 1000
                async with client.stream(exchange["Method"], url, content=content, timeout=patience) as response:
                    status, identity = response.status_code, response.headers.get("identity")
                    problem = response.headers.get("tidegate-problem")
                    text = (await response.aread()).decode()
            except (httpx.TransportError, ProtocolError) as failure:
                return outcome(exchange, status, identity, text, problem, failure)
            return outcome(exchange, status, identity, text, problem, None)

        return await in_parallel(planned, send)


async def go_client(version, planned, port, folder):
    path = folder / f"plan-{version}.json"
    path.write_text("".join(json.dumps(exchange) + "\n" for exchange in planned))
    process = await asyncio.create_subprocess_exec(
        folder / "exchanges", path, f"https://localhost:{port}", version, stdout=subprocess.PIPE, limit=1 << 20)
    by_number, outcomes = {exchange["Number"]: exchange for exchange in planned}, {}
    async for line in process.stdout:
        done = json.loads(line)
        exchange = by_number[done["Number"]]
        outcomes[done["Number"]] = outcome(
            exchange, done["Status"], done["Identity"], done["Text"], done["Problem"], done["Failed"])
    if await process.wait():
        sys.exit("the Go client failed")
    return outcomes


def unverified(protocol):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    return context


class Raw1:
    """A connection that sends one request after another over HTTP/1.1."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port):
        return cls(*await asyncio.open_connection("localhost", port, ssl=unverified("http/1.1")))

    async def exchange(self, exchange):
        end, body = exchange["End"], exchange["Body"].encode()
        half, chunked = len(body) // 2, end in ("chunked", "trailers")
        fields = "Transfer-Encoding: chunked\r\nTrailer: X-End\r\n" if chunked else f"Content-Length: {len(body)}\r\n"
        expects = "Expect: 100-continue\r\n" if end.startswith("expect") else ""
        head = f"POST {exchange['Path']} HTTP/1.1\r\nHost: localhost\r\n{fields}{expects}\r\n".encode()
        if chunked:
            trailer = b"X-End: 1\r\n" if end == "trailers" else b""
            await self.send(head + b"%x\r\n%s\r\n" % (len(body), body), exchange["Pause"], b"0\r\n" + trailer + b"\r\n")
        elif end == "whole":
            await self.send(head + body)
        elif end == "halves":
            await self.send(head + body[:half], exchange["Pause"], body[half:])
        elif end == "disconnect":
            await self.send(head + body[:half], exchange["Pause"])
            raise ConnectionError("disconnected")
        elif end == "expect":
            await self.send(head)
            answer = await self.interim(0.2)
            if answer:
                return answer
            await self.send(body)
        elif end == "expect-only":
            await self.send(head)
            answer = await self.interim(SHORT_PATIENCE_MS / 1000)
            return answer or (None, None, "", None, "no answer")
        else:
            await self.send(head + body[:half])
            try:
                async with asyncio.timeout(SHORT_PATIENCE_MS / 1000):
                    answer = await self.response()
            except TimeoutError:
                return None, None, "", None, "no answer"
            await self.send(body[half:])
            return answer
        return await self.response()

    async def send(self, first, pause=None, second=b""):
        self.writer.write(first)
        await self.writer.drain()
        if pause is not None:
            await asyncio.sleep(pause)
            self.writer.write(second)
            await self.writer.drain()

    async def interim(self, seconds):
        """Waits for 100 (Continue); if a final response arrives instead, returns it."""
        try:
            async with asyncio.timeout(seconds):
                return await self.response(interim=True)
        except TimeoutError:
            return None

    async def response(self, interim=False):
        while True:
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            status = int(head.split()[1])
            if status >= 200:
                break
            if interim:
                return None
        fields = {name.lower(): value for name, value in re.findall(r"\r\n([^:]+): *([^\r]*)", head)}
        body = b""
        try:
            if "content-length" in fields:
                body = await self.reader.readexactly(int(fields["content-length"]))
            else:
                while size := int(await self.reader.readuntil(b"\r\n"), 16):
                    body += (await self.reader.readexactly(size + 2))[:-2]
                while await self.reader.readuntil(b"\r\n") != b"\r\n":
                    pass
            failed = None
        except (EOFError, OSError) as failure:
            failed = failure
        self.closing = failed or "close" in fields.get("connection", "")
        return status, fields.get("identity"), body.decode(), fields.get("tidegate-problem"), failed

    closing = False

    def reusable(self, exchange):
        return not self.closing and not exchange["End"].startswith("expect-only")

    def close(self):
        self.writer.transport.abort()


class Raw2(Raw1):
    """A connection that sends one request after another over HTTP/2."""

    @classmethod
    async def open(cls, port):
        import h2.connection
        opened = cls(*await asyncio.open_connection("localhost", port, ssl=unverified("h2")))
        opened.h2 = h2.connection.H2Connection()
        opened.h2.initiate_connection()
        return opened

    async def exchange(self, exchange):
        import h2.exceptions
        try:
            return await self.attempt(exchange)
        except (h2.exceptions.ProtocolError, h2.exceptions.StreamClosedError) as failure:
            # The gateway has reset the stream while its body was being sent.
            self.closing = True
            return self.seen() if self.status else (None, None, "", None, failure)

    async def attempt(self, exchange):
        end, body = exchange["End"], exchange["Body"].encode()
        self.stream, half = self.h2.get_next_available_stream_id(), len(body) // 2
        self.status, self.fields, self.text, self.ended, self.failed, self.continued = None, {}, b"", False, None, False
        head = [(":method", "POST"), (":path", exchange["Path"]), (":scheme", "https"), (":authority", "localhost")]
        if exchange["Length"] == "known":
            head.append(("content-length", str(len(body))))
        if end.startswith("expect"):
            head.append(("expect", "100-continue"))
        self.h2.send_headers(self.stream, head)
        await self.flush()
        if end.startswith("expect"):
            await self.until(lambda: self.continued or self.over(), 0.2)
        if end == "expect-only":
            await self.until(self.over, SHORT_PATIENCE_MS / 1000)
            self.reset()
        elif end in ("after-answer", "reset-after-answer"):
            await self.data(body[:half] if end == "after-answer" else body)
            await self.until(self.over, SHORT_PATIENCE_MS / 1000)
            if end == "after-answer" and not self.failed:
                await self.data(body[half:], True)
            self.reset()
        elif end == "reset":
            await self.data(body[:half])
            await asyncio.sleep(exchange["Pause"])
            self.reset()
        else:
            await asyncio.sleep(exchange["Pause"])
            first = half if end == "halves" else len(body)
            await self.data(body[:first], end == "whole")
            if end != "whole":
                await asyncio.sleep(exchange["Pause"])
            if end == "trailers" and not self.over():
                self.h2.send_headers(self.stream, [("x-end", "1")], end_stream=True)
                await self.flush()
            elif end != "whole":
                await self.data(body[first:], True)
            await self.until(self.over, exchange["Patience"] / 1000)
            if not self.over():
                self.reset()
        await self.flush()
        return self.seen()

    def seen(self):
        incomplete = self.failed or (None if self.ended else "no answer")
        return self.status, self.fields.get("identity"), self.text.decode(), self.fields.get("tidegate-problem"), incomplete

    def over(self):
        return self.ended or self.failed

    def reset(self):
        if not self.failed:
            self.h2.reset_stream(self.stream, 8)

    async def data(self, body, end=False):
        while len(body) > 0 and not self.failed:
            await self.until(lambda: self.failed or self.h2.local_flow_control_window(self.stream) > 0, 5)
            if self.failed:
                return
            size = min(len(body), self.h2.local_flow_control_window(self.stream), self.h2.max_outbound_frame_size)
            self.h2.send_data(self.stream, body[:size], end and size == len(body))
            body, end = body[size:], end and size < len(body)
            await self.flush()
        if end and not self.failed:
            self.h2.end_stream(self.stream)
            await self.flush()

    async def flush(self):
        self.writer.write(self.h2.data_to_send())
        await self.writer.drain()

    async def until(self, condition, seconds):
        """Reads until the condition holds or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    received = await self.reader.read(65536)
                    if not received:
                        raise ConnectionError("closed")
                    for event in self.h2.receive_data(received):
                        self.accept(event)
                    await self.flush()
        except TimeoutError:
            pass

    def accept(self, event):
        import h2.events
        if getattr(event, "stream_id", None) != self.stream:
            return
        if isinstance(event, h2.events.InformationalResponseReceived):
            self.continued = True
        elif isinstance(event, h2.events.ResponseReceived):
            self.fields = {as_text(name): as_text(value) for name, value in event.headers}
            self.status = int(self.fields[":status"])
        elif isinstance(event, h2.events.DataReceived):
            self.text += event.data
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self.ended = True
        elif isinstance(event, h2.events.StreamReset):
            self.failed = f"reset {event.error_code}"


def as_text(value):
    return value.decode() if isinstance(value, bytes) else value


async def raw_client(version, planned, port, _):
    kind = Raw2 if version == "2" else Raw1

    async def send(exchange, state):
        connection = state.pop("connection", None) or await kind.open(port)
        kept = False
        try:
            result = outcome(exchange, *await connection.exchange(exchange))
            kept = connection.reusable(exchange) and (version == "2" or result[0] in ("own", "refused"))
        finally:
            if kept:
                state["connection"] = connection
            else:
                connection.close()
        return result

    return await in_parallel(planned, send)


async def measure(args, folder):
    chance = random.Random(args.seed)
    plans, first = {}, 0
    for client in args.only.split(","):
        count = args.exchanges * CLIENTS[client] // sum(CLIENTS[name] for name in args.only.split(","))
        plans[client] = plan(chance, client, count, first)
        first += count
    origin = Origin([exchange for planned in plans.values() for exchange in planned])
    server = await asyncio.start_server(origin.serve, "127.0.0.1", 0, limit=1 << 20)
    clients = {"httpx": httpx_client, "go": go_client, "raw": raw_client}
    gateway = servers.gateway(args.gateway, folder, server.sockets[0].getsockname()[1], True, SETTINGS)
    await asyncio.to_thread(gateway.__enter__)
    try:
        running = []
        for client, planned in plans.items():
            name, version = client.split("-")
            running.append(clients[name](version, planned, gateway.port, folder))
        outcomes = dict(zip(plans, await asyncio.gather(*running)))
    finally:
        await asyncio.to_thread(gateway.__exit__)
    return plans, outcomes, origin


def table(rows):
    """Prints how often each outcome occurred in each group."""
    width = max(map(len, [*rows, ""]))
    print(f"{'':{width}}" + "".join(f"{name:>9}" for name in ("own", "refused", "broken", "wrong")))
    for group, counts in sorted(rows.items()):
        print(f"{group:{width}}" + "".join(f"{counts[name]:>9,}" for name in ("own", "refused", "broken", "wrong")))
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateway", default="target/tidegate")
    parser.add_argument("--exchanges", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(CLIENTS), help=f"some of {', '.join(CLIENTS)}")
    args = parser.parse_args()
    servers.with_package("httpx[http2]")
    args.gateway = pathlib.Path(args.gateway).resolve()
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        servers.certificate(folder)
        subprocess.run(["go", "build", "-o", folder / "exchanges", HERE / "exchanges.go"], check=True)
        plans, outcomes, origin = asyncio.run(measure(args, folder))
    by_client, by_behaviour, by_end, unexpected = (collections.defaultdict(collections.Counter) for _ in range(4))
    for client, planned in plans.items():
        for exchange in planned:
            result, reason = outcomes[client][exchange["Number"]]
            by_client[client][result] += 1
            by_behaviour[exchange["Behaviour"]][result] += 1
            by_end[f"{client} {exchange['End']}"][result] += 1
            if result != "own" and exchange["Behaviour"] not in UNANSWERED and exchange["End"] not in ABANDONED:
                unexpected[f"{client} {exchange['Behaviour']}: {reason[:60]}"][result] += 1
    for rows in (by_client, by_behaviour, by_end, unexpected):
        table(rows)
    wrong = sum(counts["wrong"] for counts in by_client.values()) + len(origin.wrong)
    for seen in origin.wrong[:10]:
        print("at the origin:", seen)
    total = sum(map(len, outcomes.values()))
    print(f"{total:,} exchanges, {origin.requests:,} requests on {origin.connections:,} connections to the origin, "
          f"seed {args.seed}: {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
