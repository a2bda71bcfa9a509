using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;

namespace MlNetDl.MlNet;

/// <summary>The model that a training is to leave. It is drafted before training begins: a network that trains may be one that cannot be scored or saved, and to find that out afterwards would lose the training.</summary>
internal sealed class ModelDraft
{
    private readonly Network scoring;
    private readonly Plan plan;
    private readonly ModelManifest manifest;

    /// <summary>Lays the scoring network out.</summary>
    /// <param name="manifest">What the model will say of itself, apart from how it was trained.</param>
    /// <param name="layers">The trained layers and, as the last one, that which makes scores of their output.</param>
    /// <exception cref="ShapeException">The network cannot be scored with that last layer.</exception>
    /// <exception cref="ArgumentException">A model of such a manifest could not be loaded.</exception>
    public ModelDraft(ModelManifest manifest, ValueList<Layer> layers)
    {
        if (manifest.Problem() is { } problem)
        {
            throw new ArgumentException($"No model could be made of this training: it would have {problem}. Let the options Image and InputShape and the data agree.");
        }

        this.manifest = manifest;
        scoring = new(new Sequential(layers), manifest.Input);
        try
        {
            plan = scoring.Plan().ForScoring();
        }
        catch (ShapeException e)
        {
            throw new ShapeException($"the network can be trained, but not scored with the layer '{layers[^1].Name}' that is put behind it: {e.Message}", e);
        }
    }

    /// <summary>Tries to write the model with the weights that training begins with.</summary>
    /// <exception cref="NotSupportedException">A layer has no scoring form.</exception>
    public void TryOut(Weights initial) => _ = Graph(initial);

    /// <summary>The model.</summary>
    public ModelPackage Package(Weights weights, TrainingSummary summary)
    {
        var inGraph = plan.Parameters.Select(p => p.Name).ToHashSet();
        return new()
        {
            Manifest = manifest with { Training = summary },
            Graphs = new Dictionary<string, byte[]> { [ModelPackage.MainGraph] = Graph(weights) },
            TrainingWeights = new(weights.Where(w => !inGraph.Contains(w.Name))),
        };
    }

    private byte[] Graph(Weights weights) => OnnxWriter.Write(scoring, weights.WithFixed(plan));
}
