using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Experiments;

/// <summary>The result of a run, kept in <c>result.json</c>.</summary>
public sealed record RunResult
{
    /// <summary>The experiment's name.</summary>
    public required string Name { get; init; }

    /// <summary>Figures by part and name: <c>metrics.test.accuracy</c>, …; means over the seeds, or the
    /// folds of a cross-validation, where there are several.</summary>
    public required RunMetrics Metrics { get; init; }

    /// <summary>Where <see cref="Model"/> is right and wrong on the test part: classes, confusions, residuals.
    /// <see langword="null"/> where nothing was compared with labels, and in results of earlier versions.</summary>
    public ScoreReport? Report { get; init; }

    /// <summary>Standard deviations over the seeds or folds; <see langword="null"/> for one.</summary>
    public RunMetrics? StandardDeviations { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>The budget that the experiment states.</summary>
    public string? Budget { get; init; }

    /// <summary>Seconds of training.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds of these in which the training waited for its data. Results of earlier versions do not tell them.</summary>
    public double DataSeconds { get; init; }

    /// <summary>The share of the time of training in which it waited for its data, 0 to 1.</summary>
    public double DataShare => Seconds > 0 ? Math.Round(Math.Min(1, DataSeconds / Seconds), 3) : 0;

    /// <summary>Epochs trained, of all fits (of the last seed). With population-based training those of the whole
    /// lineage.</summary>
    public int Epochs { get; init; }

    /// <summary>The saved model, relative to the folder. With several seeds or folds it is that of the first.</summary>
    public required string Model { get; init; }

    /// <summary>Trainable weights.</summary>
    public long Parameters { get; init; }

    /// <summary>Further figures that were asked for, such as <c>latencyMs</c>; <see langword="null"/> for
    /// none.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>What the search of a sweep found; <see langword="null"/> for a single training.</summary>
    public SweepSummary? Search { get; init; }

    /// <summary>The arms by name, in order; <see langword="null"/> for an experiment without. The members above are then those
    /// of the first arm, with which the others are compared.</summary>
    public OrderedDictionary<string, ArmResult>? Arms { get; init; }

    /// <summary>Where and with what it ran.</summary>
    public required EnvironmentInfo Environment { get; init; }

    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new OneLineJson() },
    };

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a file of <see cref="ToJson"/>'s form; <see langword="null"/> where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="advice">What to do where it is damaged, a sentence.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal static RunResult? FromFile(string path, string advice)
    {
        try
        {
            return File.Exists(path) ? FromJson(File.ReadAllText(path)) : null;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' is no result of a run: {e.Message} {advice}", e);
        }
    }

    /// <summary>Reads <see cref="ToJson"/>'s form.</summary>
    /// <exception cref="InvalidDataException">The text is none.</exception>
    public static RunResult FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RunResult>(json, Json) ?? throw new InvalidDataException("The result is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The result cannot be read: {JsonProblem.Of(e)}", e);
        }
    }
}

/// <summary>Figures of the three parts. One that is not defined for the rows, such as the area under a curve where all are of one class,
/// is NaN, and null in <c>result.json</c>.</summary>
/// <param name="Train">On the training part, with the final weights.</param>
/// <param name="Validation">On the validation part; empty without one.</param>
/// <param name="Test">On the test part, which nothing was chosen by.</param>
public sealed record RunMetrics(
    [property: JsonConverter(typeof(FiguresJson))] IReadOnlyDictionary<string, double> Train,
    [property: JsonConverter(typeof(FiguresJson))] IReadOnlyDictionary<string, double> Validation,
    [property: JsonConverter(typeof(FiguresJson))] IReadOnlyDictionary<string, double> Test);

/// <summary>Where and with what a run was made.</summary>
/// <param name="LibraryVersion">MlNetDl's version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="System">The operating system.</param>
/// <param name="Architecture">The processor's architecture.</param>
/// <param name="Cores">Logical processors.</param>
/// <param name="TorchSharp">TorchSharp's version.</param>
/// <param name="OnnxRuntime">ONNX Runtime's version.</param>
public sealed record EnvironmentInfo(
    string LibraryVersion, string Runtime, string System, string Architecture, int Cores, string TorchSharp, string OnnxRuntime)
{
    /// <summary>This process.</summary>
    public static EnvironmentInfo Current() => new(
        typeof(EnvironmentInfo).Assembly.GetName().Version?.ToString(3) ?? "0",
        global::System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
        global::System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        global::System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(),
        global::System.Environment.ProcessorCount,
        VersionOf("TorchSharp"),
        VersionOf("Microsoft.ML.OnnxRuntime"));

    private static string VersionOf(string assembly)
    {
        try
        {
            return global::System.Reflection.Assembly.Load(assembly).GetName().Version?.ToString(3) ?? "unknown";
        }
        catch (IOException)
        {
            return "absent";
        }
    }
}
