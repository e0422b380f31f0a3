"""Processor seconds from text to ready of SBML files in libRoadRunner: the fastest of some runs.

Usage: load_roadrunner.py RUNS FILE..
Prints a line for each file as soon as it is measured: its path and the seconds, or `-` when it is refused, with a tab between.
"""

import sys
import time

import roadrunner

roadrunner.Logger.disableLogging()
runs = int(sys.argv[1])
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    best = float("inf")
    try:
        for _ in range(runs):
            start = time.process_time()
            runner = roadrunner.RoadRunner(text)
            best = min(best, time.process_time() - start)
            del runner
    except Exception:
        print(f"{path}\t-", flush=True)
        continue
    print(f"{path}\t{best:.6f}", flush=True)
