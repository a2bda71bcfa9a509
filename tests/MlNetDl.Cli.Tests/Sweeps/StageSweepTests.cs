namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>Sweeps over what stages do.</summary>
public sealed class StageSweepTests : IDisposable
{
    private readonly SweepTestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_amount_of_a_pruning_stage_is_searched_and_judged_by_what_it_left()
    {
        folder.Run(folder.Load("""
            name: amounts
            data: { dataset: optdigits, take: 600 }
            network: { type: mlp, hidden: [20] }
            training:
              epochs: 2
              batchSize: 64
              threads: 1
              validationFraction: 0.3
              optimizer: { type: adam, learningRate: 0.01 }
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
}
