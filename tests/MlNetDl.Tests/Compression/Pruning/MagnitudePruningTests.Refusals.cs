using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression.Pruning;

public sealed partial class MagnitudePruningTests
{
    public static TheoryData<MagnitudePruning, string> Wrong => new()
    {
        { new() { Amount = 1 }, "amount" },
        { new() { Amount = -0.1 }, "amount" },
        { new() { Amount = double.NaN }, "amount" },
        { new() { Amount = 0.5, Pattern = new(2, 4) }, "which says how many weights go" },
        { new() { Schedule = new Agp() }, "fineTune" },
        { new() { Pattern = new(2, 4), Schedule = new Agp() }, "must be oneShot" },
        { new() { By = new Movement() }, "such as agp" },
        { new() { By = new Movement(), Schedule = new NetworkSurgery() }, "must be magnitude" },
        { new() { Keep = ["hiden1"] }, "did you mean 'hidden1'?" },
        { new() { Keep = ["hidden1", "output"] }, "all layers are kept" },
        { new() { Scope = PruningScope.Layer }, "say keep: []" },
        { new() { Pattern = new(0, 4) }, "no pattern" },
        { new() { Pattern = new(5, 4), Keep = [] }, "no pattern" },
        { new() { Schedule = new Agp { Until = 0 } }, "until" },
        { new() { Schedule = new Iterative { Rounds = 1 } }, "rounds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_is_refused_before_the_first_step(MagnitudePruning stage, string words)
    {
        var steps = new Steps();
        var e = Assert.ThrowsAny<Exception>(() => (Recipe(new Fit(), stage) with { Callbacks = [steps] }).Run(Digits));
        Assert.Contains(words, e.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, steps.Count);
    }

    [Fact]
    public void It_is_written_and_read_in_yaml()
    {
        const string text = """
            stages:
              - fit
              - { type: magnitudePruning, amount: 0.8, scope: layer, keep: [], schedule: { type: agp, every: 5 }, fineTune: { epochs: 3 } }
              - { type: magnitudePruning, pattern: 2:4, by: random }
              - { type: proximalL1, strength: 0.001 }
            """;
        var options = ConfigurationDocument.Parse(text).Bind<TrainingOptions>();
        ValueList<Stage> expected =
        [
            new Fit(),
            new MagnitudePruning
            {
                Amount = 0.8,
                Scope = PruningScope.Layer,
                Keep = [],
                Schedule = new Agp { Every = 5 },
                FineTune = new() { Epochs = 3 },
            },
            new MagnitudePruning { Pattern = new(2, 4), By = new RandomWeights() },
            new ProximalL1 { Strength = 0.001 },
        ];
        Assert.Equal(expected, options.Stages);
        Assert.Equal(options, ConfigurationDocument.Parse(ConfigurationDocument.ToYaml(options)).Bind<TrainingOptions>());
    }

    private sealed class Steps : Callback
    {
        public int Count { get; private set; }

        public override void StepEnded(TrainingProgress progress) => Count++;
    }
}
