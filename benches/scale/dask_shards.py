#!/usr/bin/env python3
"""Runs the shards of `bieu validate` under Dask, which hands them to workers and tries a shard again
on another worker when the one that had it is lost. Needs `pip install "dask[distributed]"`.

    python benches/scale/dask_shards.py INPUT -m MAPPING --shards 4 --out OUT [--bieu bieu]
        [--scheduler tcp://HOST:8786]   workers that are there; else two on this machine (--workers)
        [--kill I]                      kills the worker of shard I, on this machine, in the middle of it

    OUT/bang-I.csv, OUT/phat-hien-I.csv     table and findings of every shard
    OUT/trang-thai-I                        its state: what is done is not done again after a loss

INPUT, MAPPING and OUT have to be seen by all workers under the same names. Prints a line a shard, how
often it was started, and how it ended; the exit code is the highest of bieu's, or 4 where a shard was
given up. Needs Linux.
"""

import argparse
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from distributed import Client, LocalCluster, get_worker


def die_with_worker():
    """A worker that is killed takes its bieu along (PR_SET_PDEATHSIG), so that nothing holds the state
    file of the shard when another worker goes on with it."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def validate(command, folder, shard):
    """One shard, on a worker. Raises where another try is worth it: see docs/scale.md."""
    get_worker().log_event("bieu", {"shard": shard, "process": os.getpid()})
    for wait in (2, 0):
        ran = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=die_with_worker)
        if ran.returncode != 2:
            break
        # A wrong command; or a bieu that is just being killed still holds the state.
        time.sleep(wait)
    if ran.returncode not in (0, 1, 2, 3):
        raise RuntimeError(f"shard {shard} ended with {ran.returncode}: {ran.stdout.decode()[-500:]}")
    return ran.returncode, ran.stdout.decode()


def kill_worker(client, task, shard, state):
    """Once some of the shard's submissions are done."""
    while not task.done():
        started = [event["process"] for _, event in client.get_events("bieu") if event["shard"] == shard]
        if started and state.exists() and state.stat().st_size > 4096:
            os.kill(started[-1], signal.SIGKILL)
            print(f"shard {shard}: worker {started[-1]} killed, {state.stat().st_size} bytes of state", flush=True)
            return
        time.sleep(0.002)
    print(f"shard {shard}: done before its worker could be killed", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("-m", "--mapping", required=True)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bieu", default="bieu")
    parser.add_argument("--jobs", default="1", help="of every shard")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scheduler")
    parser.add_argument("--kill", type=int)
    args = parser.parse_args()
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    cluster = None if args.scheduler else LocalCluster(n_workers=args.workers, threads_per_worker=1, dashboard_address=None)
    with Client(args.scheduler or cluster) as client:
        tasks = {}
        for shard in range(1, args.shards + 1):
            command = [args.bieu, "validate", args.input, "-m", args.mapping, "--shard", f"{shard}/{args.shards}", "--quiet"]
            command += ["--jobs", args.jobs, "--resume", str(out / f"trang-thai-{shard}"), "--force"]
            command += ["--table", str(out / f"bang-{shard}.csv"), "--report", str(out / f"phat-hien-{shard}.csv")]
            # `retries` is for a bieu that failed; a worker that is lost has its shard moved without it.
            tasks[shard] = client.submit(validate, command, os.getcwd(), shard, key=f"shard-{shard}", retries=2, pure=False)
        if args.kill:
            kill_worker(client, tasks[args.kill], args.kill, out / f"trang-thai-{args.kill}")
        worst = 0
        for shard, task in tasks.items():
            error = task.exception()
            code, output = (4, "") if error else task.result()
            starts = sum(event["shard"] == shard for _, event in client.get_events("bieu"))
            print(f"shard {shard}: started {starts} times, {f'given up: {error}' if error else f'exit code {code}'}", flush=True)
            if code in (2, 3):
                print(output[-2000:])
            worst = max(worst, code)
    if cluster:
        cluster.close()
    sys.exit(worst)


if __name__ == "__main__":
    main()
