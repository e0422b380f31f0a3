"""Processor seconds from text to ready of SBML files in COPASI: the fastest of some runs.

Usage: load_copasi.py RUNS FILE..
Prints a line for each file as soon as it is measured: its path and the seconds, or `-` when it is refused, with a tab between.
Ready is imported, which compiles the model, and with its time course set up.
"""

import sys
import time

import COPASI

runs = int(sys.argv[1])
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        module = COPASI.CRootContainer.addDatamodel()
        try:
            ready = module.importSBMLFromString(text) and module.getTask("Time-Course").initializeRaw(COPASI.CCopasiTask.NO_OUTPUT)
        except Exception:
            ready = False
        seconds = time.process_time() - start
        COPASI.CRootContainer.removeDatamodel(module)
        if not ready:
            best = None
            break
        best = min(best, seconds)
    print(f"{path}\t-" if best is None else f"{path}\t{best:.6f}", flush=True)
