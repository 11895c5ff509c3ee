#!/usr/bin/env python3
"""Measures `bieu validate` against a program that only reads every cell with calamine (FLOOR), the
least work a reader can do, and prints a table. Needs Python on Linux and nothing else.

    python benches/generate.py DATA --files 2000 --convert 300 --formats 300
    python benches/big.py DATA/big --rows 200000 --columns 20      also 50000 x 20, 100000 x 20 and 1000000 x 10
    python benches/run.py DATA --bieu target/release/bieu --floor PATH/TO/floor [--runs 5] [--only xlsx]
        [--peers PYTHON]    a Python that has pandas, openpyxl, polars, fastexcel, python-calamine and XlsxWriter
        [--floor-write PATH]    benches/floor-write, built with `cargo build --release`
        [--before PATH]     another bieu, whose writing is measured in the same run

Programs take turns, so that what else the machine does hits both; medians of --runs. CPU time is
that of the whole process family, as the kernel counts it when the last of them is reaped. Peak
memory is the sum of the proportional set sizes of the family, so that shared pages count once,
sampled while the program runs in a run of its own: sampling costs time.
"""

import argparse
import json
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
READING = [
    ("read", "xlsx", 2000, "chi-doc.toml", 1.15, 1.25, 96),
    ("xlsx", "xlsx", 2000, "trong-trot.toml", 1.15, 1.25, 96),
    ("xlsx-few", "xlsx", 250, "trong-trot.toml", None, None, 96),
    ("xls", "xls", 300, "trong-trot.toml", 1.25, None, 96),
    ("ods", "ods", 300, "trong-trot.toml", 1.25, None, 96),
]
OTHERS = ["formats", "convert", "write", "twice", "big", "small", "peers"]
# The same submissions in every format: ending, mapping.
FORMATS = [("xlsx", "trong-trot"), ("xlsb", "trong-trot"), ("xls", "trong-trot"), ("ods", "trong-trot"), ("csv", "csv")]


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


def reading(args):
    print(f"{'case':<10} {'files':>5} {'bieu s':>7} {'floor s':>7}  {'CPU/floor':<18} {'range':<12} {'wall/floor':<18} peak MiB")
    for name, ending, count, mapping, cpu_bar, wall_bar, memory_bar in READING:
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


def formats(args):
    """What a reading costs in each format, read and judged, and what reading alone is of it."""
    count = min(100, args.most or 100)
    print(f"{'format':<7} {'readings':>9} {'us a reading':>13} {'range':<12} {'reading alone':>14}")
    for ending, mapping in FORMATS:
        found = sorted((args.data / ending).glob(f"xa-*{'' if ending == 'csv' else '.' + ending}"))[:count]
        if len(found) < count:
            print(f"{ending:<7} skipped: {len(found)} of {count} in {args.data / ending}")
            continue
        with tempfile.TemporaryDirectory(dir=args.data) as folder:
            for one in found:
                files = [one] if one.is_file() else sorted(one.iterdir())
                for file in files:
                    to = Path(folder) / file.relative_to(args.data / ending)
                    to.parent.mkdir(exist_ok=True)
                    os.link(file, to)
            judged = [args.bieu, "validate", folder, "-m", str(args.data / f"{mapping}.toml"), "--jobs", "1"]
            read = [args.bieu, "validate", folder, "-m", str(args.data / "chi-doc.toml"), "--jobs", "1"]
            runs = interleaved(args, {"judged": judged, "read": read})
            report = subprocess.run([*judged, "--format", "json"], stdout=subprocess.PIPE, check=False).stdout
            readings = sum(one["readings"] for one in json.loads(report)["submissions"])
        each, span = between(runs, lambda cpu: cpu["judged"] / readings * 1e6)
        alone, _ = between(runs, lambda cpu: cpu["read"] / readings * 1e6)
        print(f"{ending:<7} {readings:>9} {each:>13.2f} {span:<12} {alone:>14.2f}", flush=True)


def linked(args, folder, count):
    files = sorted((args.data / "xlsx").glob("*.xlsx"))[:count]
    for file in files:
        os.link(file, Path(folder) / file.name)
    return files


