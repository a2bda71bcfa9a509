namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Sweeps over what stages do.</summary>
public sealed class StageSweepTests : IDisposable
{
    // The beginning of an experiment whose network has twenty units.
    private const string Twenty = """
        name: amounts
        data: { dataset: optdigits, take: 600 }
        network: { type: mlp, hidden: [20] }
        training:
          batchSize: 64
          threads: 1
          optimizer: { type: adam, learningRate: 0.01 }
        """;

    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_amount_of_a_pruning_stage_is_searched_and_judged_by_what_it_left()
    {
        folder.Run(folder.Load($$"""
            {{Twenty}}
              epochs: 2
              validationFraction: 0.3
              stages:
                - fit
                - { type: filterPruning, amount: 0.5, fineTune: { epochs: 1 } }
            search:
              space: { "training.stages[1].amount": { choice: [0, 0.5, 0.9] } }
              sampler: grid
              objective: [{ maximize: validation.accuracy }, { minimize: macs }]
              constraints: [nonZeros >= 400]
              maxTrials: 3
            """));
        var trials = folder.Trials();
        var macs = trials.ToDictionary(t => t.Numbers.Values.Single(), t => t.Values[1]);
        // Twenty, ten and two units of 64 inputs and 10 outputs.
        Assert.Equal([20 * 74, 10 * 74, 2 * 74], macs.OrderBy(m => m.Key).Select(m => (int)m.Value));
        Assert.Equal([true, true, false], trials.OrderBy(t => t.Numbers.Values.Single()).Select(t => t.IsFeasible));
    }

    [Fact]
    public void The_figures_of_the_training_part_are_of_what_the_stages_left()
    {
        folder.Run(folder.Load($$"""
            {{Twenty}}
              epochs: 10
              stages: [fit, { type: magnitudePruning, amount: 0.5 }]
            search:
              space: { "training.stages[1].amount": { choice: [0, 0.99] } }
              sampler: grid
              objective: { maximize: train.accuracy }
              maxTrials: 2
            """));
        // By the place of the option: 0 and 0.99.
        var accuracy = folder.Trials().ToDictionary(t => (int)t.Numbers.Values.Single(), t => t.Values[0]);
        Assert.True(accuracy[0] > 0.9, $"{accuracy[0]}");
        Assert.True(accuracy[1] < 0.5, $"{accuracy[1]}");
    }

    // A head that only training needs counts in neither case: neither before the training nor of what it left.
    [Theory]
    [InlineData("")]
    [InlineData("constraints: [nonZeros >= 1]")]
    public void Macs_are_of_what_scores(string more)
    {
        folder.Run(folder.Load($$"""
            name: heads
            data: { dataset: optdigits, take: 200 }
            network:
              type: custom
              layers:
                - flatten
                - { type: linear, out: 16 }
                - { type: tap, wire: side, role: auxiliary, head: { type: linear, out: 10 } }
                - { type: linear, out: 10 }
            training: { epochs: 1, threads: 1 }
            search:
              space: { training.batchSize: { choice: [32, 64] } }
              sampler: grid
              objective: { minimize: macs }
              {{more}}
              maxTrials: 2
            """));
        Assert.Equal([(64 * 16) + (16 * 10)], folder.Trials().Select(t => (int)t.Values[0]).Distinct());
    }
}
