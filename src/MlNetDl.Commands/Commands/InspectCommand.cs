using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Files;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;

namespace MlNetDl.Commands;

/// <summary>A network's layers. For a model also its inputs and how it was trained.</summary>
/// <param name="Input">The shape of the input.</param>
/// <param name="Parameters">Trainable weights.</param>
/// <param name="Macs">Multiply–adds of an example.</param>
/// <param name="Layers">The layers.</param>
/// <param name="Summary">The same for people.</param>
internal sealed record InspectedNetwork(
    string Input, long Parameters, long Macs, IReadOnlyList<InspectedLayer> Layers, [property: JsonIgnore] Summary Summary)
{
    /// <summary>The task's name.</summary>
    public string? Task { get; init; }

    /// <summary>The classes, in the order of the outputs.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>The columns of the rows that the model takes.</summary>
    public IReadOnlyList<ModelInput>? Columns { get; init; }

    /// <summary>How its numbers are rounded; none where they are float32.</summary>
    public string? Quantization { get; init; }

    /// <summary>The threshold of an anomaly detector, and how it was chosen.</summary>
    public AnomalyReport? Anomalies { get; init; }

    /// <summary>How it was trained at last.</summary>
    public JsonNode? Training { get; init; }

    /// <summary>All its trainings.</summary>
    public JsonNode? Trainings { get; init; }

    /// <summary>All its trainings, for people.</summary>
    [JsonIgnore]
    public IReadOnlyList<TrainingSummary> Fits { get; init; } = [];
}

/// <summary>A layer of a network.</summary>
/// <param name="Path">Its place.</param>
/// <param name="Type">What it is.</param>
/// <param name="Output">The shape of its output.</param>
/// <param name="Parameters">Trainable weights.</param>
/// <param name="Macs">Multiply–adds of an example.</param>
internal sealed record InspectedLayer(string Path, string Type, string Output, long Parameters, long Macs);