def interleaved(args, commands):
    """CPU and wall seconds of every command, run after run; each once before, for the caches."""
    for command in commands.values():
        run(command)
    runs = []
    for _ in range(args.runs):
        runs.append({name: run(command) for name, command in commands.items()})
        print({name: round(cpu, 2) for name, (cpu, _) in runs[-1].items()}, file=sys.stderr, flush=True)
    return runs


def median(runs, name, at=0):
    return statistics.median(one[name][at] for one in runs)


def between(runs, ratio):
    values = [ratio({name: cpu for name, (cpu, _) in one.items()}) for one in runs]
    return statistics.median(values), f"{min(values):.2f}-{max(values):.2f}"


def convert(args):
    """Writing alone cannot be run by itself: it is what `convert` takes beyond `validate`."""
    count = min(2000, args.most or 2000)
    with tempfile.TemporaryDirectory(dir=args.data) as folder, tempfile.TemporaryDirectory(dir=args.data) as out:
        linked(args, folder, count)
        mapped = ["-m", str(args.data / "trong-trot.toml"), "--jobs", args.jobs]
        runs = interleaved(args, {
            "convert": [args.bieu, "convert", folder, *mapped, "-o", out, "--force", "--quiet"],
            "validate": [args.bieu, "validate", folder, *mapped],
            "floor": [args.floor, "-t", args.jobs, folder],
        })
    ratio, span = between(runs, lambda cpu: cpu["convert"] / (cpu["floor"] + cpu["convert"] - cpu["validate"]))
    print(
        f"convert {count} files: {median(runs, 'convert'):.2f} s, validate {median(runs, 'validate'):.2f} s, "
        f"floor {median(runs, 'floor'):.2f} s; convert / (floor + writing): {shown(ratio, 1.25)}, {span}", flush=True
    )


def write(args):
    """One commune with 3,000 readings: what writing takes beyond validating, against a program that
    writes the same cells and links with rust_xlsxwriter and nothing else, and against peers. And the
    sample commune, all of `convert` against all of `validate`."""
    file = args.data / "xlsx" / "xa-0001.xlsx"
    mapped = ["-m", str(args.data / "trong-trot.toml"), "--second-reader", "off"]
    here = Path(__file__).parent
    programs = {"bieu": args.bieu} | ({"before": args.before} if args.before else {})
    with tempfile.TemporaryDirectory(dir=args.data) as folder:
        folder = Path(folder)
        out, cells = str(folder / "out.xlsx"), str(folder / "cells.txt")
        commands, sample = {}, [str(here.parent / "samples" / "luc-binh-2023"), "--second-reader", "off"]
        for name, program in programs.items():
            wrote = ["-o", out, "--force", "--quiet"]
            commands[name] = [program, "convert", str(file), *mapped, *wrote]
            commands[f"{name} without"] = [program, "validate", str(file), *mapped]
            commands[f"{name} sample"] = [program, "convert", *sample, *wrote]
            commands[f"{name} sample without"] = [program, "validate", *sample]
        if args.peers:
            run(commands["bieu"])
            subprocess.run([args.peers, str(here / "peers" / "cells.py"), out, cells], check=True)
            others = {name: [args.peers, str(here / "peers" / "write.py"), name] for name in ("xlsxwriter", "openpyxl")}
            if args.floor_write:
                others["floor"] = [args.floor_write]
            for name, command in others.items():
                commands[name] = [*command, cells, str(folder / "peer.xlsx")]
                commands[f"{name} without"] = [*command, cells]
        for command in commands.values():
            run(command)
        runs = [{name: run(command) for name, command in commands.items()} for _ in range(5 * args.runs)]
        most = {name: peak(command)[0] for name, command in commands.items() if "without" not in name}
    wrote = lambda cpu, name: cpu[name] - cpu[f"{name} without"]
    for name in [*programs, "floor", "xlsxwriter", "openpyxl"]:
        if name not in commands:
            print(f"write {name} skipped: --floor-write, --peers")
            continue
        taken = statistics.median(wrote({n: cpu for n, (cpu, _) in one.items()}, name) for one in runs) * 1000
        line = f"write {name:<10} {taken:>6.1f} ms, {most[name]:.1f} MiB"
        if name in programs and "floor" in commands:
            ratio, span = between(runs, lambda cpu: wrote(cpu, name) / wrote(cpu, "floor"))
            line += f"; times the floor {shown(ratio, 1.3)}, {span}"
        if name in ("xlsxwriter", "openpyxl"):
            ratio, span = between(runs, lambda cpu: wrote(cpu, name) / wrote(cpu, "bieu"))
            least = {"xlsxwriter": 4, "openpyxl": 12}[name]
            line += f"; times bieu {ratio:.1f} ({'ok' if ratio >= least else 'UNDER'}, {least}), {span}"
        print(line, flush=True)
    for name in programs:
        ratio, span = between(runs, lambda cpu: cpu[f"{name} sample"] / cpu[f"{name} sample without"])
        both = [median(runs, f"{name} sample{end}") * 1000 for end in ("", " without")]
        print(
            f"sample commune, {name}: convert {both[0]:.1f} ms, validate {both[1]:.1f} ms, {shown(ratio, 1.7)}, {span}", flush=True
        )


