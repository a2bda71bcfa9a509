# Writes statistics-scipy-1.10.1.json: tests, intervals and effect sizes of fixed samples.
# Run with Debian 12's python3-scipy (1.10.1): python3 statistics_golden.py > statistics-scipy-1.10.1.json
# What scipy lacks (exact signed-rank tests with ties, Cliff's delta, rank-biserial correlation) is counted over all signs or pairs.
import itertools, json, math, random, warnings
import numpy as np
import scipy
from scipy import stats

warnings.filterwarnings("ignore")
ALTERNATIVES = {"twoSided": "two-sided", "greater": "greater", "less": "less"}


def signed_ranks(d, drop):
    d = np.array([v for v in d if v != 0] if drop else d)
    return stats.rankdata(abs(d)), d


def all_signs(d, drop):
    ranks, d = signed_ranks(d, drop)
    w = ranks[d > 0].sum()
    free = ranks[d != 0]
    sums = [sum(r for r, s in zip(free, signs) if s) for signs in itertools.product((0, 1), repeat=len(free))]
    less, greater = np.mean([s <= w for s in sums]), np.mean([s >= w for s in sums])
    return {"twoSided": min(1, 2 * min(less, greater)), "greater": greater, "less": less}


def wilcoxon(d, method, zero="wilcox"):
    return {k: stats.wilcoxon(d, alternative=a, method=method, zero_method=zero, correction=method == "approx").pvalue for k, a in ALTERNATIVES.items()}


def paired(a, b):
    d = np.round(np.array(a) - np.array(b), 9)
    ranks, used = signed_ranks(d, True)
    result = {"a": list(a), "b": list(b)}
    result["wPlus"] = ranks[used > 0].sum()
    result["wPlusRankedZeros"] = (lambda r, u: r[u > 0].sum())(*signed_ranks(d, False))
    if len(set(abs(used))) == len(used) == len(d):
        result["exact"] = wilcoxon(d, "exact")
    if len(d) <= 14:
        result["allSigns"] = all_signs(d, True)
        result["allSignsRankedZeros"] = all_signs(d, False)
    result["normal"] = wilcoxon(d, "approx")
    result["normalRankedZeros"] = wilcoxon(d, "approx", "pratt")
    result["rankBiserial"] = (ranks[used > 0].sum() - ranks[used < 0].sum()) / ranks.sum()
    result["t"] = stats.ttest_1samp(d, 0).statistic
    result["tP"] = {k: stats.ttest_1samp(d, 0, alternative=x).pvalue for k, x in ALTERNATIVES.items()}
    for c in (0.9, 0.95, 0.99):
        result[f"interval{round(100 * c)}"] = list(stats.t.interval(c, len(d) - 1, d.mean(), stats.sem(d)))
    result["cohensDOfPairs"] = d.mean() / d.std(ddof=1)
    return result


def unpaired(a, b):
    a, b = np.array(a), np.array(b)
    result = {"a": a.tolist(), "b": b.tolist(), "u": stats.mannwhitneyu(a, b).statistic}
    if len(set(a) | set(b)) == len(a) + len(b):
        result["exact"] = {k: stats.mannwhitneyu(a, b, alternative=x, method="exact").pvalue for k, x in ALTERNATIVES.items()}
    result["normal"] = {k: stats.mannwhitneyu(a, b, alternative=x, method="asymptotic").pvalue for k, x in ALTERNATIVES.items()}
    result["cliffsDelta"] = np.mean([np.sign(x - y) for x in a for y in b])
    pooled = math.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2))
    result["cohensD"] = (a.mean() - b.mean()) / pooled
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    df = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
    result["welch95"] = list(stats.t.interval(0.95, df, a.mean() - b.mean(), math.sqrt(va + vb)))
    return result


r = random.Random(7)
def normal(n, mean, digits): return [round(r.gauss(mean, 1), digits) for _ in range(n)]


pairs = [
    ([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30], [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]),  # Hollander & Wolfe 1973, 29f: depression scores
    (normal(6, 0.8, 4), normal(6, 0, 4)),
    (normal(20, 0.5, 5), normal(20, 0, 5)),
    (normal(12, 0.6, 0), normal(12, 0, 0)),
    (normal(14, 0.3, 1), normal(14, 0, 1)),
    (normal(80, 0.2, 4), normal(80, 0, 4)),
    (normal(120, 0.2, 1), normal(120, 0, 1)),
    (normal(3, 2, 4), normal(3, 0, 4)),
]
groups = [
    ([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.90, 0.74, 1.21]),  # Hollander & Wolfe 1973, 69f: permeability constants
    (normal(5, 1, 4), normal(7, 0, 4)),
    (normal(20, 0.5, 5), normal(25, 0, 5)),
    (normal(12, 0.6, 0), normal(15, 0, 0)),
    (normal(70, 0.3, 1), normal(60, 0, 1)),
]
print('{"scipy": "%s",\n"paired": [' % scipy.__version__)
print(",\n".join(json.dumps(paired(*p)) for p in pairs) + "],\n\"unpaired\": [")
print(",\n".join(json.dumps(unpaired(*g)) for g in groups) + "]}")
