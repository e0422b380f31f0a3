"""Reads shipped models with libAntimony, runs them in libRoadRunner and compares every column with ours.

Usage: compare_models.py CASES.json

Each case has `model` (an Antimony file), `csv` (our `hepatica model simulate`, rtol 1e-9, atol 1e-14) and `set` (name -> value at time
zero). A column is known to libRoadRunner under its name with underscores for dots; synonyms keep one name of theirs, so that a column
of ours may be absent there: at least half of the columns must be found. A cell agrees when |u - v| <= 1e-4*|v| + 1e-6*max|column| + 1e-12.
Exit code 0 when all agree, 1 otherwise.
"""

import csv
import json
import sys

import antimony
import numpy
import roadrunner


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    header, body = rows[0], rows[1:]
    return {name: numpy.array([float(row[i]) for row in body]) for i, name in enumerate(header)}


def load(path):
    antimony.clearPreviousLoads()
    antimony.freeAll()
    if antimony.loadAntimonyFile(path) < 0:
        raise SystemExit(f"{path}: libAntimony: {antimony.getLastError()}")
    runner = roadrunner.RoadRunner(antimony.getSBMLString(antimony.getMainModuleName()))
    runner.setIntegrator("cvode")
    runner.integrator.setValue("relative_tolerance", 1e-9)
    runner.integrator.setValue("absolute_tolerance", 1e-14)
    runner.integrator.setValue("maximum_num_steps", 10_000_000)
    return runner


def selections(runner, columns):
    """Our columns that libRoadRunner knows, each with its selection there: concentrations of species whose name means one."""
    model = runner.model
    species = set(model.getFloatingSpeciesIds()) | set(model.getBoundarySpeciesIds())
    others = set(model.getGlobalParameterIds()) | set(model.getReactionIds()) | set(model.getCompartmentIds())
    sbml = runner.getCurrentSBML()
    found = {}
    for name in columns:
        form = None
        for wrapper, pattern in (("concentration(", "[{}]"), ("amount(", "{}")):
            if name.startswith(wrapper):
                form, name_there = pattern, name[len(wrapper) : -1].replace(".", "_")
        if form is None:
            name_there = name.replace(".", "_")
            amount = f'id="{name_there}"' in sbml and 'hasOnlySubstanceUnits="true"' in sbml.split(f'id="{name_there}"')[1].split(">")[0]
            form = "{}" if name_there in others or amount else "[{}]"
        if name_there in species or name_there in others:
            found[name] = form.format(name_there)
    return found


def compare(case):
    columns = read(case["csv"])
    times = columns.pop("time")
    runner = load(case["model"])
    for name, value in case["set"].items():
        runner[name.replace(".", "_")] = value
    found = selections(runner, columns)
    if 2 * len(found) < len(columns):
        print(f"{case['id']}: libRoadRunner knows {len(found)} of {len(columns)} columns only")
        return False
    # The state at time zero is ours before and theirs after a value that was set: leave it out.
    result = numpy.array(runner.simulate(times=list(times), selections=["time"] + list(found.values())))[1:]
    worst, failed = 0.0, 0
    for k, name in enumerate(found):
        ours, theirs = columns[name][1:], result[:, k + 1]
        bound = 1e-4 * numpy.abs(theirs) + 1e-6 * numpy.abs(theirs).max() + 1e-12
        ratio = (numpy.abs(ours - theirs) / bound).max()
        worst = max(worst, ratio)
        if not ratio <= 1.0:
            failed += 1
            at = times[1:][numpy.argmax(numpy.abs(ours - theirs) / bound)]
            print(f"  {name}: {ratio:.2f} times the bound, at {at} h")
    print(f"{case['id']}: {len(found)} of {len(columns)} columns, {len(times) - 1} times, worst {worst:.3f} of the bound")
    return failed == 0


def main():
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    agreed = [compare(case) for case in cases]
    print(f"libAntimony {antimony.__version__}, libRoadRunner {roadrunner.__version__}: {sum(agreed)} of {len(agreed)} models agree")
    return 0 if all(agreed) else 1


sys.exit(main())
