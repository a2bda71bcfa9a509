using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>The model that a training is to leave. It is drafted and tried before training begins. A network that
/// trains may be impossible to score or save, and finding that out afterwards would lose the training.</summary>
internal sealed class ModelDraft
{
    private readonly IReadOnlyList<(ModelGraph Graph, Plan Plan)> graphs;
    private readonly ModelManifest manifest;
    private readonly ValueList<FeaturePart> parts;

    /// <summary>Lays the scoring graphs out.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="spec">The model.</param>
    /// <param name="context">What the data demands of the model.</param>
    /// <param name="networks">The trees that are trained.</param>
    /// <param name="featureNames">The names of the features; empty where they have none.</param>
    /// <param name="parts">The inputs that columns give, where there are several.</param>
    /// <exception cref="ShapeException">A network cannot be scored.</exception>
    /// <exception cref="ArgumentException">A model of such a manifest could not be loaded.</exception>
    public ModelDraft(
        Recipe recipe,
        ModelSpec spec,
        ModelContext context,
        IReadOnlyDictionary<string, Network> networks,
        ValueList<string> featureNames,
        ValueList<FeaturePart> parts)
    {
        this.parts = parts;
        graphs = [.. spec.Graphs(context, networks).Select(g => (g, Scored(g)))];
        manifest = new()
        {
            Task = recipe.Task,
            LabelColumn = recipe.LabelColumn,
            Label = context.Label,
            FeatureNames = featureNames.Count > 0 ? featureNames : null,
            Scale = context.Scale.IsNone ? null : context.Scale,
            Graphs = [.. graphs.Select(g => Signature(recipe, g.Graph, g.Plan, parts))],
            Parameters = networks.Values.Sum(n => n.Plan().ParameterCount),
            Networks = networks.ToDictionary(n => n.Key, n => RecordJson.ToElement(n.Value)),
            Model = spec is NetworkSpec ? null : RecordJson.ToElement(spec),
        };
        if (ManifestProblem.Of(manifest) is { } problem)
        {
            throw new ArgumentException($"No model could be made of this training: it would have {problem}."
                + $"{(recipe.Image is null || manifest.Main.Inputs[0].Image is null ? "" : " Let the options Image and InputShape and the data agree.")}");
        }

        CheckInputs();
        CheckReads();
        CheckColumns(spec);
        _ = manifest.ToJson();
    }

    /// <summary>Writes the model with its first weights, loads it as a host will, scores some rows, and compares the
    /// scores with torch's.</summary>
    /// <param name="initial">The weights.</param>
    /// <param name="summary">The summary of the features, from which the rows are drawn.</param>
    /// <exception cref="NotSupportedException">A layer has no scoring form, or one that ONNX Runtime
    /// does not take.</exception>
    /// <exception cref="InvalidOperationException">A graph computes something else than the network.</exception>
    public void TryOut(IReadOnlyDictionary<string, Weights> initial, DataSummary summary)
    {
        foreach (var (graph, plan) in graphs)
        {
            var weights = GraphWeights.Of(graph, initial, plan);
            DraftTrial.Run(graph, plan, weights, OnnxWriter.Write(plan, weights), summary);
        }
    }

    /// <summary>The model.</summary>
    /// <param name="trained">The weights, and rewrites of the graphs.</param>
    /// <param name="trainings">How it was trained.</param>
    /// <exception cref="InvalidOperationException">A rewrite made a graph that is not valid.</exception>
    public ModelPackage Package(TrainedModel trained, IReadOnlyList<TrainingSummary> trainings) => new()
    {
        Manifest = manifest with
        {
            Trainings = trainings,
            Pruned = trained.Pruned.Count > 0 ? trained.Pruned : null,
            Quantization = trained.Quantization,
            Clustered = trained.Clustered.Count > 0 ? trained.Clustered : null,
        },
        Graphs = graphs.ToDictionary(g => g.Graph.Name, g => Written(g.Graph, g.Plan, trained)),
        Assets = trained.Assets,
        // Graphs of integers have no weights to train on: all lie beside them where they are to be kept, and otherwise none.
        TrainingWeights = trained.Quantization is { KeepsFloatWeights: false } ? new([])
            : GraphWeights.Others(trained.Quantization is null ? [.. graphs] : [], trained.Weights),
    };

    /// <summary>The first graph with trained weights.</summary>
    public byte[] Main(TrainedModel trained) => Written(graphs[0].Graph, graphs[0].Plan, trained);

