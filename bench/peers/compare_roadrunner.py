"""Runs an exported SBML file in libRoadRunner and compares it with our time course.

Usage: compare_roadrunner.py MODEL.xml TIMECOURSE.csv

Every column of the time course that libRoadRunner knows is compared at every time that is not a dose time
(there the two report the state on different sides of the dose). A cell agrees when
|u - v| <= 1e-4*|v| + 1e-6*max|column| + 1e-12: the last term is a hundred times the absolute tolerance of both
integrations, below which a column that is nearly zero throughout is noise in both.
Exit code 0 when all agree, 1 otherwise.
"""

import csv
import sys

import libsbml
import numpy
import roadrunner


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))
    header, body = rows[0], rows[1:]
    columns = {name: [row[i] for row in body] for i, name in enumerate(header)}
    return columns


def selection(runner, species, name):
    """libRoadRunner's selection for a column of ours: a species is what its name means in mathematics."""
    for wrapper, form in (("concentration(", "[{}]"), ("amount(", "{}")):
        if name.startswith(wrapper):
            return form.format(name[len(wrapper) : -1].replace(".", "__"))
    flat = name.replace(".", "__")
    if flat in species:
        return flat if species[flat] else f"[{flat}]"
    model = runner.model
    known = set(model.getGlobalParameterIds()) | set(model.getReactionIds()) | set(model.getCompartmentIds())
    return flat if flat in known else None


def dose_times(document):
    """The times at which events fire: every number a trigger compares with, and zero."""
    times = {0.0}
    for i in range(document.getNumEvents()):
        formula = libsbml.formulaToL3String(document.getEvent(i).getTrigger().getMath())
        for word in formula.replace("(", " ").replace(")", " ").split():
            try:
                times.add(float(word))
            except ValueError:
                pass
    return times


def main():
    model_path, csv_path = sys.argv[1:3]
    columns = read(csv_path)
    times = numpy.array([float(t) for t in columns["time_h"]])

    runner = roadrunner.RoadRunner(model_path)
    runner.setIntegrator("cvode")
    runner.integrator.setValue("relative_tolerance", 1e-9)
    runner.integrator.setValue("absolute_tolerance", 1e-14)
    runner.integrator.setValue("maximum_num_steps", 1_000_000)
    skip = {"patient", "arm", "time_h"}
    document = libsbml.readSBMLFromFile(model_path).getModel()
    listed = [document.getSpecies(i) for i in range(document.getNumSpecies())]
    species = {s.getId(): s.getHasOnlySubstanceUnits() for s in listed}
    pairs = [(name, selection(runner, species, name)) for name in columns if name not in skip]
    unknown = [name for name, chosen in pairs if chosen is None]
    pairs = [(name, chosen) for name, chosen in pairs if chosen is not None]
    if not pairs or unknown:
        print(f"columns libRoadRunner does not know: {unknown}")
        return 1
    result = numpy.array(runner.simulate(times=list(times), selections=["time"] + [c for _, c in pairs]))

    dosed = dose_times(document)
    keep = numpy.array([all(abs(t - d) > 1e-9 for d in dosed) for t in times])
    worst, failed = 0.0, 0
    for k, (name, _) in enumerate(pairs):
        ours = numpy.array([float(v) for v in columns[name]])
        theirs = result[:, k + 1]
        scale = numpy.abs(theirs).max()
        bound = 1e-4 * numpy.abs(theirs) + 1e-6 * scale + 1e-12
        off = numpy.abs(ours - theirs)
        ratio = (off[keep] / bound[keep]).max()
        worst = max(worst, ratio)
        if ratio > 1.0:
            failed += 1
            at = times[keep][numpy.argmax(off[keep] / bound[keep])]
            print(f"  {name}: {ratio:.2f} times the bound, at {at} h")
    print(f"libRoadRunner {roadrunner.__version__}: {len(pairs)} columns, {keep.sum()} times, worst {worst:.3f} of the bound")
    return 1 if failed else 0


sys.exit(main())
