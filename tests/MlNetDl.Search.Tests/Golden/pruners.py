# Writes pruners-optuna-3.1.0.json: at which step each of 40 learning curves stops under the pruners of Optuna 3.1.0.
# Run with Debian 12's python3-optuna (3.1.0) and python3-scipy (1.10.1): python3 pruners.py > pruners-optuna-3.1.0.json
#
# The file optuna-5.0.0rc1.json has the stop steps of 27 curves, (i mod 4) + 0.01 i + 1 / step at steps 1 to 27 of trial i
# of the study "golden", minimised; the curves are found from the stop steps, and Optuna 3.1.0 gives all of them too.
#
# Optuna 3.1.0 has no Wilcoxon pruner; its rule (Optuna 3.6 and later) is written out below over scipy's exact test.
import json, math, random, sys, warnings
import optuna
from scipy.stats import wilcoxon

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")
P = optuna.pruners
STEPS = 30


class Wilcoxon(P.BasePruner):
    def __init__(self, p, start):
        self.p, self.start = p, start

    def prune(self, study, trial):
        try:
            best = study.best_trial
        except ValueError:
            return False
        mine, its = trial.intermediate_values, best.intermediate_values
        if not all(map(math.isfinite, list(mine.values()) + list(its.values()))):
            return False
        d = [mine[s] - its[s] for s in sorted(mine) if s in its]
        if len(d) < self.start:
            return False
        minimize = study.direction == optuna.study.StudyDirection.MINIMIZE
        mean = sum(mine.values()) / len(mine)
        if (best.value >= mean) if minimize else (best.value <= mean):
            return False
        return wilcoxon(d, alternative="greater" if minimize else "less", method="exact").pvalue < self.p


def curves(seed, nan):
    r = random.Random(seed)
    result = []
    for _ in range(40):
        end, start, tau = r.uniform(0.05, 0.6), r.uniform(0.3, 1.5), r.uniform(1, 15)
        curve = [round(end + start * math.exp(-s / tau) + r.gauss(0, 0.03), 4) for s in range(1, STEPS + 1)]
        for s in range(STEPS - 1):
            if r.random() < nan:
                curve[s] = math.nan
        result.append(curve)
    for s in range(12):
        result[17][s] = math.nan
    return result


def seeds(seed):
    """40 configurations over 30 seeds: a mean and noise, some of it the seed's, in steps that are unlike each other."""
    r = random.Random(seed)
    shared = [r.gauss(0, 0.1) for _ in range(STEPS)]
    return [[round(mean + s + r.gauss(0, 0.05), 6) for s in shared] for mean in (r.uniform(0.2, 0.4) for _ in range(40))]


def stops(pruner, curves, maximize, mean=False):
    study = optuna.create_study(study_name="golden", direction="maximize" if maximize else "minimize", pruner=pruner)
    result = []
    for curve in curves:
        trial, stopped = study.ask(), STEPS
        for step, value in enumerate(curve, 1):
            trial.report(-value if maximize else value, step)
            if trial.should_prune():
                stopped = step
                break
        value = sum(curve) / STEPS if mean else curve[-1]
        done = stopped == STEPS
        study.tell(trial, values=(-value if maximize else value) if done else None,
                   state=optuna.trial.TrialState.COMPLETE if done else optuna.trial.TrialState.PRUNED)
        result.append(stopped)
    return result


CASES = [
    ({"type": "median"}, lambda: P.MedianPruner()),
    ({"type": "median", "startUpTrials": 3, "warmUpSteps": 4, "interval": 3, "minTrials": 4}, lambda: P.MedianPruner(3, 4, 3, n_min_trials=4)),
    ({"type": "percentile", "percent": 25}, lambda: P.PercentilePruner(25.0)),
    ({"type": "percentile", "percent": 80, "startUpTrials": 2, "warmUpSteps": 2, "interval": 5}, lambda: P.PercentilePruner(80.0, 2, 2, 5)),
    ({"type": "successiveHalving", "minResource": 1, "reductionFactor": 2}, lambda: P.SuccessiveHalvingPruner(1, 2)),
    ({"type": "successiveHalving", "minResource": 2, "reductionFactor": 3, "minEarlyStoppingRate": 1}, lambda: P.SuccessiveHalvingPruner(2, 3, 1)),
    ({"type": "successiveHalving", "minResource": 3}, lambda: P.SuccessiveHalvingPruner(3)),
    ({"type": "hyperband", "minResource": 1, "maxResource": 30}, lambda: P.HyperbandPruner(1, 30, 3)),
    ({"type": "hyperband", "minResource": 2, "maxResource": 30, "reductionFactor": 2}, lambda: P.HyperbandPruner(2, 30, 2)),
    ({"type": "patience", "patience": 1, "minDelta": 0.02}, lambda: P.PatientPruner(P.MedianPruner(), 1, 0.02)),
    ({"type": "patience", "patience": 3, "earlyStopping": True}, lambda: P.PatientPruner(None, 3)),
    ({"type": "patience", "patience": 0, "pruner": {"type": "percentile", "percent": 40, "startUpTrials": 1}}, lambda: P.PatientPruner(P.PercentilePruner(40.0, 1), 0)),
    ({"type": "threshold", "upper": 0.9, "warmUpSteps": 3}, lambda: P.ThresholdPruner(upper=0.9, n_warmup_steps=3)),
    ({"type": "threshold", "lower": -0.7, "upper": 1.2, "warmUpSteps": 2, "interval": 4}, lambda: P.ThresholdPruner(-0.7, 1.2, 2, 4)),
    ({"type": "wilcoxon"}, lambda: Wilcoxon(0.1, 2)),
    ({"type": "wilcoxon", "maxPValue": 0.02, "startUpSteps": 8}, lambda: Wilcoxon(0.02, 8)),
]

data = {"noisy": curves(1, 0), "withNaN": curves(2, 0.05), "seeds": seeds(3)}
cases = []
for settings, make in CASES:
    for name, lines in data.items():
        # Wilcoxon's pairs are seeds. With NaN or ties in its way it is tested elsewhere.
        if (settings["type"] == "wilcoxon") != (name == "seeds"):
            continue
        for maximize in (False, True):
            cases.append({"pruner": settings, "curves": name, "maximize": maximize, "stops": stops(make(), lines, maximize, name == "seeds")})
text = {"optuna": optuna.__version__, "curves": {n: [[None if math.isnan(v) else v for v in c] for c in ls] for n, ls in data.items()}, "cases": cases}
print("{")
print(f'"optuna": "{optuna.__version__}",\n"curves": {{')
print(",\n".join(f'"{n}": [\n' + ",\n".join(json.dumps(c) for c in ls) + "]" for n, ls in text["curves"].items()) + "},")
print('"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "]}")
