"""Writes tests/fixtures/stats/reference.json: what SciPy and NumPy say, for tests/stats/reference.rs.

Run it in an environment that has both, from the root of the repository:

    python -m venv venv && venv/bin/pip install scipy==1.17.1 numpy==2.4.6
    venv/bin/python tests/stats/reference.py

The repetitions are drawn with a fixed seed and written out, so that the Rust side reads the same numbers.
"""

import json
import pathlib

import numpy
import scipy
from scipy import optimize, stats

OUT = pathlib.Path("tests/fixtures/stats/reference.json")
random = numpy.random.default_rng(20260222)


def draw(n, centre, deviation):
    """Log-normal repetitions, with all their digits."""
    return [float(value) for value in numpy.exp(random.normal(numpy.log(centre), deviation, n))]


def summary(values):
    values = numpy.array(values)
    return {
        "mean": float(values.mean()),
        "median": float(numpy.median(values)),
        "deviation": float(values.std(ddof=1)),
        "variation": float(stats.variation(values, ddof=1)),
        "min": float(values.min()),
        "max": float(values.max()),
    }


def comparison(n, m, deviation_a, deviation_b, factor):
    a, b = draw(n, 30.0 * factor, deviation_a), draw(m, 30.0, deviation_b)
    test = stats.ttest_ind(numpy.log(a), numpy.log(b), equal_var=False)
    interval = test.confidence_interval(0.95)
    return {
        "a": a,
        "b": b,
        "summary_a": summary(a),
        "ratio": float(stats.gmean(a) / stats.gmean(b)),
        "low": float(numpy.exp(interval.low)),
        "high": float(numpy.exp(interval.high)),
        "degrees_of_freedom": float(test.df),
        "p_value": float(test.pvalue),
    }


def comparisons():
    cases = []
    for n, m in [(2, 2), (2, 3), (3, 3), (3, 10), (4, 7), (5, 5), (10, 10), (2, 100), (30, 12), (100, 100)]:
        for deviation_a, deviation_b in [(0.02, 0.02), (0.002, 0.05), (0.24, 0.01)]:
            for factor in [1.0, 1.03, 2.5]:
                cases.append(comparison(n, m, deviation_a, deviation_b, factor))
    return cases


def student():
    cases = []
    for freedom in [0.5, 1.0, 1.37, 2.0, 3.0, 4.5, 8.0, 20.0, 63.9, 64.1, 198.0, 1e4, 1e7]:
        law = stats.t(freedom)
        for p in [1e-9, 1e-4, 0.005, 0.025, 0.2, 0.45, 0.9, 0.975, 0.9995]:
            cases.append({"degrees_of_freedom": freedom, "p": p, "quantile": float(law.ppf(p))})
        for t in [-40.0, -6.5, -1.3, -0.01, 0.3, 1.0, 1.7, 2.0, 12.0]:
            cases.append({"degrees_of_freedom": freedom, "t": t, "cumulative": float(law.cdf(t))})
    return cases


def power(n, m, noncentrality):
    """The power of Welch's test for equal variances, averaged over how the sum of squares divides."""
    freedom = n + m - 2

    def at(angle):
        sine, cosine = numpy.sin(angle) ** 2, numpy.cos(angle) ** 2
        of_a, of_b = freedom * sine / (n - 1) / n, freedom * cosine / (m - 1) / m
        welch = (of_a + of_b) ** 2 / (of_a**2 / (n - 1) + of_b**2 / (m - 1))
        limit = stats.t.ppf(0.975, welch) ** 2 * (of_a + of_b) / (1 / n + 1 / m)
        weight = numpy.sin(angle) ** (n - 2) * numpy.cos(angle) ** (m - 2)
        return weight, stats.ncf.sf(limit, 1, freedom, noncentrality**2)

    nodes, weights = numpy.polynomial.legendre.leggauss(400)
    angles = (nodes + 1) * numpy.pi / 4
    density, tails = at(angles)
    return float((weights * density * tails).sum() / (weights * density).sum())


def smallest():
    cases = []
    for n, m in [(2, 2), (2, 3), (2, 10), (2, 40), (3, 3), (3, 5), (3, 10), (5, 5), (5, 10), (10, 10), (10, 40), (50, 50)]:
        solved = optimize.brentq(lambda shift: power(n, m, shift) - 0.8, 1.0, 30.0, xtol=1e-10)
        cases.append({"n": n, "m": m, "standard_errors": solved})
    return cases


def apart():
    """Grubbs' test and the prediction of a first value, from their textbook forms."""
    cases = []
    for n in [3, 4, 5, 8, 20]:
        for shift in [0.0, -0.05, -0.15]:
            values = draw(n, 180.0, 0.02)
            values[0] *= float(numpy.exp(shift))
            logs = numpy.log(values)
            rest = logs[1:]
            t = (logs[0] - rest.mean()) / (rest.std(ddof=1) * numpy.sqrt(1 + 1 / (n - 1)))
            case = {"values": values, "slow_p": float(stats.t.cdf(t, n - 2))}
            if n >= 4:
                g = numpy.abs(logs - logs.mean()).max() / logs.std(ddof=1)
                t = stats.t.isf(0.05 / (2 * n), n - 2)
                limit = (n - 1) / numpy.sqrt(n) * numpy.sqrt(t**2 / (n - 2 + t**2))
                case["outlier"] = int(numpy.abs(logs - logs.mean()).argmax()) if g > limit else None
            cases.append(case)
    return cases


content = {
    "made_by": "tests/stats/reference.py",
    "scipy": scipy.__version__,
    "numpy": numpy.__version__,
    "comparisons": comparisons(),
    "student": student(),
    "smallest": smallest(),
    "apart": apart(),
}


def lines(value):
    """One case a line."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(case) for case in value) + "\n]"
    return json.dumps(value)


OUT.write_text("{\n" + ",\n".join(f'"{name}": {lines(value)}' for name, value in content.items()) + "\n}\n")
