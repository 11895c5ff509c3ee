#!/usr/bin/env python3
"""Measures `bieu validate` against a program that only reads every cell with calamine (FLOOR), the
least work a reader can do, and prints a table. Needs Python on Linux and nothing else.

    python benches/generate.py DATA --files 2000 --convert 300
    python benches/run.py DATA --bieu target/release/bieu --floor PATH/TO/floor [--runs 5] [--only xlsx]

Programs take turns, so that what else the machine does hits both; medians of --runs. CPU time is
that of the whole process family, as the kernel counts it when the last of them is reaped. Peak
memory is the sum of the proportional set sizes of the family, so that shared pages count once,
sampled while the program runs in a run of its own: sampling costs time.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What is measured: name, ending, files, mapping, bar of CPU / floor, bar of wall / floor, bar of MiB.
# The mapping "chi-doc.toml" asks for a sheet that is not there: files are read, through workers and
# limits and into a report, and nothing is judged.
CASES = [
    ("read", "xlsx", 2000, "chi-doc.toml", 1.15, 1.25, 96),
    ("xlsx", "xlsx", 2000, "trong-trot.toml", 1.15, 1.25, 96),
    ("xlsx-few", "xlsx", 250, "trong-trot.toml", None, None, 96),
    ("xls", "xls", 300, "trong-trot.toml", 1.25, None, 96),
    ("ods", "ods", 300, "trong-trot.toml", 1.25, None, 96),
]


def run(command):
    """CPU and wall seconds of a program and everything it starts and waits for."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    outcome = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if outcome.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {outcome.returncode}: {outcome.stderr.decode()[-500:]}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall


def family(parent):
    found = [parent]
    for process in found:
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                found.extend(Path(f"/proc/{process}/task/{thread}/children").read_text().split())
        except OSError:
            continue
    return found


def memory(process):
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def peak(command):
    """Most MiB that the family held at once, and how many processes it had then."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, members = 0, 0
    while process.poll() is None:
        held = [memory(member) for member in family(str(process.pid))]
        if sum(held) > most:
            most, members = sum(held), len(held)
        time.sleep(0.01)
    return most / 1024, members


def shown(value, bar, digits=2):
    if value is None:
        return "-"
    text = f"{value:.{digits}f}"
    return text if bar is None else f"{text} ({'ok' if value <= bar else 'OVER'}, {bar})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--bieu", default=os.environ.get("BIEU", "target/release/bieu"))
    parser.add_argument("--floor", default=os.environ.get("FLOOR"), required="FLOOR" not in os.environ)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--most", type=int, help="at most so many files a case, for a quick look")
    parser.add_argument("--only", action="append", help="a case: " + ", ".join(case[0] for case in CASES))
    args = parser.parse_args()
    print(f"{'case':<10} {'files':>5} {'bieu s':>7} {'floor s':>7}  {'CPU/floor':<18} {'range':<12} {'wall/floor':<18} peak MiB")
    for name, ending, count, mapping, cpu_bar, wall_bar, memory_bar in CASES:
        if args.only and name not in args.only:
            continue
        count = min(count, args.most or count)
        files = sorted((args.data / ending).glob(f"*.{ending}"))[:count]
        if len(files) < count:
            print(f"{name:<10} skipped: {len(files)} of {count} files in {args.data / ending}")
            continue
        with tempfile.TemporaryDirectory(dir=args.data) as folder:
            for file in files:
                # The same bytes in a folder of their own.
                os.link(file, Path(folder) / file.name)
            bieu = [args.bieu, "validate", folder, "-m", str(args.data / mapping), "--jobs", args.jobs]
            floor = [args.floor, "-t", args.jobs, folder]
            for command in (bieu, floor):
                run(command)
            pairs = []
            for _ in range(args.runs):
                pairs.append((run(bieu), run(floor)))
                (mine, _), (least, _) = pairs[-1]
                print(f"{name}: {mine:.2f} s / {least:.2f} s = {mine / least:.2f}", file=sys.stderr, flush=True)
            most, members = peak(bieu)
        of = lambda pick: statistics.median(pick(pair) for pair in pairs)
        bieu_cpu, floor_cpu = of(lambda pair: pair[0][0]), of(lambda pair: pair[1][0])
        wall = of(lambda pair: pair[0][1]) / of(lambda pair: pair[1][1])
        ratios = [pair[0][0] / pair[1][0] for pair in pairs]
        print(
            f"{name:<10} {count:>5} {bieu_cpu:>7.2f} {floor_cpu:>7.2f}  {shown(bieu_cpu / floor_cpu, cpu_bar):<18} "
            f"{min(ratios):.2f}-{max(ratios):<7.2f} {shown(wall, wall_bar):<18} {shown(most, memory_bar, 1)}, {members} processes",
            flush=True,
        )


if __name__ == "__main__":
    main()