def twice(args):
    most = min(2000, args.most or 2000)
    with tempfile.TemporaryDirectory(dir=args.data) as half, tempfile.TemporaryDirectory(dir=args.data) as whole:
        linked(args, half, most // 2)
        linked(args, whole, most)
        mapped = ["-m", str(args.data / "trong-trot.toml"), "--jobs", args.jobs]
        runs = interleaved(args, {name: [args.bieu, "validate", folder, *mapped] for name, folder in (("half", half), ("whole", whole))})
    ratio, span = between(runs, lambda cpu: cpu["whole"] / cpu["half"])
    print(f"twice the files ({most // 2} and {most}): CPU x {shown(ratio, 2.15)}, {span}", flush=True)


def one_sheet(args, name):
    """How `bieu` judges a sheet of big.py, in a process that may use what it needs."""
    folder = args.data / "big" / name
    if not (folder / "to.xlsx").exists():
        return None
    limits = ["--jobs", "1", "--max-memory", "4096", "--timeout", "600"]
    return [args.bieu, "validate", str(folder / "to.xlsx"), "-m", str(folder / "to.toml"), *limits]


def big(args):
    for name, memory_bar in (("200000x20", 64), ("1000000x10", 160)):
        command = one_sheet(args, name)
        if command is None:
            print(f"big {name} skipped: no such sheet")
            continue
        first = subprocess.run(command + ["--lang", "en"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if first.returncode == 3:
            print(f"big {name}: not read: {' '.join(first.stdout.decode().split())[-150:]}", flush=True)
            continue
        runs = interleaved(args, {"bieu": command, "floor": [args.floor, "-t", "1", command[2]]})
        ratio, span = between(runs, lambda cpu: cpu["bieu"] / cpu["floor"])
        most, _ = peak(command)
        print(
            f"big {name}: {median(runs, 'bieu'):.2f} s, floor {median(runs, 'floor'):.2f} s, CPU/floor "
            f"{shown(ratio, 1.25)}, {span}; peak MiB {shown(most, memory_bar, 0)}", flush=True
        )
    half, whole = one_sheet(args, "50000x20"), one_sheet(args, "100000x20")
    if half and whole:
        runs = interleaved(args, {"half": half, "whole": whole})
        ratio, span = between(runs, lambda cpu: cpu["whole"] / cpu["half"])
        print(f"twice the rows (50000 and 100000 x 20): CPU x {shown(ratio, 2.15)}, {span}", flush=True)


def small(args):
    """One small file, start to end: wall time."""
    with tempfile.TemporaryDirectory(dir=args.data) as folder:
        folder = Path(folder)
        (folder / "dan.toml").write_text(
            '[catalogue]\nid = "dan"\nperiod = "2023"\n[[indicator]]\nid = "dan"\nlabel = "Đàn"\nunit = "con"\n', encoding="utf-8"
        )
        (folder / "ax.toml").write_text(
            '[mapping]\nid = "ax"\ncatalogue = "dan.toml"\n[[source]]\nfile = "*"\nlabel = "Chỉ tiêu"\n'
            'columns = { "Thực hiện" = "actual" }\nrows = { "Đàn" = "dan" }\n', encoding="utf-8"
        )
        (folder / "a.csv").write_text("Chỉ tiêu;Thực hiện\nĐàn;12\n", encoding="utf-8")
        command = [args.bieu, "validate", str(folder / "a.csv"), "-m", str(folder / "ax.toml")]
        walls = [run(command)[1] * 1000 for _ in range(10 * args.runs)]
    print(f"one small file: {shown(statistics.median(walls), 15, 1)} ms, {min(walls):.1f}-{max(walls):.1f}", flush=True)


# Peer, files, how many times the CPU of bieu it has to take.
PEERS = (("pandas", 50, 28), ("polars", 300, 7), ("calamine", 500, 2.2))


def found(command):
    """What bieu counted, in the words of the peers' last line. A finding folded into its cause counts."""
    report = json.loads(subprocess.run([*command, "--format", "json"], stdout=subprocess.PIPE, check=False).stdout)
    count = dict.fromkeys(("ratio-mismatch", "product-mismatch", "total-mismatch", "conflicting-sources"), 0)
    count |= {"files": len(report["submissions"]), "readings": sum(one["readings"] for one in report["submissions"])}
    for finding in (finding for one in report["submissions"] for finding in one["findings"]):
        for code in (finding["code"], *(folded["code"] for folded in finding.get("consequences", ()))):
            if code in count:
                count[code] += 1
    return count


def peers(args):
    """Against other readers that do the same checks, on files of their own with wrong ratios and totals.
    A peer that does not find what bieu finds, count by count, is not measured."""
    if not args.peers:
        print("peers skipped: --peers names no Python")
        return
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory(dir=args.data) as made:
        most = str(max(count for _, count, _ in PEERS))
        subprocess.run([sys.executable, str(here / "generate.py"), made, "--files", most, "--wrong", "0.1"], check=True)
        for peer, count, least in PEERS:
            with tempfile.TemporaryDirectory(dir=made) as folder:
                for file in sorted((Path(made) / "xlsx").glob("*.xlsx"))[:count]:
                    os.link(file, Path(folder) / file.name)
                theirs = [args.peers, str(here / "peers" / "check.py"), peer, folder]
                mine = [args.bieu, "validate", folder, "-m", f"{made}/trong-trot.toml", "--jobs", "1"]
                outcome = subprocess.run(theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                if outcome.returncode:
                    print(f"peer {peer} skipped: {outcome.stderr.strip().splitlines()[-1]}")
                    continue
                both = json.loads(outcome.stdout.splitlines()[-1]), found(mine)
                if both[0] != both[1]:
                    print(f"peer {peer} not measured: it found {both[0]}, bieu {both[1]}")
                    continue
                runs = interleaved(args, {"bieu": mine, "peer": theirs})
            ratio, span = between(runs, lambda cpu: cpu["peer"] / cpu["bieu"])
            verdict = "ok" if ratio >= least else "UNDER"
            print(
                f"peer {peer}, {count} files: {median(runs, 'peer'):.2f} s, bieu {median(runs, 'bieu'):.2f} s: "
                f"{ratio:.2f} times ({verdict}, {least}), {span}; both found {both[0]['readings']} readings, "
                f"{both[0]['ratio-mismatch']} wrong ratios, {both[0]['total-mismatch']} wrong totals", flush=True
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--bieu", default=os.environ.get("BIEU", "target/release/bieu"))
    parser.add_argument("--floor", default=os.environ.get("FLOOR"))
    parser.add_argument("--floor-write", default=os.environ.get("FLOOR_WRITE"))
    parser.add_argument("--before", help="another bieu to measure the writing of")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--most", type=int, help="at most so many files a case, for a quick look")
    parser.add_argument("--only", action="append", help="a case: " + ", ".join([case[0] for case in READING] + OTHERS))
    parser.add_argument("--peers", help="a Python that has pandas, openpyxl, polars, fastexcel, python-calamine and XlsxWriter")
    args = parser.parse_args()
    if not args.floor and (not args.only or set(args.only) - {"write", "small", "twice", "peers"}):
        parser.error("--floor names the program that only reads")
    reading(args)
    for case in (formats, convert, write, twice, big, small, peers):
        if not args.only or case.__name__ in args.only:
            case(args)


if __name__ == "__main__":
    main()
