using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Onnx;
using MlNetDl.Torch;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Lets a model compute with 8-bit integers: a quarter of the bytes, and several times as fast on processors with
/// instructions for it (Jacob et al. 2018, arXiv:1712.05877).</summary>
/// <remarks>
/// Batch normalisations are folded, ranges of values are measured on some training rows, and the saved graph is rewritten. It stays
/// an ordinary ONNX graph. Convolutions, matrix products, additions, concatenations and pools become integer kernels; the layers
/// between them that have none (softmax, normalisation of features) stay in float. Stages behind it would need float weights, so it
/// is the last one.
/// <para>With <see cref="Aware"/> the network first learns to bear the rounding.</para>
/// </remarks>
public sealed record Int8 : Stage
{
    /// <summary>How the range of each value is chosen; <see cref="Percentile"/> by default, which a single outlier does not
    /// widen. Training with <see cref="Aware"/> begins with these ranges and follows them.</summary>
    public Calibration Calibration { get; init; } = new Percentile();

    /// <summary>How many training rows are looked at for the ranges, 1 or more; 500 by default. All are taken where there are
    /// fewer.</summary>
    [AtLeast(1)]
    public int Rows { get; init; } = 500;

    /// <summary>Whether each output of a layer has a scale of its own: yes by default, as outputs of one layer differ in size by
    /// orders of magnitude where batch normalisations were folded.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>Paths of layers that stay in float, with all below them; none by default.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>The most that accuracy may fall, 0 to 1, such as 0.002; layers that cost most are left in float until it holds.
    /// <see langword="null"/>, the default, rounds all. It is measured on held-out rows, on training rows where none are held out, against the
    /// model as it was before <see cref="Aware"/>.</summary>
    [AtLeast(0), AtMost(1)]
    public double? MaxDrop { get; init; }

    /// <summary>Training with rounded numbers before; <see langword="null"/>, the default, for none.</summary>
    public QuantizationAware? Aware { get; init; }

    /// <summary>Bits of a weight, 1 to 8; 8 by default. One bit keeps the sign. ONNX Runtime has no kernels of fewer bits than 8: it
    /// computes with these numbers as 8-bit ones, and only a packed file would be smaller. For study.</summary>
    [AtLeast(1), AtMost(8)]
    public int WeightBits { get; init; } = 8;

    /// <summary>Bits of a value between layers, 2 to 8; 8 by default. For study, as <see cref="WeightBits"/>.</summary>
    [AtLeast(2), AtMost(8)]
    public int ValueBits { get; init; } = 8;

    /// <summary>Whether weights have 7 bits, so that x86 processors without VNNI do not cut off sums of two products;
    /// <see langword="null"/>, the default, where this processor is one. Set it for a model that goes elsewhere.</summary>
    public bool? ReduceRange { get; init; }

    /// <summary>Whether the float weights stay in the package, so that a training can continue from it; no by default.</summary>
    public bool KeepWeights { get; init; }

    /// <inheritdoc/>
    public override bool? Trains => Aware is not null;

    /// <inheritdoc/>
    public override bool IsLast => true;

    /// <inheritdoc/>
    public override bool KeepsFloatWeights => KeepWeights;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ForwardHooks.Require(PlanOf(context.Model), "int8", "leave it in float.");
        if (context.FindsFirstNetworks(this))
        {
            var folded = Folded(context.Model);
            CheckKeep(context, folded);
            Refuse(MapOf(folded, Keep));
        }

