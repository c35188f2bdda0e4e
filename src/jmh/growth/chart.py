#!/usr/bin/env python3
"""Draws the rows that measure.py has written: src/jmh/growth/chart.py rows.csv chart.svg

The chart has three columns of panels (streams, topics, event size), two rows of panels (processor time, latency), and
one colour for each number of event loops. All axes are logarithmic. A hollow point stands for a row in which the
generator reported that it was too slow itself. Needs only Python.
"""

import csv
import math
import sys
from xml.sax.saxutils import escape

SERIES = [
    ("streams", "streams", "streams open, one topic, 100 characters"),
    ("topics", "topics", "topics, {streams} streams spread over them"),
    ("size", "size", "characters in an event, {streams} streams"),
]
PANELS = [
    ("processor time of the gateway per delivery, including its share of the publish, µs", [("cpu_us_per_delivery", False)]),
    ("latency from due time to delivery, ms", [("p50_ms", False), ("p99_ms", True)]),
]
COLOURS = {1: "#0b6e99", 2: "#c4510c"}
INK, FAINT, GRID = "#222", "#666", "#e4e4e4"
WIDTH, HEIGHT = 300, 230
LEFT, TOP, GAP_X, GAP_Y = 62, 78, 66, 84


def read(path):
    with open(path) as file:
        lines = file.readlines()
    notes = [line[1:].strip() for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    if any(float(row["lost"]) for row in rows):
        sys.exit("a row has lost events, so it cannot be used")
    return notes, rows


class Axis:
    """A logarithmic axis that begins and ends at 1, 2 or 5 times a power of ten and spans at least one decade."""

    def __init__(self, values, start, length):
        values = [value for value in values if value > 0] or [1, 10]
        low, high = self.step(min(values), math.floor), self.step(max(values), math.ceil)
        if high / low < 10:
            high = low * 10
        self.low, self.high, self.start, self.length = low, high, start, length

    @staticmethod
    def step(value, way):
        decade = 10 ** math.floor(math.log10(value))
        steps = [decade * one for one in (1, 2, 5, 10)]
        fitting = [one for one in steps if (one <= value * 1.0001 if way is math.floor else one >= value * 0.9999)]
        return max(fitting) if way is math.floor else min(fitting)

    def at(self, value):
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return self.start + share * self.length

    def ticks(self):
        """Returns the labelled values, which are only powers of ten if there are many decades."""
        ones = (1, 2, 5) if math.log10(self.high / self.low) <= 3.2 else (1,)
        first = math.floor(math.log10(self.low))
        every = [one * 10.0 ** power for power in range(first, first + 12) for one in ones]
        return [value for value in every if self.low * 0.999 <= value <= self.high * 1.001]


def number(value):
    if value >= 1000:
        return f"{value / 1000:g} k"
    return f"{value:g}"


class Svg:
    def __init__(self):
        self.parts = []

    def text(self, x, y, words, size=12, anchor="start", fill=INK, weight="normal", turn=None):
        turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}" '
                          f'font-weight="{weight}"{turned}>{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, colour, width=1.0):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
                          f'stroke-width="{width}"/>')

    def path(self, points, colour, dashed):
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" '
                          f'stroke="{colour}" stroke-width="2" stroke-linejoin="round"{dash}/>')

    def point(self, x, y, colour, hollow):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{"#fff" if hollow else colour}" '
                          f'stroke="{colour}" stroke-width="1.6"/>')

    def done(self, width, height):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
                f'viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif">\n'
                f'<rect width="{width}" height="{height}" fill="#fff"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


def panel(svg, rows, left, top, x_of, y_columns, x_label, y_axis):
    x_axis = Axis([float(row[x_of]) for row in rows], left, WIDTH)
    for value in x_axis.ticks():
        svg.line(x_axis.at(value), top, x_axis.at(value), top + HEIGHT, GRID)
        svg.text(x_axis.at(value), top + HEIGHT + 16, number(value), 11, "middle", FAINT)
    for value in y_axis.ticks():
        y = top + y_axis.at(value)
        svg.line(left, y, left + WIDTH, y, GRID)
        svg.text(left - 7, y + 4, number(value), 11, "end", FAINT)
    svg.text(left + WIDTH / 2, top + HEIGHT + 35, x_label, 12, "middle")
    for loops, colour in COLOURS.items():
        mine = sorted((row for row in rows if int(row["event_loops"]) == loops), key=lambda row: float(row[x_of]))
        for column, dashed in y_columns:
            points = [(x_axis.at(float(row[x_of])), top + y_axis.at(float(row[column]))) for row in mine]
            if points:
                svg.path(points, colour, dashed)
            for (x, y), row in zip(points, mine):
                svg.point(x, y, colour, row["generator_bottleneck"] == "1")


def legend(svg, rows):
    x = LEFT - 30
    svg.text(x, 30, "How the cost of a delivery grows", 18, weight="bold")
    for loops, colour in COLOURS.items():
        svg.path([(x, 52), (x + 26, 52)], colour, False)
        svg.point(x + 13, 52, colour, False)
        svg.text(x + 33, 56, f"{loops} event loop{'s' if loops > 1 else ''}")
        x += 140
    svg.path([(x, 52), (x + 26, 52)], FAINT, False)
    svg.text(x + 33, 56, "p50 (latency)")
    svg.path([(x + 140, 52), (x + 166, 52)], FAINT, True)
    svg.text(x + 173, 56, "p99 (latency)")
    if any(row["generator_bottleneck"] == "1" for row in rows):
        svg.point(x + 293, 52, FAINT, True)
        svg.text(x + 303, 56, "hollow: the generator was late itself, so the latency is an upper bound")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    notes, rows = read(sys.argv[1])
    svg = Svg()
    legend(svg, rows)
    for line, (title, columns) in enumerate(PANELS):
        top = TOP + 24 + line * (HEIGHT + GAP_Y)
        values = [float(row[column]) for row in rows for column, _ in columns]
        # The axis is reversed because y grows downwards in SVG, and shared by the panels of a row so that they can be
        # compared.
        y_axis = Axis(values, HEIGHT, -HEIGHT)
        svg.text(LEFT - 30, top - 12, title, 13, weight="bold")
        for place, (series, x_of, label) in enumerate(SERIES):
            mine = [row for row in rows if row["series"] == series]
            if mine:
                streams = f'{int(mine[0]["streams"]):,}'
                panel(svg, mine, LEFT + place * (WIDTH + GAP_X), top, x_of, columns, label.format(streams=streams), y_axis)
    bottom = TOP + 24 + len(PANELS) * (HEIGHT + GAP_Y) - 16
    for place, note in enumerate(notes):
        svg.text(LEFT - 30, bottom + 16 * place, note, 11, fill=FAINT)
    width = LEFT + len(SERIES) * (WIDTH + GAP_X) - 20
    with open(sys.argv[2], "w") as file:
        file.write(svg.done(width, bottom + 16 * len(notes)))


if __name__ == "__main__":
    main()
