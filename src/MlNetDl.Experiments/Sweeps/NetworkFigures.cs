using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Figures of a network that are known before it is trained.</summary>
internal static class NetworkFigures
{
    /// <summary>The names and dimensions of its weights, as text that can be compared. A model of several networks, whose
    /// form only its training knows, stands for itself.</summary>
    /// <exception cref="Layers.Contracts.ShapeException">The network does not take such data.</exception>
    public static string Weights(Experiment experiment, LoadedData data)
    {
        if (experiment.Network is not NetworkSpec spec)
        {
            return RecordJson.Serialize(experiment.Network);
        }

        var (input, outputs) = data.InputAndOutputs();
        return string.Join(
            "; ", spec.ToNetwork(input, outputs).Plan().Parameters.Select(p => $"{p.Name} [{string.Join(", ", p.Parameter.Dims)}]"));
    }

    /// <summary>The figures by name: weights, and multiply-adds of an example.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="data">Its data, which says what the network takes and gives.</param>
    /// <returns><see langword="null"/> where only the training knows: for a model of several networks, and where a stage
    /// changes the network.</returns>
    /// <exception cref="Layers.Contracts.ShapeException">The network does not take such data.</exception>
    public static IReadOnlyDictionary<string, double>? Of(Experiment experiment, LoadedData data)
    {
        if (experiment.Network is not NetworkSpec spec || experiment.Training.Stages.Any(s => !s.KeepsNetworks))
        {
            return null;
        }

        var (input, outputs) = data.InputAndOutputs();
        var plan = spec.ToNetwork(input, outputs).Plan();
        // As ModelSize counts: weights with auxiliary heads, the work of scoring without them.
        return new Dictionary<string, double> { [RunFigures.Parameters] = plan.ParameterCount, [RunFigures.Macs] = plan.ForScoring().Macs };
    }
}
