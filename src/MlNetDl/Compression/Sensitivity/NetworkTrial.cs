using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>One network that is judged again and again, with other weights or hooks.</summary>
internal sealed class NetworkTrial : IDisposable
{
    private readonly IBatches data;
    private readonly int examples;
    private readonly TorchNetwork network;
    private readonly TrainingStep step;

    public NetworkTrial(StageContext context, int examples)
    {
        (data, this.examples) = (context.Validation ?? context.Data, examples);
        var (name, tree) = context.Model.Networks.Single();
        (Plan, Weights) = (tree.Plan(), context.Model.Weights[name]);
        network = new(Plan, TorchSession.Device(context.Options.Device));
        try
        {
            step = (context.Options.Step ?? new Supervised()).Start(new()
            {
                Networks = new Dictionary<string, TorchNetwork> { [name] = network },
                Options = context.Options with { ClassWeights = ClassWeights.None },
                Task = context.Task,
                Label = context.Label,
                Scale = context.Scale,
            });
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The network.</summary>
    public Plan Plan { get; }

    /// <summary>Its own weights.</summary>
    public Weights Weights { get; }

    /// <summary>How many examples the last figures are of.</summary>
    public long Examples { get; private set; }

    /// <summary>The figures with some weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="hook">Replaces values and weights as the network runs.</param>
    public IReadOnlyDictionary<string, double> Figures(Weights weights, IForwardHook? hook = null)
    {
        network.LoadWeights(weights);
        network.Hook = hook;
        network.SetTraining(false);
        return step.Evaluate(Bounded());
    }

    public void Dispose() => step.Dispose();

    private IEnumerable<Batch> Bounded()
    {
        Examples = 0;
        foreach (var batch in data.Epoch(0))
        {
            Examples += batch.Count;
            yield return batch;
            if (Examples >= examples)
            {
                yield break;
            }
        }
    }
}
