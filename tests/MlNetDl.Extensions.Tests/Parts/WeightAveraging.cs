using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A stage: stochastic weight averaging (Izmailov et al. 2018, arXiv:1803.05407): trains on, and takes the
/// mean of the weights after each turn.</summary>
public sealed record WeightAveraging : Stage
{
    /// <summary>Turns, 1 or more.</summary>
    [AtLeast(1)]
    public int Turns { get; init; } = 2;

    /// <summary>Epochs of a turn, 1 or more.</summary>
    [AtLeast(1)]
    public int Epochs { get; init; } = 1;

    public override TrainedModel Run(StageContext context)
    {
        var (model, seen) = (context.Model, new List<TrainedModel>());
        for (int turn = 0; turn < Turns; turn++)
        {
            model = context.Fit(model, context.Options with { Epochs = Epochs });
            seen.Add(model);
        }

        context.Message($"mean of the weights of {Turns} turns");
        return model with { Weights = model.Weights.ToDictionary(w => w.Key, w => Mean([.. seen.Select(m => m.Weights[w.Key])])) };
    }

    private static Weights Mean(IReadOnlyList<Weights> all) => new(all[0].Select(first => first with
    {
        Data = [.. Enumerable.Range(0, first.Data.Length).Select(i => (float)all.Average(w => (double)w[first.Name].Data[i]))],
    }));
}
