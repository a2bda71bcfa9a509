using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Pruners;

/// <summary>Optuna stops the same trials at the same steps.</summary>
public sealed class PrunerGoldenTests
{
    private static readonly JsonNode Optuna5 = Golden.Read("optuna-5.0.0rc1.json");
    private static readonly JsonNode Optuna3 = Golden.Read("pruners-optuna-3.1.0.json");

    public static TheoryData<string, TrialPruner> Published => new()
    {
        { "asha_r1_eta3", new SuccessiveHalvingPruner { MinResource = 1, ReductionFactor = 3 } },
        { "asha_r1_eta4", new SuccessiveHalvingPruner { MinResource = 1 } },
        { "hyperband_1_27_3", new HyperbandPruner { MaxResource = 27 } },
        { "median", new MedianPruner() },
        { "median_w5", new MedianPruner { StartUpTrials = 3, WarmUpSteps = 5 } },
        { "percentile25", new PercentilePruner { Percent = 25 } },
        { "patient", new PatiencePruner { Patience = 3 } },
    };

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Optuna3["cases"]!.AsArray().Count)];

    // The curves behind the published steps: (i mod 4) + 0.01 i + 1 / step; see Golden/pruners.py.
    [Theory]
    [MemberData(nameof(Published))]
    public void Stops_where_optuna_5_stops(string key, TrialPruner pruner)
    {
        var curves = Enumerable.Range(0, 27)
            .Select(i => Enumerable.Range(1, 27).Select(step => (i % 4) + (0.01 * i) + (1.0 / step)).ToArray());
        Assert.Equal(Optuna5["pruner_stop_steps"]![key].Integers(), Stops(pruner, [.. curves], Goal.Minimize));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stops_where_optuna_3_stops(int index)
    {
        var settings = Optuna3["cases"]![index]!;
        var goal = (bool)settings["maximize"]! ? Goal.Maximize : Goal.Minimize;
        double sign = goal == Goal.Minimize ? 1 : -1;
        double[][] curves = [.. Optuna3["curves"]![(string)settings["curves"]!]!.AsArray()
            .Select(c => c.Numbers().Select(v => sign * v).ToArray())];
        Assert.Equal(settings["stops"].Integers(), Stops(RecordJson.FromNode<TrialPruner>(settings["pruner"]), curves, goal));
    }

    [Fact]
    public void Brackets_of_hyperband_are_optunas()
    {
        var golden = Optuna5["hyperband_81_3"]!;
        var shares = new HyperbandPruner { MinResource = 1, ReductionFactor = 3 }.Shares(81);
        Assert.Equal(golden["budgets"].Integers().Select(b => (long)b), shares);
        Assert.Equal((int)golden["total"]!, shares.Sum());
        Assert.Equal(
            golden["bracket_of_trial_0_29"].Integers(),
            Enumerable.Range(0, 30).Select(i => HyperbandPruner.BracketOf("golden", i, shares)));
    }

    private static List<int> Stops(TrialPruner pruner, double[][] curves, Goal goal)
    {
        bool mean = pruner is WilcoxonPruner;
        using var study = Study.InMemory("golden", goal, pruner: pruner);
        var stops = new List<int>();
        foreach (double[] curve in curves)
        {
            var trial = study.Ask();
            int step = 0;
            do
            {
                trial.Report(++step, curve[step - 1]);
            }
            while (!trial.ShouldPrune() && step < curve.Length);

            stops.Add(step);
            if (step < curve.Length)
            {
                study.TellPruned(trial);
            }
            else
            {
                study.Tell(trial, mean ? curve.Sum() / curve.Length : curve[^1]);
            }
        }

        return stops;
    }
}
