#!/usr/bin/env python3
"""gpu_busy.py REPORT.sqlite: what a report of Nsight Systems (nsys export --type sqlite) says of a selective epoch, as JSON.

The epoch is taken from the start of its first tenth of "begin_batch" ranges on (what is slow in the beginning is left out) to
the end of the last "group". Busy: the share of that time in which a kernel, copy or fill runs. Waits: calls of the host that wait
for the device, counted inside the calls on a batch.
"""

import json
import re
import sqlite3
import sys

WAITS = re.compile(r"Synchronize|^cudaMemcpy(?!.*Async)|^cudaMemset(?!.*Async)|^cuMemcpy(?!.*Async)|^cudaMalloc|^cudaFree|^cudaHostAlloc")


def tables_of(report):
    return {name for (name,) in report.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def ranges_of(report, name):
    """(start, end, thread) of the NVTX ranges with this name, whether their text is in place or in the table of strings."""
    return report.execute(
        "SELECT e.start, e.end, e.globalTid FROM NVTX_EVENTS e LEFT JOIN StringIds s ON e.textId = s.id "
        "WHERE coalesce(e.text, s.value) = ? AND e.end IS NOT NULL ORDER BY e.start",
        (name,),
    ).fetchall()


def covered(intervals):
    total, until = 0, None
    for start, end in sorted(intervals):
        if until is None or start > until:
            total += end - start
            until = end
        elif end > until:
            total += end - until
            until = end
    return total


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    report = sqlite3.connect(sys.argv[1])
    tables = tables_of(report)
    begins, groups = ranges_of(report, "begin_batch"), ranges_of(report, "group")
    if len(begins) < 20 or not groups:
        print(f"{sys.argv[1]} has {len(begins)} ranges begin_batch and {len(groups)} ranges group: no epoch", file=sys.stderr)
        return 1
    begins = begins[len(begins) // 10 :]
    first, last = begins[0][0], groups[-1][1]
    work = []
    for kind in ("KERNEL", "MEMCPY", "MEMSET", "GRAPH_TRACE"):
        table = f"CUPTI_ACTIVITY_KIND_{kind}"
        if table in tables:
            query = f"SELECT max(start, ?), min(end, ?) FROM {table} WHERE end > ? AND start < ?"
            work += report.execute(query, (first, last, first, last)).fetchall()
    calls = report.execute(
        "SELECT s.value, r.start FROM CUPTI_ACTIVITY_KIND_RUNTIME r JOIN StringIds s ON r.nameId = s.id "
        "WHERE r.start >= ? AND r.start < ?",
        (first, last),
    ).fetchall()
    # Names end in the version of the interface, as in cudaStreamSynchronize_v3020.
    waits = {}
    batches = [(start, end) for start, end, _ in begins] + [(s, e) for s, e, _ in groups if s >= first]
    batches.sort()
    at = 0
    for name, start in sorted(calls, key=lambda call: call[1]):
        while at < len(batches) and batches[at][1] <= start:
            at += 1
        inside = at < len(batches) and batches[at][0] <= start
        plain = re.sub(r"_v\d+$|_ptsz$", "", name)
        if inside and WAITS.search(plain):
            waits[plain] = waits.get(plain, 0) + 1
    json.dump(
        {
            "batches": len(begins),
            "seconds": (last - first) / 1e9,
            "busy_share": covered(work) / (last - first),
            "kernels_and_copies": len(work),
            "host_calls": len(calls),
            "host_waits": sum(waits.values()),
            "host_waits_per_batch": sum(waits.values()) / len(begins),
            "host_waits_by_name": waits,
        },
        sys.stdout,
        indent=2,
    )
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