        if (MaxDrop is not null && context.Task?.Scores is not (ScoreForm.Probabilities or ScoreForm.Logit))
        {
            throw new ArgumentException("int8.maxDrop bounds the fall of accuracy, which this task does not have; name layers under keep instead.");
        }
    }

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = PlanOf(context.Model);
        var model = Folded(context.Model);
        if (!context.FindsFirstNetworks(this))
        {
            CheckKeep(context, model);
        }

        double exact = MaxDrop is null ? 0 : context.Once("exact", () => FloatLayers.AccuracyOf(context));
        // By the processor that began: a recipe that goes on elsewhere must not round otherwise.
        int bits = context.Once("bits", () => Bits);
        var scheme = Calibrated(context, model, bits);
        if (Aware is { } aware)
        {
            (model, scheme) = aware.Train(context with { Model = model }, model, scheme);
        }

        if (MaxDrop is { } bound)
        {
            scheme = scheme with { Keep = FloatLayers.Within(context with { Model = model }, scheme, bound, exact) };
        }

        var map = MapOf(model, scheme.Keep);
        if (map.Weights.Count == 0)
        {
            context.Message("warning: int8 leaves the whole network in float; no rounding holds the bound");
            return model;
        }

        if (model.Pruned.Count + context.Model.Clustered.Count > 0)
        {
            context.Message("int8: zeros and codebooks of stages before take no fewer bytes as integers: the model file holds a byte for each weight");
        }

        var rounded = context with { Model = model };
        IntegerReport.Tell(rounded, scheme);
        return model with
        {
            Passes = [.. model.Passes, new QuantizationPass(scheme)],
            Quantization = new("int8", Words(bits), KeepWeights),
            Assets = new Dictionary<string, byte[]>(model.Assets)
            {
                [QuantizationReport.Asset] = (RoundingErrors.Of(rounded, scheme, Rows) with
                {
                    Calibration = CalibrationWords(),
                    Rows = Math.Min(Rows, context.Data.ExampleCount),
                }).ToJson(),
            },
        };
    }

    // A layer without weights counts where it decides which values are rounded, such as a sum beside float values.
    private void CheckKeep(StageContext context, TrainedModel folded)
    {
        LayerPaths.Check(folded, Keep, "int8.keep");
        if (Keep.Count > 0)
        {
            var all = MapOf(folded, []).Layout;
            LayerPaths.WarnOfIdle(context, Keep.Where(name => MapOf(folded, [name]).Layout.IsAs(all)), "int8.keep");
        }
    }

    private static QuantizedMap MapOf(TrainedModel model, ValueList<string> keep) =>
        new(model.Networks.Values.Single().Plan(), model.Weights.Values.Single(), keep);

    /// <summary>The bits of a weight.</summary>
    private int Bits => WeightBits == 8 && (ReduceRange ?? !ProcessorFeatures.HasIntegerProducts) ? 7 : WeightBits;

    private string Words(int bits) => string.Create(CultureInfo.InvariantCulture, $"{bits}-bit weights, {ValueBits}-bit values");

    private string CalibrationWords()
    {
        var keys = (JsonObject)RecordJson.ToNode(Calibration);
        var name = keys["type"]!.ToString();
        var settings = string.Join(", ", keys.Where(k => k.Key != "type").Select(k => $"{k.Key} {k.Value}"));
        var trained = Aware?.Ranges switch
        {
            null => "",
            RangeLearning.Learned => ", then learned in training with rounded numbers",
            _ => ", then followed in training with rounded numbers",
        };
        return (settings.Length == 0 ? name : $"{name} ({settings})") + trained;
    }

    private static Plan PlanOf(TrainedModel model)
    {
        if (model.Quantization is { } before)
        {
            throw new ArgumentException($"int8 finds a model that is quantised already ({before.Words}); numbers are rounded once.");
        }

        return model.Networks.Count == 1 ? model.Networks.Values.Single().Plan() : throw new ArgumentException(
            $"int8 measures the values of one network, but the model has {model.Networks.Count} ({string.Join(", ", model.Networks.Keys)}).");
    }

    // Rounded as it is scored: normalisations behind convolutions are part of their weights.
    private static TrainedModel Folded(TrainedModel model)
    {
        var (name, network) = model.Networks.Single();
        var pairs = NormFolding.Pairs(network.Plan());
        if (pairs.Count == 0)
        {
            return model;
        }

        var (folded, weights) = NormFolding.Fold(network, model.Weights[name], pairs);
        return model with
        {
            Networks = new Dictionary<string, Network> { [name] = folded },
            Weights = new Dictionary<string, Weights> { [name] = weights },
            // Each channel has a factor of its own now, so that equal values are no longer equal.
            Clustered = [],
        };
    }

    private void Refuse(QuantizedMap map)
    {
        if (map.Weights.Count == 0)
        {
            throw new ArgumentException("int8 finds nothing to round: the network has no convolution and no matrix product with constant weights"
                + $"{(Keep.Count > 0 ? " but those under keep" : "")}.");
        }
    }

    private QuantizationScheme Calibrated(StageContext context, TrainedModel model, int bits)
    {
        var map = MapOf(model, Keep);
        Refuse(map);
        // An interrupted recipe goes on with the ranges that it began with.
        var ranges = context.Once("ranges", () => CalibrationRows.Histograms(context with { Model = model }, map, Rows)
            .ToDictionary(h => h.Key, h => RangeOf(h.Key, h.Value)));
        foreach (var (key, _) in ranges.Where(r => r.Value is [0, 0]))
        {
            context.Message($"warning: int8: the values of '{key}' were 0 for all calibration rows, so they stay 0 whatever comes; if other rows give others, "
                + $"take more rows, or name the layers that read them under keep: {string.Join(", ", map.ReadersOf(key))}.");
        }

        return new()
        {
            Ranges = ranges.ToDictionary(r => r.Key, r => new ValueRange(r.Value[0], r.Value[1])),
            WeightBits = bits,
            ValueBits = ValueBits,
            PerChannel = PerChannel,
            Keep = Keep,
        };
    }

    private float[] RangeOf(string key, ValueHistogram seen)
    {
        var (least, greatest) = seen.Extremes;
        if (least == 0 && greatest == 0)
        {
            return [0, 0];
        }

        if (!float.IsFinite(least) || !float.IsFinite(greatest))
        {
            throw new ArgumentException($"int8: the values of '{key}' were not finite for the calibration rows, so they have no range.");
        }

        // A constant value is exact at the end of its range.
        var range = least.Equals(greatest) ? seen.Extremes : Calibration.Range(seen, ValueBits);
        return [range.IncludingZero().Least, range.IncludingZero().Greatest];
    }
}
