#!/usr/bin/env python3
"""Judges a country in shards, one after another, and measures it; kills one in the middle and goes on
with it; loads what they wrote into DuckDB and PostgreSQL; does the same under Dask. Prints the tables
of docs/scale.md.

    python benches/generate.py DATA --files 30000 --provinces 34 --crops 8
    python benches/scale/country.py DATA --out OUT --bieu target/release/bieu [--only shards] [--only ...]

    shards      wall, CPU and peak memory of every shard, with table, findings and state
    killed      a shard again, killed by SIGKILL half way, then gone on with: the same bytes
    duckdb      load.sql (a Python with duckdb), and totals by province
    postgres    load-postgres.sql, where BIEU_POSTGRES is a connection string of psql, and the same totals
    dask        dask_shards.py (a Python with distributed), a worker killed: the same bytes
    growth      CPU a submission at 1,000, 10,000 and all, findings only

Memory is the sum of the proportional set sizes of the whole family of processes, sampled ten times a
second. Later steps need the files of `shards`. Needs Linux.
"""

import argparse
import filecmp
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from run import family, memory  # noqa: E402

HERE = Path(__file__).resolve().parent
STEPS = ("shards", "killed", "duckdb", "postgres", "dask", "growth")
TOTALS = "select province, indicator, actual, submissions from province_total order by province, indicator"


class Measured:
    """CPU and wall seconds and peak MiB of a program and all that it starts."""

    def __init__(self, command, folder, watch=None, stdin=None):
        before, start, self.peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0.0
        self.process = subprocess.Popen(command, cwd=folder, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        sampler = threading.Thread(target=self.sample)
        sampler.start()
        if watch:
            watch(self.process)
        out, error = self.process.communicate()
        sampler.join()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall, self.code = time.monotonic() - start, self.process.returncode
        self.cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        self.out, self.error = out.decode(), error.decode()

    def sample(self):
        while self.process.poll() is None:
            self.peak = max(self.peak, sum(memory(member) for member in family(str(self.process.pid))) / 1024)
            time.sleep(0.1)

    def __str__(self):
        return f"{self.wall:.0f} s | {self.cpu:.0f} s | {self.peak:.0f} MiB"


def finished(measured):
    if measured.code not in (0, 1):
        sys.exit(f"ended with {measured.code}: {measured.error[-500:]}")
    return measured


def sizes(folder, pattern):
    return sum(file.stat().st_size for file in folder.glob(pattern))


def shard_command(args, folder, shard, jobs=None):
    command = [args.bieu, "validate", "xlsx", "-m", "trong-trot.toml", "--shard", f"{shard}/{args.shards}", "--quiet"]
    command += ["--jobs", jobs or args.jobs, "--resume", str(folder / f"trang-thai-{shard}"), "--force"]
    return [*command, "--table", str(folder / f"bang-{shard}.csv"), "--report", str(folder / f"phat-hien-{shard}.csv")]


def same(args, folder, shards, what):
    for shard in shards:
        for name in (f"bang-{shard}.csv", f"phat-hien-{shard}.csv"):
            if not filecmp.cmp(args.out / name, folder / name, shallow=False):
                sys.exit(f"{what}: {name} differs")
    print(f"{what}: the same bytes as undisturbed", flush=True)


def shards(args):
    print("| shard | wall | CPU | peak memory | table | state |\n| --- | --- | --- | --- | --- | --- |")
    runs = []
    for shard in range(1, args.shards + 1):
        runs.append(finished(Measured(shard_command(args, args.out, shard), args.data)))
        table, state = (sizes(args.out, f"{name}-{shard}*") / 1e6 for name in ("bang", "trang-thai"))
        print(f"| {shard} of {args.shards} | {runs[-1]} | {table:.0f} MB | {state:.0f} MB |", flush=True)
        (args.out / f"trang-thai-{shard}").unlink()
    wall, cpu = sum(run.wall for run in runs), sum(run.cpu for run in runs)
    print(f"| all | {wall:.0f} s | {cpu:.0f} s | {max(run.peak for run in runs):.0f} MiB | {sizes(args.out, 'bang-*') / 1e6:.0f} MB | |", flush=True)


def killed(args):
    shard, folder = min(2, args.shards), args.out / "killed"
    folder.mkdir(exist_ok=True)
    state, half = folder / f"trang-thai-{shard}", sizes(args.out, f"bang-{shard}.csv") // 2

    def kill(process):
        while process.poll() is None and not (state.exists() and state.stat().st_size > half):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)

    first = Measured(shard_command(args, folder, shard), args.data, watch=kill)
    if first.code != -signal.SIGKILL:
        sys.exit("killed: it ended before it could be killed")
    left = state.stat().st_size / 1e6
    second = finished(Measured(shard_command(args, folder, shard), args.data))
    # What its orphaned workers took is not told to this process.
    print(f"| killed, {left:.0f} MB of state left | {first.wall:.0f} s | | {first.peak:.0f} MiB |\n| gone on with | {second} |")
    same(args, folder, [shard], "killed and gone on with")
    for file in folder.iterdir():
        file.unlink()


