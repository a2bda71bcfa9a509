using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Models;

/// <summary>Description of a <see cref="ModelPackage"/>: its task, its graphs and their signatures.</summary>
/// <remarks>Generated JSON code hands a member that the text lacks to its <c>init</c> as <see langword="null"/>, which
/// therefore puts the default back.</remarks>
public sealed record ModelManifest
{
    /// <summary>The newest format that this library reads. It writes the oldest one that can hold the model.</summary>
    public const int CurrentFormat = CodedFormat;

    /// <summary>The format of packages whose weights all lie one after the other.</summary>
    internal const int PlainFormat = 2;

    /// <summary>The format of packages with sparse weights.</summary>
    internal const int SparseFormat = 3;

    /// <summary>The format of packages with weights as codebooks and codes, or as integers of few bits.</summary>
    internal const int CodedFormat = 4;

    /// <summary>The keys by which a plain <c>.onnx</c> tells the names of classes, and what no and yes are called.</summary>
    internal const string ClassesInMetadata = "mlnetdl.classNames", YesNoInMetadata = "mlnetdl.yesNoNames";

    /// <summary>The package's format version.</summary>
    public int Format { get; init; } = PlainFormat;

    /// <summary>The graphs. A transformer runs the first by default.</summary>
    public required IReadOnlyList<GraphSignature> Graphs { get; init => field = value ?? []; }

    /// <summary>Meaning of the scores; <see langword="null"/> for a model that was trained without labels.</summary>
    [JsonConverter(typeof(TaskJson))]
    public LearningTask? Task { get; init; }

    /// <summary>The label column of training.</summary>
    public string LabelColumn { get; init => field = value ?? "Label"; } = "Label";

    /// <summary>The label that the model was trained on.</summary>
    public LabelInfo Label { get; init => field = value ?? new(); } = new();

    /// <summary>How target values were standardised for training; <see langword="null"/> where they were not, or a
    /// model of an older format does not say.</summary>
    public TargetScale? Scale { get; init; }

    /// <summary>The names of the features that the model takes as one vector, in order; <see langword="null"/> where they had none.
    /// Two models of the same table may hold its columns, or the categories of one, in another order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string>? FeatureNames { get; init; }

    /// <summary>Trainable weights of all networks, auxiliary heads included.</summary>
    public long Parameters { get; init; }

    /// <summary>The full names of pruned weights, whose zeros stay zero when training continues; empty where nothing
    /// was pruned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string>? Pruned { get; init; }

    /// <summary>How the numbers of its graphs are rounded; <see langword="null"/> where they are float32.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public QuantizationSummary? Quantization { get; init; }

    /// <summary>The full names of clustered weights, whose equal values stay equal when training continues; empty where nothing
    /// was clustered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string>? Clustered { get; init; }

    /// <summary>The training: a summary of each fit, in order; those of the model that it continued from come first. Empty where it
    /// is unknown.</summary>
    public IReadOnlyList<TrainingSummary> Trainings { get; init => field = value ?? []; } = [];

    /// <summary>The last fit, or what was found of the model after a later stage; <see langword="null"/> where it is
    /// unknown.</summary>
    [JsonIgnore]
    public TrainingSummary? Training => Trainings.Count > 0 ? Trainings[^1] : null;

    /// <summary>Whether no training of the model has seen the rows that such options hold out of its data: all held out the same
    /// share by the same seed, and had as many examples left.</summary>
    /// <param name="training">The options.</param>
    /// <param name="examples">How many examples they leave for training.</param>
    public bool HasNotSeenHeldOut(TrainingOptions training, long examples)
    {
        ArgumentNullException.ThrowIfNull(training);
        return Trainings.Count > 0 && Trainings.All(t => t.Examples == examples && t.ReadOptions() is { ValidationFraction: > 0 } own
            && own.ValidationFraction.Equals(training.ValidationFraction) && own.SeedOrDefault == training.SeedOrDefault);
    }

    /// <summary>The trained networks' trees in JSON by name, from which they can be rebuilt to train on. May name layer
    /// types unknown here; scoring does not read them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Networks { get; init => field = value ?? NoNetworks; } = NoNetworks;

    /// <summary>The specification that the networks were made of, in JSON, for a model of several;
    /// <see langword="null"/> for one network.</summary>
    public JsonElement? Model { get; init; }

    /// <summary>Reads <see cref="Model"/>; <see langword="null"/> for one network.</summary>
    internal ModelSpec? ReadModel() => Model is { } json ? RecordJson.Deserialize<ModelSpec>(json.GetRawText()) : null;

