using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Compression;
using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The result of a compression: <c>result.json</c> of its folder.</summary>
public sealed record CompressionResult
{
    internal const string File = "result.json";

    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The smaller model, relative to the folder; <see langword="null"/> where there is none: the target was met already,
    /// or nothing has reached it.</summary>
    public string? Model { get; init; }

    /// <summary>The model before and after, with figures on the test part; empty where there is no smaller one.</summary>
    public required IReadOnlyList<LedgerRow> Ledger { get; init; }

    /// <summary>How often the smaller model predicts the same class, or set of labels, as others: the model before, and that of
    /// <see cref="CompressionJob.Agree"/>. Empty for tasks without classes.</summary>
    public IReadOnlyList<Agreement> Agreements { get; init; } = [];

    /// <summary>Epochs of all trainings.</summary>
    public int Epochs { get; init; }

    /// <summary>Seconds of all trainings.</summary>
    public double Seconds { get; init; }

    /// <summary>The figures that were looked for, where a target was given; <see langword="null"/> otherwise.</summary>
    public string? Target { get; init; }

    /// <summary>The figure of <see cref="Target"/> of the model as it was; <see langword="null"/> without a target.</summary>
    public double? Present { get; init; }

    /// <summary>Whether the target is met; <see langword="null"/> without one.</summary>
    public bool? IsMet { get; init; }

    /// <summary>What was tried for a target, best first; <see langword="null"/> without one.</summary>
    public IReadOnlyList<CompressionTry>? Tries { get; init; }

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a folder's result; <see langword="null"/> where there is none yet.</summary>
    /// <exception cref="InvalidDataException">Its file is damaged.</exception>
    internal static CompressionResult? FromFile(string path)
    {
        try
        {
            return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<CompressionResult>(System.IO.File.ReadAllText(path), Json) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is no result of a compression: {JsonProblem.Of(e)} Delete it, and the same command makes it anew.", e);
        }
    }
}

/// <summary>One way to reach a target.</summary>
/// <param name="Method">The score by which channels were chosen, such as <c>l1Norm</c>.</param>
/// <param name="Figure">The figure that the target bounds, of the model that it left; <see langword="null"/> where it left
/// none.</param>
/// <param name="Validation">The figures on the held-out rows after the short training.</param>
/// <param name="Problem">Why it left no model; <see langword="null"/> where it did.</param>
public sealed record CompressionTry(string Method, double? Figure, IReadOnlyDictionary<string, double> Validation, string? Problem)
{
    /// <summary>Epochs of its trainings.</summary>
    public int Epochs { get; init; }

    /// <summary>Seconds of its trainings.</summary>
    public double Seconds { get; init; }
}
