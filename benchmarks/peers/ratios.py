#!/usr/bin/env python3
"""ratios.py OURS.jsonl PEERS.jsonl: a CSV table on standard output, peer's time over ours for each step both have.

And, from ours alone, the exact Gram step over the joint step of the same tasks, beside its arithmetic floor (2 + 4K) / 6.
"""

import csv
import json
import sys


def steps_of(path):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.startswith("{")]
    return [line for line in lines if line["kind"] == "step"]


def place(line):
    return line["step"], line["tasks"], line["batch"], line["hidden"]


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    ours = steps_of(sys.argv[1])
    by_place = {place(line): line for line in ours}
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["step", "tasks", "batch", "hidden", "beside", "ours_ms", "other_ms", "ratio", "floor"])
    for line in steps_of(sys.argv[2]) if len(sys.argv) == 3 else []:
        if own := by_place.get(place(line)):
            ratio = line["median_ms"] / own["median_ms"]
            row = [*place(line), f"torch {line['variant']}", own["median_ms"], line["median_ms"], f"{ratio:.3f}", ""]
            table.writerow(row)
    for line in ours:
        joint = by_place.get(("joint", line["tasks"], line["batch"], line["hidden"]))
        if line["step"] != "gram" or joint is None:
            continue
        ratio = line["median_ms"] / joint["median_ms"]
        floor = (2 + 4 * line["tasks"]) / 6
        table.writerow([*place(line), "joint step", line["median_ms"], joint["median_ms"], f"{ratio:.3f}", f"{floor:.3f}"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