def duckdb(args):
    import duckdb as database

    path = args.out / "toan-quoc.duckdb"
    path.unlink(missing_ok=True)
    script = (HERE / "load.sql").read_text(encoding="utf-8")
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    os.chdir(args.out)
    connection = database.connect(str(path))
    connection.execute(f"set memory_limit = '{args.duckdb_memory}'").execute(script)
    after = resource.getrusage(resource.RUSAGE_SELF)
    rows = connection.execute("select count(*), count(distinct submission) from reading").fetchone()
    counted, totals = time.monotonic(), connection.execute(TOTALS).fetchall()
    print(
        f"duckdb {database.__version__}: {rows[0]} readings of {rows[1]} submissions in {counted - start:.0f} s, "
        f"CPU {after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime:.0f} s, {path.stat().st_size / 1e6:.0f} MB; "
        f"{len(totals)} totals by province in {time.monotonic() - counted:.1f} s", flush=True
    )
    connection.close()
    lines = [f"{one[0]}|{one[1]}|{one[2].normalize():f}|{one[3]}" for one in totals]
    (args.out / "totals-duckdb.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def postgres(args):
    database = os.environ.get("BIEU_POSTGRES")
    if not database:
        print("postgres skipped: BIEU_POSTGRES names none")
        return
    ask = lambda what: subprocess.run(["psql", "-X", "-q", "-A", "-t", database, "-c", what], check=True, stdout=subprocess.PIPE, text=True).stdout
    start = time.monotonic()
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(HERE / "load-postgres.sql"), database], cwd=args.out, check=True, stdout=subprocess.DEVNULL)
    wall = time.monotonic() - start
    rows = ask("select count(*) || ' readings of ' || count(distinct submission) || ' submissions' from reading").strip()
    size, start = ask("select pg_database_size(current_database()) / 1000000").strip(), time.monotonic()
    totals = ask(TOTALS.replace(" actual,", " trim_scale(actual),"))
    print(f"postgres {ask('show server_version').strip()}: {rows} in {wall:.0f} s, {size} MB; totals by province in {time.monotonic() - start:.1f} s")
    (args.out / "totals-postgres.txt").write_text(totals, encoding="utf-8")
    both = sorted(totals.splitlines()) == sorted((args.out / "totals-duckdb.txt").read_text(encoding="utf-8").splitlines())
    print(f"totals by province: {'the same in both' if both else 'DIFFERENT'}", flush=True)


def dask(args):
    folder = args.out / "dask"
    command = [sys.executable, str(HERE / "dask_shards.py"), "xlsx", "-m", "trong-trot.toml", "--shards", str(args.shards)]
    ran = finished(Measured([*command, "--out", str(folder), "--bieu", args.bieu, "--kill", "2"], args.data))
    print(f"{ran.out}| Dask, two workers, one killed | {ran} |")
    same(args, folder, range(1, args.shards + 1), "under Dask")
    for file in folder.iterdir():
        file.unlink()


def growth(args):
    files = sorted((args.data / "xlsx").glob("*/*.xlsx"), key=lambda file: file.name)
    counts = [count for count in (1000, 10000) if count < len(files)] + [len(files)]
    with tempfile.TemporaryDirectory(dir=args.data) as made:
        for count in counts:
            for file in files[:count]:
                link = Path(made) / str(count) / file.parent.name / file.name
                link.parent.mkdir(parents=True, exist_ok=True)
                os.link(file, link)
        runs = {count: [] for count in counts}
        for _ in range(args.runs):
            # The small ones in between the large, so that what else the machine does hits all.
            for count in [counts[0], *counts, counts[0]]:
                command = [args.bieu, "validate", str(Path(made) / str(count)), "-m", str(args.data / "trong-trot.toml"), "--jobs", args.jobs]
                run = finished(Measured([*command, "--quiet", "--force", "--report", f"{made}/phat-hien.csv"], args.data))
                runs[count].append(run)
                print(f"growth {count}: {run.cpu:.2f} s, {run.wall:.0f} s", file=sys.stderr, flush=True)
    each = lambda count: statistics.median(run.cpu for run in runs[count]) / count * 1000
    print("| submissions | CPU each | of the first | wall | peak memory |\n| --- | --- | --- | --- | --- |")
    for count in counts:
        cpus = [run.cpu / count * 1000 for run in runs[count]]
        print(
            f"| {count} | {each(count):.3f} ms ({min(cpus):.3f} to {max(cpus):.3f}) | {each(count) / each(counts[0]):.3f} | "
            f"{statistics.median(run.wall for run in runs[count]):.0f} s | {max(run.peak for run in runs[count]):.0f} MiB |", flush=True
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bieu", default="target/release/bieu")
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--runs", type=int, default=3, help="of growth")
    parser.add_argument("--duckdb-memory", default="2GB")
    parser.add_argument("--only", action="append", choices=STEPS)
    args = parser.parse_args()
    args.data, args.out, args.bieu = args.data.resolve(), args.out.resolve(), str(Path(args.bieu).resolve())
    args.out.mkdir(parents=True, exist_ok=True)
    for step in STEPS:
        if not args.only or step in args.only:
            globals()[step](args)


if __name__ == "__main__":
    main()
