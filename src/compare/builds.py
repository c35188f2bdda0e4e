#!/usr/bin/env python3
"""Compares builds of the gateway with each other, in alternating rounds on one machine.

    src/compare/builds.py --rounds 5 before=/tmp/before/target/tidegate after=target/tidegate
    src/compare/builds.py off=target/tidegate on=target/tidegate,metrics.vertx.event-bus=true

Configuration options may follow a launcher, each after a comma.

Each round starts each build in turn as a new process with one event loop and measures it: startup, 1,000 streams (one
publish at a time, 16 connections with one publish in flight each, 50 events/s, memory), publishes to few streams, 10,000
streams, and proxied requests; --only selects some of these. Prints the medians and the median ratio of each build to the
first one of the same round; absolute figures drift within a run, so only the ratios are reliable. Exits with 1 if an event
is lost or a stream refused.

The gateway has one core to itself; the load generator and the origin share another. Needs two cores, gcc, nginx, wrk
and taskset; JAVA_HOME selects the JDK.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PORT, MANAGEMENT, ORIGIN = 9603, 9606, 9601
STARTUP_LIMIT_SECONDS = 60
SERVER_CORE, LOAD_CORE = "0", "1"

# Each figure: its name, and the number of digits to print.
FIGURES = {
    "startup, ms": 0,
    "resident, new process, MiB": 1,
    "resident, 1,000 streams, MiB": 1,
    "one at a time: CPU us per delivery": 2,
    "16 connections: CPU us per delivery": 2,
    "16 connections: deliveries/s": 0,
    "50 events/s: p50, ms": 2,
    "50 events/s: p99, ms": 2,
    "publishes: CPU us each": 1,
    "10,000 streams: CPU us per delivery": 2,
    "10,000 streams: KiB per stream": 2,
    "proxied requests/s": 0,
    "proxied: CPU us per request": 1,
}


class Gateway:
    """A running gateway with a new data folder, stopped by leaving the `with` block."""

    def __init__(self, build, work):
        self.command, *options = build.split(",")
        self.options = [part for option in options for part in ("--set", option)]
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        self.config = self.folder / "gateway.yaml"
        self.config.write_text(
            f"data: {self.folder}/data\n"
            f"http: {{port: {PORT}, event-loops: 1}}\n"
            f"management: {{port: {MANAGEMENT}}}\n"
            f"origins: [{{prefix: /origin, url: 'http://127.0.0.1:{ORIGIN}'}}]\n"
            "journal: {durability: {other: process}}\n"
            "limits: {requests: {exempt: [/]}, streams: {per-node: 20000, per-subject: 20000, per-address: 20000,\n"
            "  attempts: {per-minute: 6000000, burst: 100000}}}\n"
        )

    def __enter__(self):
        began = time.monotonic()
        log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, self.command, "run", "--config", self.config, *self.options],
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        while b"Tidegate runs at" not in (self.folder / "log").read_bytes():
            if self.process.poll() is not None or time.monotonic() - began > STARTUP_LIMIT_SECONDS:
                sys.exit((self.folder / "log").read_text())
            time.sleep(0.002)
        self.startup_ms = (time.monotonic() - began) * 1000
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait()

    def token(self, role):
        run = [self.command, "token", "--role", role, "--config", self.config]
        return subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip()

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(sseload, gateway, tokens, *options):
    """Runs sseload against the gateway and returns what it reports."""
    viewer, publisher = tokens
    command = ["taskset", "-c", LOAD_CORE, sseload, "--port", PORT, "--pid", gateway.process.pid, "--size", 100]
    command += ["--path", "/api/events?topics=bench", "--publish", "/api/events", "--limit-s", 120, *options]
    command += ["--body", '{"topic":"bench","type":"bench.tick","data":"{T}{P}"}']
    command += ["--header", f"Authorization: Bearer {viewer}", "--pub-header", f"Authorization: Bearer {publisher}"]
    report = json.loads(subprocess.run(map(str, command), check=True, capture_output=True, text=True).stdout)
    if report["lost"] or report["refused"] or report["publish_errors"]:
        sys.exit(f"failed run: {report}")
    return report


def wrk(connections, seconds):
    """Requests a 200-byte file through the gateway; returns the number of responses, in total and per second."""
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    output = subprocess.run(
        [*command, f"http://127.0.0.1:{PORT}/origin/small"], check=True, capture_output=True, text=True
    ).stdout
    if "Socket errors" in output or "Non-2xx" in output:
        sys.exit(output)
    return int(re.search(r"(\d+) requests in", output)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def measure_startup(gateway, _):
    return {"startup, ms": gateway.startup_ms, "resident, new process, MiB": gateway.resident_mib()}


def measure_streams(gateway, sseload):
    tokens = gateway.token("viewer"), gateway.token("publisher")
    figures = {}
    single = load(sseload, gateway, tokens, "--streams", 1000, "--events", 1000, "--warm", 300)
    figures["one at a time: CPU us per delivery"] = single["cpu_us_per_delivery"]
    rate = load(sseload, gateway, tokens, "--streams", 1000, "--events", 400, "--warm", 100, "--rate", 50)
    figures["50 events/s: p50, ms"] = rate["p50_us"] / 1000
    figures["50 events/s: p99, ms"] = rate["p99_us"] / 1000
    figures["resident, 1,000 streams, MiB"] = gateway.resident_mib()
    burst = load(sseload, gateway, tokens, "--streams", 1000, "--events", 1000, "--warm", 100, "--connections", 16)
    figures["16 connections: CPU us per delivery"] = burst["cpu_us_per_delivery"]
    figures["16 connections: deliveries/s"] = burst["deliveries_per_s"]
    return figures


def measure_publishes(gateway, sseload):
    """Uses few streams, so that publishing costs more than delivery."""
    tokens = gateway.token("viewer"), gateway.token("publisher")
    burst = load(sseload, gateway, tokens, "--streams", 10, "--events", 20000, "--warm", 5000, "--connections", 16)
    return {"publishes: CPU us each": burst["server_cpu_s"] * 1e6 / burst["events"]}


def measure_many(gateway, sseload):
    tokens = gateway.token("viewer"), gateway.token("publisher")
    many = load(sseload, gateway, tokens, "--streams", 10000, "--events", 60, "--warm", 20)
    return {
        "10,000 streams: CPU us per delivery": many["cpu_us_per_delivery"],
        "10,000 streams: KiB per stream": many["kib_per_stream"],
    }


def measure_proxy(gateway, sseload):
    wrk(32, 5)
    before = gateway.processor_seconds()
    requests, rate = wrk(32, 5)
    cost = (gateway.processor_seconds() - before) * 1e6 / requests
    return {"proxied requests/s": rate, "proxied: CPU us per request": cost}


PARTS = {
    "startup": measure_startup,
    "streams": measure_streams,
    "publishes": measure_publishes,
    "many": measure_many,
    "proxy": measure_proxy,
}


def measure(build, work, sseload, parts):
    figures = {}
    for part in parts:
        with Gateway(build, work) as gateway:
            figures.update(PARTS[part](gateway, sseload))
    return figures


def start_origin(work):
    (work / "origin").mkdir()
    (work / "origin" / "small").write_text("x" * 200)
    temporary = "".join(f"{kind}_temp_path {work}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (work / "origin.conf").write_text(
        f"worker_processes 1; pid {work}/origin.pid; error_log {work}/error.log;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; keepalive_requests 1000000000; {temporary}\n"
        f"server {{ listen 127.0.0.1:{ORIGIN} backlog=4096; root {work}; open_file_cache max=8; }} }}\n"
    )
    work.chmod(0o755)
    command = ["taskset", "-c", LOAD_CORE, "nginx", "-c", work / "origin.conf", "-e", work / "error.log"]
    return subprocess.Popen([*command, "-g", "daemon off;"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("builds", nargs="+", metavar="NAME=LAUNCHER[,KEY=VALUE...]")
    args = parser.parse_args()
    builds = dict(build.split("=", 1) for build in args.builds)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        sseload = work / "sseload"
        subprocess.run(["gcc", "-O2", "-w", "-o", sseload, HERE / "sseload.c"], check=True)
        origin = start_origin(work)
        try:
            rounds = []
            for number in range(args.rounds):
                # Each round starts with another build, because the after-effects of one build may slow the next one.
                order = list(builds)[number % len(builds) :] + list(builds)[: number % len(builds)]
                measured = {name: measure(builds[name], work, sseload, args.only.split(",")) for name in order}
                rounds.append(measured)
                print(json.dumps({"round": number + 1, **measured}), file=sys.stderr, flush=True)
        finally:
            origin.terminate()
            origin.wait()
    first = next(iter(builds))
    print(f"{args.rounds} rounds; median, and median of the ratios to {first}")
    print(f"{'':38}" + "".join(f"{name:>22}" for name in builds))
    for figure, digits in FIGURES.items():
        if figure not in rounds[0][first]:
            continue
        cells = []
        for name in builds:
            median = statistics.median(measured[name][figure] for measured in rounds)
            ratio = statistics.median(measured[name][figure] / measured[first][figure] for measured in rounds)
            cells.append(f"{median:,.{digits}f}" + ("" if name == first else f" ({ratio:.2f})"))
        print(f"{figure:38}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    main()
