#!/usr/bin/env python3
"""Measures how the cost of a delivery grows with streams, topics, the size of events, and event loops.

    src/jmh/growth/measure.py rows.csv               all rows, about twenty minutes
    src/jmh/growth/measure.py --quick rows.csv       the same format in two minutes, only to try it out
    src/jmh/growth/chart.py rows.csv chart.svg

Starts target/tidegate.jar on free ports with a temporary data folder, one process for each number of event loops, and
measures with the command `bench` of that jar. Nothing else should run on the machine meanwhile. The run is aborted if
an event is lost.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import tempfile

COLUMNS = ["series", "event_loops", "streams", "topics", "size", "rate", "events", "deliveries", "lost",
           "cpu_us_per_delivery", "deliveries_per_s", "p50_ms", "p99_ms", "resident_mib", "bytes_per_delivery",
           "generator_bottleneck"]

# Upper limits on the load, low enough for one event loop that shares the machine with a generator. The measured time is
# long enough for CPU clocks with a resolution of 10 ms.
DELIVERIES_A_SECOND = 40_000
BYTES_A_SECOND = 100_000_000
EVENTS_A_SECOND = 500
SLOWEST, FASTEST = 2.0, 50.0


# One client opens all streams, which the default limits would refuse.
SETTINGS = ["management.port=0", "journal.durability.other=process", "limits.streams.per-node=20000",
            "limits.streams.per-subject=20000", "limits.streams.per-address=20000",
            "limits.streams.attempts.per-minute=1000000", "limits.streams.attempts.burst=1000000"]


def plan(quick):
    """Yields each row as series, streams, topics and size. Parameters that a series does not vary have a fixed value."""
    streams = [100, 1000] if quick else [100, 300, 1000, 3000, 10_000, 15_000]
    topics = [1, 100] if quick else [1, 10, 100, 1000, 10_000]
    sizes = [50, 4096] if quick else [50, 200, 1024, 4096, 16_384, 65_536]
    spread = 500 if quick else 10_000
    yield from (("streams", n, 1, 100) for n in streams)
    yield from (("topics", spread, n, 100) for n in topics)
    yield from (("size", 200 if quick else 1000, 1, n) for n in sizes)


def pace(streams, topics, size, seconds):
    readers = streams / topics
    most = FASTEST if topics == 1 else EVENTS_A_SECOND
    rate = min(most, DELIVERIES_A_SECOND / readers, BYTES_A_SECOND / (readers * size))
    rate = max(round(rate, 1), SLOWEST)
    return rate, max(int(rate * seconds), 20)


class Node:
    """A gateway that this script has started, whose output is read until it has printed its address."""

    def __init__(self, java, jar, loops, settings):
        self.folder = tempfile.TemporaryDirectory(prefix="tidegate-growth")
        flags = ["--data", self.folder.name, "--port", "0"]
        for setting in [f"http.event-loops={loops}", *SETTINGS, *settings]:
            flags += ["--set", setting]
        self.log = open(os.path.join(self.folder.name, "log"), "w")
        self.process = subprocess.Popen([*java, "-jar", jar, "run", *flags], stdout=subprocess.PIPE, stderr=self.log,
                                        text=True)
        self.url = None
        for line in self.process.stdout:
            found = re.match(r"Tidegate runs at (\S+)", line)
            if found:
                self.url = found.group(1)
            if "/metrics" in line:
                break
        if not self.url:
            sys.exit("the gateway did not start: " + open(self.log.name).read())

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()


def bench(java, jar, node, streams, topics, size, rate, events, warm_up):
    command = [*java, "-jar", jar, "bench", "--url", node.url, "--data", node.folder.name, "--streams", str(streams),
               "--topics", str(topics), "--size", str(size), "--rate", str(rate), "--events", str(events),
               "--warm-up", str(warm_up), "--pid", str(node.process.pid), "--patience", "30s", "--json", "-"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{shlex.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def row(series, loops, result):
    settings, delivered, target = result["settings"], result["delivered"], result["target"]
    return {
        "series": series, "event_loops": loops, "streams": settings["streams"], "topics": settings["topics"],
        "size": settings["size"], "rate": settings["rate"], "events": settings["events"],
        "deliveries": delivered["deliveries"], "lost": delivered["lost"],
        "cpu_us_per_delivery": round(target["cpuMicrosPerDelivery"], 3),
        "deliveries_per_s": round(delivered["perSecond"]),
        "p50_ms": delivered["latencyMs"]["p50"], "p99_ms": delivered["latencyMs"]["p99"],
        "resident_mib": round(target["residentBytes"] / 2**20, 1),
        "bytes_per_delivery": round(delivered["bytesEach"], 1),
        "generator_bottleneck": int(result["generator"]["bottleneck"]),
    }


def machine(java, jar):
    """Yields lines that describe the environment, which become comments in front of the rows."""
    version = subprocess.run([*java, "-version"], capture_output=True, text=True).stderr.splitlines()
    product = subprocess.run([*java, "-jar", jar, "--version"], capture_output=True, text=True).stdout.strip()
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")),
                 platform.machine())
    yield f"{product}; {version[0] if version else 'unknown java'}"
    yield f"{os.cpu_count()} cores of {model}, Linux {platform.release()}; gateway and generator share them"
    yield f"{datetime.date.today()}; {shlex.join(java)}; {shlex.join(sys.argv)}"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("rows", help="the CSV file to write")
    options.add_argument("--quick", action="store_true", help="few and short rows")
    options.add_argument("--seconds", type=float, help="for each row; 15, or 3 with --quick")
    options.add_argument("--jar", default="target/tidegate.jar")
    options.add_argument("--java", default="java -Xmx1g -XX:+UseSerialGC", help="what runs the jar")
    options.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="for the gateway")
    given = options.parse_args()
    java = shlex.split(given.java)
    seconds = given.seconds or (3 if given.quick else 15)
    with open(given.rows, "w", newline="") as file:
        for line in machine(java, given.jar):
            print("# " + line, file=file)
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for loops in (1, 2):
            with Node(java, given.jar, loops, given.set) as node:
                # This warms up the process before the first row.
                bench(java, given.jar, node, 100, 1, 100, 200.0, 600 if given.quick else 4000, 0)
                for series, streams, topics, size in plan(given.quick):
                    rate, events = pace(streams, topics, size, seconds)
                    found = row(series, loops, bench(java, given.jar, node, streams, topics, size, rate, events,
                                                     max(events // 10, 5)))
                    table.writerow(found)
                    file.flush()
                    print(", ".join(f"{name} {value}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