    /// <summary>The library's version that wrote it.</summary>
    public string LibraryVersion { get; init => field = value ?? "unknown"; } =
        typeof(ModelManifest).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static Dictionary<string, JsonElement> NoNetworks => [];

    /// <summary>The first graph.</summary>
    [JsonIgnore]
    public GraphSignature Main => Graphs[0];

    /// <summary>The column that the first graph's first input is read from.</summary>
    [JsonIgnore]
    public string FeatureColumn => Main.Inputs[0].Column ?? Main.Inputs[0].Name;

    /// <summary>Shape of that input, such as <c>[N, 1, 28, 28]</c>.</summary>
    [JsonIgnore]
    public Shape Input => Main.Inputs[0].Shape;

    /// <summary>How its images are prepared; <see langword="null"/> for vectors.</summary>
    [JsonIgnore]
    public ImageInput? Image => Main.Inputs[0].Image;

    /// <summary>Values of a row's score: classes, or values; 0 where rows have different numbers of them.</summary>
    [JsonIgnore]
    public int Outputs =>
        Main.Outputs[0].Shape is { Rank: 2 } shape && shape[1].Size is { } size && !Main.HasOwnRows(Main.Outputs[0])
            ? checked((int)size)
            : 0;

    /// <summary>Names of the classes by index; empty where there are none.</summary>
    [JsonIgnore]
    public ValueList<string> ClassNames => Label.ClassNames;

    /// <summary>The signature of a graph.</summary>
    /// <exception cref="ArgumentException">There is no such graph.</exception>
    public GraphSignature Graph(string name) => Graphs.FirstOrDefault(g => g.Name == name)
        ?? throw new ArgumentException($"The model has no graph '{name}'; it has: {string.Join(", ", Graphs.Select(g => g.Name))}.");

    /// <summary>The same, where one of the graphs reads another column.</summary>
    /// <param name="graph">The graph's name.</param>
    /// <param name="column">The column that it reads.</param>
    /// <param name="renamed">The one that it reads then.</param>
    internal ModelManifest WithColumn(string graph, string column, string renamed) => this with
    {
        Graphs = [.. Graphs.Select(g => g.Name != graph ? g
            : g with { Inputs = [.. g.Inputs.Select(i => i.Column == column ? i with { Column = renamed } : i)] })],
    };

    /// <summary>Metadata of a graph that is written as a plain <c>.onnx</c>.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata(GraphSignature graph)
    {
        var metadata = new Dictionary<string, string> { ["mlnetdl.input"] = graph.Inputs[0].Shape.ToString() };
        if (Task is not null)
        {
            metadata["mlnetdl.task"] = TaskJson.NameOf(Task);
        }

        if (Task is BinaryClassification { Threshold: not 0.5 } binary)
        {
            metadata["mlnetdl.threshold"] = binary.Threshold.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        }

        metadata["mlnetdl.libraryVersion"] = LibraryVersion;
        if (ClassNames.Count > 0)
        {
            metadata[ClassesInMetadata] = JsonSerializer.Serialize(ClassNames.ToArray(), ManifestJson.Default.StringArray);
        }

        if (Label.YesNoNames is { } words)
        {
            metadata[YesNoInMetadata] = JsonSerializer.Serialize(words.ToArray(), ManifestJson.Default.StringArray);
        }

        if (graph.Inputs[0].Image is { } image)
        {
            metadata["mlnetdl.image"] = $"{(image.Channels == 1 ? "grey" : "RGB")} 0-255, {image.Height}x{image.Width} (height x width), "
                + $"resize: {JsonNamingPolicy.CamelCase.ConvertName(image.Resize.ToString())}";
        }

        return metadata;
    }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelManifest);

    /// <summary>Hosts allocate by these sizes, so a manifest may not claim what no network of this library
    /// has.</summary>
    /// <exception cref="ModelFormatException">A size is out of range or contradicts another.</exception>
    internal void Check()
    {
        if (ManifestProblem.Of(this) is { } wrong)
        {
            throw new ModelFormatException($"The model's manifest claims {wrong}; it is damaged or not of this library.");
        }
    }

    internal static ModelManifest FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            int format = JsonSerializer.Deserialize(json, ManifestJson.Default.ManifestHeader)?.Format ?? 0;
            var manifest = format == 1
                ? JsonSerializer.Deserialize(json, ManifestJson.Default.ManifestFormat1)?.ToCurrent()
                : JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest);
            return manifest ?? throw new ModelFormatException("The model's manifest is empty.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"The model's manifest cannot be read: {e.Message}", e);
        }
    }
}
