using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Models;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Lets the weights of a layer share few values, which k-means finds, and trains these values on: the second and third
/// step of Deep Compression (Han et al. 2015, arXiv:1510.00149).</summary>
/// <example><code>
/// stages:
///   - fit
///   - { type: magnitudePruning, amount: 0.9, schedule: agp, fineTune: { epochs: 4 } }
///   - { type: weightClustering, bits: 5, fineTune: { epochs: 2 } }
/// </code></example>
/// <remarks>
/// The model file gets smaller: it stores the shared values of each weight once, and Huffman codes for the rest. The network
/// computes as long as before, and its <c>.onnx</c> is as long. Weights that are equal stay equal in all later trainings.
/// <para>Kernels, matrices and tables are clustered; biases and normalisations are not. Zeros of pruned weights stay zero and
/// are no shared value: prune before. Layers that are clustered already and have few enough values stay as they are. So
/// another number of values for some layers is another stage: <c>keep</c> tells each which are not its own.</para>
/// <para>The model is of one network.</para>
/// </remarks>
public sealed record WeightClustering : Stage
{
    private const int DefaultBits = 5;

    /// <summary>The bits of a code before Huffman's coding, 1 to 12: 2 to the power of it are the shared values of each weight;
    /// <see langword="null"/> takes 5, what the paper's linear layers bear (its convolutions have 8), or
    /// <see cref="Clusters"/>.</summary>
    [AtLeast(1), AtMost(12)]
    public int? Bits { get; init; }

    /// <summary>The shared values of each weight, 1 to 4096, instead of <see cref="Bits"/>. The zeros of a pruned weight are not
    /// counted.</summary>
    [AtLeast(1), AtMost(CodedBytes.MostDifferent)]
    public int? Clusters { get; init; }

    /// <summary>The values with which k-means begins; evenly over the range by default.</summary>
    public CodebookStart Start { get; init; }

    /// <summary>Paths of layers that are left as they are, such as <c>conv1</c> or <c>stage1</c> with all below it.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>The training of the shared values; none by default, where later stages train.</summary>
    public Fit? FineTune { get; init; }

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override bool? Trains => FineTune is not null;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Bits is not null && Clusters is not null
        ? [new("clusters", "must be left out beside bits, which say how many there are.")]
        : [];

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = Chosen(context.Model);
        LayerPaths.Check(context, this, Keep, "weightClustering.keep", MaskableWeights.Of(context.Model.Networks.Values.Single().Plan(), []).Layers);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model has several networks, or all its layers are kept.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var chosen = Chosen(context.Model);
        var (name, before) = context.Model.Weights.Single();
        var names = chosen.All.Select(w => w.Name).ToHashSet();
        var pruned = context.Model.Pruned.ToHashSet();
        var after = new Weights(before.Select(w => names.Contains(w.Name) ? Clustered(w, pruned.Contains(w.Name), context) : w));
        var model = context.Model with
        {
            Weights = new Dictionary<string, Weights> { [name] = after },
            Clustered = [.. context.Model.Clustered.Union(names)],
        };
        Tell(context, chosen, before, after);
        return FineTune?.Run(context with { Model = model }) ?? model;
    }

    private int Values => Clusters ?? 1 << (Bits ?? DefaultBits);

    private WeightArray Clustered(WeightArray weight, bool keepsZeros, StageContext context)
    {
        context.Stop.ThrowIfCancellationRequested();
        float[] values = keepsZeros ? [.. weight.Data.Where(v => v != 0)] : weight.Data;
        if (values.Distinct().Take(Values + 1).Count() <= Values)
        {
            return weight;
        }

        double[] means = KMeans.Of(values, Values, Start, new Random(context.Options.SeedOrDefault));
        return weight with
        {
            Data = Array.ConvertAll(weight.Data, v => keepsZeros && v == 0 ? 0 : (float)KMeans.Nearest(means, v)),
        };
    }

    private MaskableWeights Chosen(TrainedModel model)
    {
        if (model.Networks.Count != 1)
        {
            throw new ArgumentException($"weightClustering clusters a model of one network, but this one has {model.Networks.Count} "
                + $"({string.Join(", ", model.Networks.Keys)}).");
        }

        var weights = MaskableWeights.Of(model.Networks.Values.Single().Plan(), Keep);
        return weights.All.Count > 0 ? weights : throw new ArgumentException(
            "weightClustering finds no weight to cluster: all layers are kept, or none has a kernel, a matrix or a table.");
    }

    private static void Tell(StageContext context, MaskableWeights chosen, Weights before, Weights after)
    {
        long all = chosen.All.Sum(w => w.Count), stored = 0, values = 0;
        double error = 0, energy = 0;
        var (layers, idle) = (new List<string>(), new List<string>());
        foreach (var weight in chosen.All)
        {
            var (from, to) = (before[weight.Name].Data, after[weight.Name].Data);
            error += from.Zip(to, (a, b) => Math.Pow((double)a - b, 2)).Sum();
            energy += from.Sum(v => (double)v * v);
            int different = to.Distinct().Count(v => v != 0);
            long bytes = CodedBytes.LengthOf(to);
            values += different;
            stored += bytes;
            // Each value stands in the codebook, so that values of one or two weights take as much there as they save.
            int nonZeros = to.Count(v => v != 0);
            if (nonZeros > 0 && 2 * different >= nonZeros)
            {
                idle.Add(string.Create(CultureInfo.InvariantCulture, $"{weight.Name} ({different:N0} values for {nonZeros:N0} weights)"));
            }

            layers.Add(string.Create(CultureInfo.InvariantCulture, $"{weight.Name} {different:N0} in {8.0 * bytes / to.Length:0.00} bits a weight"));
        }

        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"weightClustering: {all:N0} weights share {values:N0} values; relative error {(energy > 0 ? Math.Sqrt(error / energy) : 0):0.####}. "
                + $"They take {stored:N0} bytes in the model file instead of {sizeof(float) * all:N0}; the network computes as long as before. "
                + $"Values of each, codebooks included: {string.Join(", ", layers)}."));
        if (idle.Count > 0)
        {
            context.Message($"warning: weightClustering saves next to nothing for {string.Join(", ", idle)}: the codebooks are about as long as the weights. "
                + "Take fewer bits, in a stage of its own for them, or name their layers under keep.");
        }
    }
}
