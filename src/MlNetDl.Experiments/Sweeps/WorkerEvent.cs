using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlNetDl.Experiments;

/// <summary>What a worker tells its runner: one JSON object a line.</summary>
/// <param name="Kind">What it is.</param>
internal sealed record WorkerEvent(WorkerEventKind Kind)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The trial.</summary>
    public int? Trial { get; init; }

    /// <summary>The epoch, from 1.</summary>
    public int? Epoch { get; init; }

    /// <summary>The epochs of the trial.</summary>
    public int? Epochs { get; init; }

    /// <summary>How much of the epoch is done, 0 to 1.</summary>
    public double? Done { get; init; }

    /// <summary>What people read.</summary>
    public string? Text { get; init; }

    /// <summary>As a line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The event of a line; <see langword="null"/> where the line is none, as a library may print
    /// anything.</summary>
    public static WorkerEvent? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<WorkerEvent>(line, Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What a worker tells.</summary>
internal enum WorkerEventKind
{
    /// <summary>The sweep is checked and the data loaded.</summary>
    Ready,

    /// <summary>How far a trial is.</summary>
    Progress,

    /// <summary>A message for people.</summary>
    Message,

    /// <summary>The search has no trial left for this worker.</summary>
    Searched,

    /// <summary>The sweep cannot be run as it is; the text says why.</summary>
    Refused,

    /// <summary>The worker cannot go on, nor could another; the text says why.</summary>
    Ended,
}
