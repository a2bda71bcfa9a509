using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Docs;

/// <summary>The examples in the documentation of pruners, but for their last line; ComponentExamplesTests compares and runs them.</summary>
internal static class PrunerExamples
{
    public static IReadOnlyList<TrialRecord> NoPrunerExample()
    {
        using var study = Study.InMemory("all", pruner: new NoPruner()); // the default
        study.Optimize(trial => Math.Abs(trial.Uniform("x", -1, 1)), trials: 20);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> MedianPrunerExample()
    {
        using var study = Study.InMemory("median", pruner: new MedianPruner { StartUpTrials = 5, WarmUpSteps = 2 });
        study.Optimize(
            trial =>
            {
                double rate = trial.LogUniform("rate", 1e-4, 1), loss = 1;
                for (int epoch = 1; epoch <= 10; epoch++)
                {
                    loss = Math.Pow(Math.Log10(rate) + 2, 2) + (1.0 / epoch);
                    trial.ReportAndMaybePrune(epoch, loss); // a hopeless trial ends here
                }

                return loss;
            },
            trials: 40);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> PercentilePrunerExample()
    {
        using var study = Study.InMemory("percentile", pruner: new PercentilePruner { Percent = 10 }); // a tenth may go on
        study.Optimize(
            trial =>
            {
                double x = trial.Uniform("x", -1, 1);
                for (int epoch = 1; epoch <= 10; epoch++)
                {
                    trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (1.0 / epoch));
                }

                return Math.Abs(x);
            },
            trials: 40);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> SuccessiveHalvingPrunerExample()
    {
        using var study = Study.InMemory("asha", pruner: new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 });
        study.Optimize(
            trial =>
            {
                double x = trial.Uniform("x", -1, 1);
                for (int epoch = 1; epoch < 27; epoch++)
                {
                    trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (1.0 / epoch)); // rungs at epochs 1, 3 and 9
                }

                return Math.Abs(x);
            },
            trials: 40);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> HyperbandPrunerExample()
    {
        using var study = Study.InMemory("hyperband", pruner: new HyperbandPruner { MinResource = 1, MaxResource = 27 });
        study.Optimize(
            trial =>
            {
                double x = trial.Uniform("x", -1, 1);
                for (int epoch = 1; epoch <= 27; epoch++)
                {
                    trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (1.0 / epoch));
                }

                return Math.Abs(x);
            },
            trials: 60);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> WilcoxonPrunerExample()
    {
        using var study = Study.InMemory("seeds", sampler: new RandomSampler { Seed = 1 }, pruner: new WilcoxonPruner { MaxPValue = 0.1 });
        study.Optimize(
            Repeat.Over([1, 2, 3, 4, 5, 6, 7, 8], (trial, seed) => Math.Abs(trial.Uniform("x", -1, 1)) + (0.01 * new Random(seed).NextDouble())),
            trials: 30);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> PatiencePrunerExample()
    {
        using var study = Study.InMemory("patience", pruner: new PatiencePruner { Patience = 3, EarlyStopping = true });
        study.Optimize(
            trial =>
            {
                double x = trial.Uniform("x", -1, 1);
                for (int epoch = 1; epoch <= 10; epoch++)
                {
                    trial.ReportAndMaybePrune(epoch, Math.Abs(x) + (x > 0 ? Math.Abs(epoch - 5) : 1.0 / epoch)); // x > 0 overfits
                }

                return Math.Abs(x);
            },
            trials: 30);
        return study.Trials;
    }

    public static IReadOnlyList<TrialRecord> ThresholdPrunerExample()
    {
        using var study = Study.InMemory("diverged", pruner: new ThresholdPruner { Upper = 100 });
        study.Optimize(
            trial =>
            {
                double loss = 1, rate = trial.Uniform("rate", 0, 4);
                for (int epoch = 1; epoch <= 10; epoch++)
                {
                    loss *= Math.Abs(1 - rate); // gradient descent on a parabola
                    trial.ReportAndMaybePrune(epoch, loss);
                }

                return loss;
            },
            trials: 30);
        return study.Trials;
    }
}