/// <summary><c>mldl inspect</c>.</summary>
internal sealed class InspectCommand() : ToolCommand<InspectedNetwork>(
        "inspect",
        "Shows a network's layers with their shapes, weights and multiply-adds; of a model also what it "
            + "takes and how it was trained.",
        "mldl inspect resNet34 --input 3x224x224 --classes 1000",
        "mldl inspect runs/quickstart/best/model.zip",
        "mldl inspect experiments/quickstart.yaml --json")
{
    private const int ImageNetSize = 224, ImageNetClasses = 1000, FewClasses = 10;

    private readonly Argument<string> what = new("what") { Description = "A network's name, a model .zip, or an experiment's YAML file." };
    private readonly Option<string?> input = new(
        "--input")
    { Description = "Input of a network: 3x224x224, or 30 for a vector.", HelpName = "CxHxW" };

    private readonly Option<int?> classes = new("--classes")
    {
        Description = "Outputs of a network; 10 by default, 1000 for inputs of 224 x 224 and more.",
    };

    protected override IEnumerable<Symbol> Symbols => [what, input, classes];

    protected override InspectedNetwork Run(ToolContext context)
    {
        var (network, model) = Find(context.Get(what), context.Get(input) is { } text ? Parse(text) : null, context.Get(classes), context.Tool);
        var summary = Summary.Of(network.Plan());
        var layers = summary.Rows.Select(r => new InspectedLayer(r.Path, r.Type, r.Output.ToString(), r.Parameters, r.Macs)).ToList();
        var inspected = new InspectedNetwork(network.Inputs[0].Shape.ToString(), summary.Parameters, summary.Macs, layers, summary);
        return model?.Manifest is not { } manifest ? inspected : inspected with
        {
            Anomalies = AnomalyReport.Of(model),
            Task = manifest.Task is { } task ? Catalogs.Tasks.EntryOf(task.GetType())?.Name : null,
            Classes = manifest.ClassNames,
            Columns = Columns(context),
            Quantization = manifest.Quantization is { } rounded
                ? $"{rounded.Words}, by {rounded.Stage}; float weights are {(rounded.KeepsFloatWeights ? "beside the graph" : "gone")}" : null,
            Training = manifest.Training is { } last ? RecordJson.ToNode(last) : null,
            Trainings = manifest.Training is null ? null : RecordJson.ToNode(manifest.Trainings),
            Fits = manifest.Trainings,
        };
    }

    protected override void Write(InspectedNetwork result, ToolContext context)
    {
        context.Output.Write(result.Summary.ToText());
        if (result.Quantization is { } rounded)
        {
            context.Output.WriteLine();
            context.Output.WriteLine($"quantised: {rounded}");
        }

        if (result.Classes?.Count > 0)
        {
            context.Output.WriteLine();
            context.Output.WriteLine($"classes: {string.Join(", ", result.Classes)}");
        }

        if (result.Anomalies is { } anomalies)
        {
            context.Output.WriteLine();
            context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"anomalies: rows with a score above {anomalies.Threshold:G6}, chosen for {anomalies.FalseAlarms:0.####%} false alarms; {anomalies.Alarms:N0} "
                    + $"of {anomalies.Rows:N0} {(anomalies.AreHeldOut ? "held-out" : "training")} rows lie above it"));
        }

        if (result.Columns?.Count > 0)
        {
            TextTable.Write(context.Output, ["column", "what it holds"], result.Columns.Select(c => new[] { c.Name, Text(c) }));
        }

        foreach (var training in result.Fits)
        {
            TrainingView.Write(context.Output, training);
        }
    }

    private static string Text(ModelInput column) => column.Categories is { } count
        ? string.Create(CultureInfo.InvariantCulture, $"{column.Kind}, {count:N0} categor{(count == 1 ? "y" : "ies")}")
        : column.Kind;

    // The network is read without ML.NET; the columns are what its chain takes, and that may hold parts that
    // only its host knows.
    private IReadOnlyList<ModelInput> Columns(ToolContext context)
    {
        var model = context.Get(what);
        try
        {
            return ModelInputs.Of(model);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or TargetInvocationException)
        {
            context.Warn($"the columns of '{model}' cannot be shown, as ML.NET does not load its chain here: "
                + $"{e.GetBaseException().Message}");
            return [];
        }
    }

    private static (Network Network, ModelPackage? Model) Find(string what, Shape? input, int? classes, string tool)
    {
        if (what.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            var model = ModelFile.Read(what);
            var tree = model.Manifest.Networks.Values.Cast<JsonElement?>().FirstOrDefault()
                ?? throw new ModelFormatException($"'{what}' holds no description of its network.");
            return (RecordJson.Deserialize<Network>(tree.GetRawText()), model);
        }

        if (Experiment.IsFile(what))
        {
            var experiment = Experiment.Load(what);
            var (shape, outputs) = experiment.InputAndOutputs();
            var architecture = experiment.Network as NetworkSpec
                ?? throw new UsageException($"'{what}' has a model of several networks; train it and inspect the model that it leaves.");
            return (architecture.ToNetwork(input ?? shape, classes ?? outputs), null);
        }

        if (Catalogs.Networks.Find(what).Type == typeof(CustomNetwork))
        {
            throw new UsageException($"'{what}' is a network that is given by its layers, so there is nothing to show without them; " +
                $"write them into an experiment ({tool} new custom > mine.yaml) and inspect that: {tool} inspect mine.yaml");
        }

        if (!Catalogs.Networks.Find(what).Type.IsSubclassOf(typeof(NetworkSpec)))
        {
            throw new UsageException($"'{what}' is no single network, and what it consists of follows from the data; train it and inspect the model "
                + $"that it leaves ({tool} list networks {what} shows its settings).");
        }

        var spec = RecordJson.FromNode<NetworkSpec>(JsonValue.Create(what));
        var given = input ?? spec.UsualInput;
        bool large = given.Rank == 4 && given.Size(2) >= ImageNetSize;
        return (spec.ToNetwork(given, classes ?? (large ? ImageNetClasses : FewClasses)), null);
    }

    private static Shape Parse(string text)
    {
        var sizes = Array.ConvertAll(text.Split('x'), part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0);
        if (sizes.Contains(0) || sizes.Length is not (1 or 3))
        {
            throw new UsageException($"--input '{text}' is not a size; expected channels x height x width such as 3x224x224, "
                + "or one number for a vector.");
        }

        return sizes.Length == 1 ? Shape.Vector(sizes[0]) : Shape.Image(sizes[0], sizes[1], sizes[2]);
    }
}
