using System.Text.Json;
using MlNetDl.Configuration;
using MlNetDl.Models;

namespace MlNetDl.Compression;

/// <summary>What rounding did to each layer of a model, as its file tells it.</summary>
public sealed record QuantizationReport
{
    /// <summary>The name under which a package holds it among its assets.</summary>
    public const string Asset = "quantization.json";

    /// <summary>The layers that compute with integers, in order of execution.</summary>
    public required ValueList<RoundedLayer> Layers { get; init; }

    /// <summary>The relative error of the network's output with all of them rounded: the norm of the difference over that of the exact
    /// output, on some calibration rows.</summary>
    public required double OutputError { get; init; }

    /// <summary>How the ranges of values were chosen, in words; <see langword="null"/> in files of earlier versions.</summary>
    public string? Calibration { get; init; }

    /// <summary>How many training rows were looked at for them; 0 in files of earlier versions.</summary>
    public long Rows { get; init; }

    /// <summary>The report of a model; <see langword="null"/> where it is not quantised, or not by <see cref="Int8"/>.</summary>
    /// <exception cref="InvalidDataException">What the package holds is no report.</exception>
    public static QuantizationReport? Of(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (!package.Assets.TryGetValue(Asset, out var json))
        {
            return null;
        }

        try
        {
            return RecordJson.Deserialize<QuantizationReport>(System.Text.Encoding.UTF8.GetString(json));
        }
        catch (Exception e) when (e is JsonException or ConfigurationException or ArgumentException)
        {
            throw new InvalidDataException($"The model's '{Asset}' is no report of a quantisation: {e.Message}", e);
        }
    }

    /// <summary>The report as an asset.</summary>
    internal byte[] ToJson() => System.Text.Encoding.UTF8.GetBytes(RecordJson.Serialize(this));
}

/// <summary>What rounding did to a convolution or matrix product.</summary>
/// <param name="Path">The layer.</param>
/// <param name="WeightNoise">Signal to noise of its weights in decibels, 10·log₁₀(Σw² / Σ(w − ŵ)²): 6 dB more are half the
/// error.</param>
/// <param name="ValueNoise">The same of the values that it reads.</param>
/// <param name="OutputError">The relative error of the network's output with this layer alone rounded: where the error
/// arises.</param>
public sealed record RoundedLayer(string Path, double WeightNoise, double ValueNoise, double OutputError)
{
    /// <summary>The range of the values that it reads, over which they are rounded.</summary>
    public ValueRange Range { get; init; }

    /// <summary>The share of these values that lies beyond the range and is cut off.</summary>
    public double Beyond { get; init; }

    /// <summary>How its weights are distributed.</summary>
    public WeightHistogram? Weights { get; init; }

    /// <summary>How the values that it reads are distributed.</summary>
    public WeightHistogram? Values { get; init; }
}
