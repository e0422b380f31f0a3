"""Patients per second of libRoadRunner: load once, then reset, set and simulate each patient.

Usage: throughput_roadrunner.py MODEL.xml NAMES.txt PATIENTS.bin COUNT T_END ROWS OUT_PREFIX REPEATS RTOL...
NAMES.txt has the states on its first line and the parameters on its second; PATIENTS.bin their values, patient by patient.
Prints the load time, then a line (relative tolerance, seconds per patient) for each tolerance.
"""

import sys
import time

import numpy
import roadrunner

model_path, names_path, patients_path = sys.argv[1:4]
count, t_end, rows, prefix, repeats = int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6]), sys.argv[7], int(sys.argv[8])
with open(names_path) as file:
    states, params = [[n.replace(".", "__") for n in line.split()] for line in file.read().split("\n")[:2]]
data = numpy.fromfile(patients_path).reshape(-1, len(states) + len(params))[:count]

with open(model_path) as file:
    text = file.read()
start = time.perf_counter()
runner = roadrunner.RoadRunner(text)
print(f"load\t{time.perf_counter() - start:.4f}", flush=True)
runner.setIntegrator("cvode")
runner.integrator.setValue("maximum_num_steps", 1_000_000)
model = runner.model
species = list(model.getFloatingSpeciesIds())
globals_ = list(model.getGlobalParameterIds())
runner.timeCourseSelections = states

varied = [k for k, name in enumerate(params) if numpy.ptp(data[:, len(states) + k]) > 0]
at = {name: k for k, name in enumerate(states)}
species_columns = [at[name] for name in species]
global_columns = [at[name] for name in globals_ if name in at] + [len(states) + k for k in varied]
global_indices = [globals_.index(name) for name in globals_ if name in at] + [globals_.index(params[k]) for k in varied]

for rtol in map(float, sys.argv[9:]):
    runner.integrator.setValue("relative_tolerance", rtol)
    runner.integrator.setValue("absolute_tolerance", rtol * 1e-3)
    best = float("inf")
    for _ in range(repeats):
        found = numpy.empty((count, rows, len(states)))
        start = time.perf_counter()
        for i, values in enumerate(data):
            runner.reset()
            model.setGlobalParameterValues(global_indices, values[global_columns])
            model.setFloatingSpeciesAmounts(values[species_columns])
            found[i] = runner.simulate(0, t_end, rows)
        best = min(best, (time.perf_counter() - start) / count)
    found.tofile(f"{prefix}.{rtol:g}.bin")
    print(f"{rtol:g}\t{best:.6e}", flush=True)