    private static byte[] Written(ModelGraph graph, Plan plan, TrainedModel trained) =>
        OnnxWriter.Write(plan, GraphWeights.Of(graph, trained.Weights, plan), null, trained.Passes);

    private static Plan Scored(ModelGraph graph)
    {
        try
        {
            var plan = graph.Network.Plan().ForScoring();
            OnnxWriter.CheckSize(plan);
            return plan;
        }
        catch (ShapeException e) when (graph.Role == GraphRole.Score && graph.Network.Root is Sequential { Children: [.., var last] })
        {
            throw new ShapeException(
                $"the network can be trained, but not scored with the layer '{last.Name}' that is put "
                    + $"behind it: {e.Message}",
                e);
        }
    }

    // No column would supply the values of this input, and nothing else is declared to.
    private void CheckInputs()
    {
        foreach (var (graph, plan) in graphs)
        {
            if (plan.Network.Inputs.Skip(1).FirstOrDefault(i => graph.IsFeature(i.Name) && parts.All(p => p.Name != i.Name)) is { } input)
            {
                throw new ArgumentException($"Nothing gives the values of input '{input.Name}' of graph '{graph.Name}': only its first "
                    + $"input is read from the feature column. "
                    + "Name its column in ModelGraph.InputColumns, or say in InputRoles what it is for.");
            }
        }
    }

    private void CheckReads()
    {
        if (manifest.Task is { LearnsFromLabels: false } unlabelled && manifest.Main.Role != GraphRole.Score)
        {
            throw new ArgumentException($"{unlabelled.GetType().Name} needs a model that scores rows, but the first graph of this one is "
                + $"'{manifest.Main.Name}'; take an autoencoder: new Vae() or new Autoencoder(), in YAML network: {{ type: vae }} or {{ type: autoencoder }}.");
        }

        if (manifest.Task is not { } task || manifest.Main.Role != GraphRole.Score)
        {
            return;
        }

        var given = manifest.Main.Outputs.Select(o => o.Name).ToList();
        if (task.Columns.FirstOrDefault(c => c.Reads.Append(c.Output).Except(given).Any()) is { } column)
        {
            throw new ArgumentException($"The column '{column.Name}' of {task.GetType().Name} reads the output "
                + $"'{column.Reads.Append(column.Output).Except(given).First()}', "
                + $"but the graph '{manifest.Main.Name}' gives {string.Join(", ", given)}; let the network have that output (Tap), or the "
                    + $"column read another.");
        }
    }

    private void CheckColumns(ModelSpec spec)
    {
        var made = manifest.Main.Outputs.Select(o => o.Column).OfType<string>().Order().ToList();
        if (spec is not NetworkSpec && manifest.Main.Role != GraphRole.Score && !made.SequenceEqual(spec.Columns.Order()))
        {
            throw new ArgumentException($"{spec.GetType().Name} says that it adds the columns [{string.Join(", ", spec.Columns)}], "
                + $"but its first graph '{manifest.Main.Name}' adds [{string.Join(", ", made)}]; let Columns name those.");
        }
    }

    private static GraphSignature Signature(Recipe recipe, ModelGraph graph, Plan plan, ValueList<FeaturePart> parts)
    {
        bool scores = graph.Role == GraphRole.Score;
        return new(
            graph.Name,
            [.. plan.Network.Inputs.Select((input, i) => parts.FirstOrDefault(p => p.Name == input.Name) is { } part
                ? new(input.Name, input.Shape) { Column = part.Column, Image = part.Image, Tokens = part.Tokens }
                : Input(recipe, graph, input, isFeature: i == 0 && graph.IsFeature(input.Name)))],
            [.. plan.Outputs.Select(o => new GraphOutput(
                o.Name, o.Shape) { Column = scores ? null : graph.OutputColumns.GetValueOrDefault(o.Name) })])
        {
            Role = graph.Role,
            WeightsOf = graph.WeightsOf,
        };
    }

    private static GraphInput Input(Recipe recipe, ModelGraph graph, NetworkInput input, bool isFeature) => new(input.Name, input.Shape)
    {
        Column = graph.InputColumns.GetValueOrDefault(input.Name) ?? (isFeature ? recipe.FeatureColumn
            : Role(graph, input) == GraphRole.Condition ? recipe.LabelColumn : null),
        Image = isFeature ? recipe.Image : null,
        Tokens = isFeature ? recipe.Tokens : TokenKind.Unknown,
        Role = Role(graph, input),
    };

    private static string Role(ModelGraph graph, NetworkInput input) => graph.InputRoles.GetValueOrDefault(input.Name, GraphRole.Feature);
}
