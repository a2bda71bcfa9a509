using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Steps and bounds of what a sweep searches.</summary>
public sealed class DependentRangesTests
{
    private const string Sweep = """
        name: sweep
        data: { dataset: optdigits }
        network: { type: mlp, hidden: [32] }
        training: { epochs: 1, validationFraction: 0.2 }
        search:
          space:
            SPACE
          objective: { maximize: validation.accuracy }
        """;

    [Fact]
    public void A_range_may_have_a_step() => Assert.Equal(
        new Uniform(0, 0.5, 0.1), Trials("network.dropout: { uniform: [0, 0.5], step: 0.1 }").Space.Find("network.dropout")!.Distribution);

    [Fact]
    public void A_descending_list_never_gets_wider_and_every_corner_of_it_is_tried()
    {
        const string Hidden = "network.hidden: { list: { integer: [16, 64], step: 8 }, length: [1, 3], descending: true }";
        var trials = Trials(Hidden);
        Assert.Equal(
            [null, null, "network.hidden[0]", "network.hidden[1]"],
            trials.Space.Parameters.Select(p => p.AtMost));
        using var study = Study.InMemory("sweep", sampler: new RandomSampler { Seed = 1 }, space: trials.Space);
        study.Optimize(_ => 0, trials: 50);
        Assert.All(study.Trials, t =>
        {
            var hidden = Widths(trials, t.Numbers);
            Assert.Equal(hidden.OrderDescending(), hidden);
        });
        var ends = Corners(Hidden).Select(n => string.Join(',', n.Where(p => p.Key.EndsWith(']')).Select(p => p.Value))).Distinct();
        Assert.Equal(["16", "16,16", "16,16,16", "64", "64,64", "64,64,64"], ends.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_bound_may_stand_anywhere_in_the_file()
    {
        var space = Trials("""
            training.batchSize: { integer: [16, 64], atMost: "network.hidden[0]" }
                network.hidden[0]: { integer: [64, 128] }
                training.epochs: { integer: [1, 2] }
            """).Space;
        Assert.Equal(["network.hidden[0]", "training.batchSize", "training.epochs"], space.Parameters.Select(p => p.Name));
        space = Trials("""
            training.batchSize: { integer: [16, 64], atMost: "network[mlp].hidden[0]" }
                network: { choice: [{ type: mlp, hidden: [{ integer: [64, 128] }], dropout: { uniform: [0, 0.5] } }] }
            """).Space;
        Assert.Equal(["network", "network[mlp].hidden[0]", "network[mlp].dropout", "training.batchSize"], space.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void A_bound_in_another_branch_is_refused()
    {
        var e = Assert.Throws<ConfigurationException>(() => Trials("""
            training.batchSize: { integer: [16, 64], atMost: "network[mlp].hidden[0]" }
                network: { choice: [{ type: mlp, hidden: [{ integer: [64, 128] }] }, { type: leNet5 }] }
            """));
        Assert.Contains(
            "parameter 'training.batchSize' is at most 'network[mlp].hidden[0]', which does not exist wherever",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_that_is_none_is_refused_with_the_name_that_was_meant()
    {
        var e = Assert.Throws<ConfigurationException>(() => Trials("""
            training.batchSize: { integer: [16, 64] }
                training.epochs: { integer: [1, 9], atMost: training.batchSiz }
            """));
        Assert.Contains(
            "(8,5): search.space.training.epochs cannot be searched: parameter 'training.epochs' is at most 'training.batchSiz', "
                + "but there is no such parameter; did you mean 'training.batchSize'?",
            e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Corners_keep_the_bounds()
    {
        const string Space = """
            network.hidden[0]: { integer: [16, 64] }
                training.batchSize: { integer: [8, 256], atLeast: "network.hidden[0]" }
            """;
        var corners = Corners(Space).Select(n => (n["network.hidden[0]"], n["training.batchSize"])).ToList();
        Assert.All(corners, c => Assert.True(c.Item1 <= c.Item2));
        Assert.Contains((64, 256), corners);
        Assert.Contains((16, 16), corners);
    }

    [Fact]
    public void A_corner_takes_those_values_that_meet_its_conditions_with_which_it_comes_furthest()
    {
        var corners = Corners("network.hidden: { list: { integer: [1, 9], atMost: network.hidden.length }, length: [1, 3] }");
        Assert.Contains(corners, n => n["network.hidden.length"] == 3 && n["network.hidden[1]"] == 3);
        Assert.Contains(corners, n => n["network.hidden.length"] == 2 && n["network.hidden[1]"] == 1);
    }

    private static List<double> Widths(TrialExperiments trials, IReadOnlyDictionary<string, double> numbers) =>
        [.. RecordJson.ToNode(trials.Of(numbers))["network"]!["hidden"]!.AsArray().Select(h => (double)h!)];

    private static List<Dictionary<string, double>> Corners(string space)
    {
        var search = ConfigurationDocument.Parse(Sweep.Replace("SPACE", space, StringComparison.Ordinal)).Bind<Experiment>();
        return [.. new SearchedSpace(search.Search!, search).Corners().Select(c => c.Chosen.ToDictionary(
            p => p.Key, p => p.Value.Plain() is IConvertible value and not string ? Convert.ToDouble(value, null) : 0))];
    }

    private static TrialExperiments Trials(string space) =>
        new(ConfigurationDocument.Parse(Sweep.Replace("SPACE", space, StringComparison.Ordinal)).Bind<Experiment>());
}
