using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Models;

/// <summary>How a model was trained, as far as it follows from data, options and seed: it holds no times, so that the
/// same training gives the same file, bit for bit.</summary>
public sealed record TrainingSummary
{
    /// <summary>The stage that trained, such as <c>fit</c>; <see langword="null"/> where the training
    /// had no other.</summary>
    public string? Stage { get; init; }

    /// <summary>Epochs that were done; 0 for the figures of a model that a stage changed without training it
    /// after.</summary>
    public int Epochs { get; init; }

    /// <summary>The epoch with the best monitored figure, counted from 1; the last one without validation
    /// data.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Whether the weights are those of <see cref="BestEpoch"/> instead of the last epoch's.</summary>
    public bool Restored { get; init; }

    /// <summary>Whether training ended before all epochs that were asked for.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Examples it was trained on, without those held out for validation.</summary>
    public long Examples { get; init; }

    /// <summary>Figures over the training batches in the epoch the weights are of. The <c>loss</c> of a regression is
    /// of targets brought to mean 0 and standard deviation 1.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public IReadOnlyDictionary<string, double> Training { get; init => field = value ?? new Dictionary<string, double>(); } =
        new Dictionary<string, double>();

    /// <summary>Figures over the validation data after that epoch, or of the changed model; empty without such data. Its
    /// <c>loss</c> likewise.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    public IReadOnlyDictionary<string, double> Validation { get; init => field = value ?? new Dictionary<string, double>(); } =
        new Dictionary<string, double>();

    /// <summary>The training options in JSON, as in an experiment's <c>training</c>.</summary>
    public JsonElement? Options { get; init; }

    /// <summary>The training options without stages, which may be of a program that is not here; <see langword="null"/> where
    /// they are not known.</summary>
    /// <exception cref="ConfigurationException">They name another component that is not registered here.</exception>
    public TrainingOptions? ReadOptions()
    {
        if (Options is not { } options)
        {
            return null;
        }

        var keys = JsonObject.Create(options)!;
        keys.Remove("stages");
        return RecordJson.Deserialize<TrainingOptions>(keys.ToJsonString());
    }
}
