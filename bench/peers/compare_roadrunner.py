"""Runs an exported SBML file in libRoadRunner and compares it with our time course.

Usage: compare_roadrunner.py MODEL.xml TIMECOURSE.csv

Every column of the time course that libRoadRunner knows is compared at every time that is not a dose time
(there the two report the state on different sides of the dose). A cell agrees when
|u - v| <= 1e-4*|v| + 1e-6*max|column|. Exit code 0 when all agree, 1 otherwise.
"""

import csv
import sys

import numpy
import roadrunner


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    header, body = rows[0], rows[1:]
    columns = {name: [row[i] for row in body] for i, name in enumerate(header)}
    return columns


def selection(runner, name):
    """libRoadRunner's selection for a column of ours: species are concentrations unless substance-only."""
    flat = name.replace(".", "__")
    model = runner.model
    if flat in model.getFloatingSpeciesIds() or flat in model.getBoundarySpeciesIds():
        import libsbml

        species = libsbml.readSBMLFromString(runner.getSBML()).getModel().getSpecies(flat)
        return flat if species.getHasOnlySubstanceUnits() else f"[{flat}]"
    known = set(model.getGlobalParameterIds()) | set(model.getReactionIds()) | set(model.getCompartmentIds())
    return flat if flat in known else None


def main():
    model_path, csv_path = sys.argv[1:3]
    columns = read(csv_path)
    times = numpy.array([float(t) for t in columns["time_h"]])
    dosed = set(float(t) for t in sys.argv[3].split(",")) if len(sys.argv) > 3 else {0.0}

    runner = roadrunner.RoadRunner(model_path)
    runner.setIntegrator("cvode")
    runner.integrator.setValue("relative_tolerance", 1e-9)
    runner.integrator.setValue("absolute_tolerance", 1e-12)
    runner.integrator.setValue("maximum_num_steps", 1_000_000)
    skip = {"patient", "arm", "time_h"}
    pairs = [(name, selection(runner, name)) for name in columns if name not in skip]
    unknown = [name for name, chosen in pairs if chosen is None]
    pairs = [(name, chosen) for name, chosen in pairs if chosen is not None]
    if not pairs or unknown:
        print(f"columns libRoadRunner does not know: {unknown}")
        return 1
    result = numpy.array(runner.simulate(times=list(times), selections=["time"] + [c for _, c in pairs]))

    keep = numpy.array([t not in dosed for t in times])
    worst, failed = 0.0, 0
    for k, (name, _) in enumerate(pairs):
        ours = numpy.array([float(v) for v in columns[name]])
        theirs = result[:, k + 1]
        scale = numpy.abs(theirs).max()
        bound = 1e-4 * numpy.abs(theirs) + 1e-6 * scale
        off = numpy.abs(ours - theirs)
        ratio = (off[keep] / numpy.where(bound[keep] > 0, bound[keep], 1.0)).max()
        worst = max(worst, ratio)
        if ratio > 1.0:
            failed += 1
            at = times[keep][numpy.argmax(off[keep] / numpy.where(bound[keep] > 0, bound[keep], 1.0))]
            print(f"  {name}: {ratio:.2f} times the bound, at {at} h")
    print(f"libRoadRunner {roadrunner.__version__}: {len(pairs)} columns, {keep.sum()} times, worst {worst:.3f} of the bound")
    return 1 if failed else 0


sys.exit(main())
