using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Onnx;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>A stage that stores weights in fewer bits, while the network computes in float as before: for the size of the file.</summary>
/// <remarks>The weights of the model become the values that are stored, so that all figures are of what is saved.</remarks>
public abstract record StoredWeights : Stage
{
    // Scales and biases are few, and their error would meet every value of a channel.
    private const int LeastCount = 256;

    /// <summary>Paths of layers whose weights stay as they are, with all below them; none by default.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <inheritdoc/>
    public override bool? Trains => false;

    /// <inheritdoc/>
    public override bool IsLast => true;

    /// <summary>Its name in messages.</summary>
    internal abstract string Name { get; }

    /// <summary>How numbers are stored, in words.</summary>
    internal abstract string Words { get; }

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var large = context.Model.Weights.Values.SelectMany(w => w).Where(a => IsLarge(a.Dims));
        LayerPaths.Check(context, this, Keep, $"{Name}.keep", large.Select(a => LayerOf(a.Name)));
    }

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Model.Quantization is { } before)
        {
            throw new ArgumentException($"{Name} finds a model that is quantised already ({before.Words}); numbers are rounded once.");
        }

        var stored = context.Model.Weights.ToDictionary(w => w.Key, w => new Weights(w.Value.Select(a => IsStored(a.Name, a.Dims) ? Rounded(a) : a)));
        var arrays = context.Model.Weights.Values.SelectMany(w => w).Where(a => IsStored(a.Name, a.Dims)).ToList();
        if (arrays.Count == 0)
        {
            throw new ArgumentException($"{Name} finds no weight of two dimensions and {LeastCount} values to store in fewer bits"
                + $"{(Keep.Count > 0 ? " but those under keep" : "")}.");
        }

        long values = arrays.Sum(a => (long)a.Data.Length);
        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"{Name}: {arrays.Count:N0} weights of {values:N0} values are stored as {Words}; the network computes in float as before"));
        return context.Model with
        {
            Weights = stored,
            Passes = [.. context.Model.Passes, Pass()],
            Quantization = new(Name, Words, KeepsFloatWeights: false),
        };
    }

    /// <summary>Whether a weight is stored in fewer bits: kernels, matrices and tables.</summary>
    internal bool IsStored(string name, ValueList<long> dims) =>
        IsLarge(dims) && !Keep.Any(k => LayerPaths.IsBelow(LayerOf(name), k));

    private static bool IsLarge(ValueList<long> dims) => dims.Count > 1 && dims.Aggregate(1L, (product, d) => product * d) >= LeastCount;

    private static string LayerOf(string weight) => weight[..weight.LastIndexOf('.')];

    /// <summary>The weight as it is read again.</summary>
    internal abstract WeightArray Rounded(WeightArray weight);

    /// <summary>The rewriting of the graphs.</summary>
    internal abstract IOnnxPass Pass();
}
