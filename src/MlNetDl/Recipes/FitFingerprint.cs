using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>The identities of the checkpoints of a recipe's fits and stages.</summary>
internal sealed class FitFingerprint(Recipe recipe, PreparedData data, ModelSpec spec, ModelContext context, string? previous, IReadOnlySet<string> frozen)
{
    // The length of the digest of the first weights: 128 bits in hexadecimal digits.
    private const int DigestLength = 32;

    /// <summary>The fingerprint of a fit. The weights of the first fit follow from the seed or from the continued
    /// model. Those of a later fit follow from the fits before it, which may have been extended.</summary>
    /// <param name="model">The model to begin with.</param>
    /// <param name="options">How it trains.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="identity">The identity of the fit, including earlier stages and its hooks.</param>
    /// <param name="isFirst">Whether no fit came before.</param>
    public string Of(TrainedModel model, TrainingOptions options, string? stage, string identity, bool isFirst)
    {
        var start = !isFirst ? Digest(model) : previous is null ? "" : $" from {previous}{(recipe.NewHead ? " new head" : "")}";
        // A stage may have changed the trees, and other weights to begin with may have been changed otherwise.
        // Nothing where no layer is frozen, so that checkpoints of earlier versions are known.
        var kept = frozen.Count == 0 ? "" : $"frozen {string.Join(' ', frozen.Order(StringComparer.Ordinal))} ";
        var what = $"{kept}{(recipe.Task is null ? "" : RecordJson.Serialize(recipe.Task))} "
            + $"{(spec is NetworkSpec ? "" : RecordJson.Serialize(spec))} {(isFirst ? RecordJson.Serialize(model.Networks) : "")}";
        return $"{what} {RecordJson.Serialize(options with { Stages = [], Epochs = 1 })} {data.Digest} {context.Scale.Mean} "
            + $"{context.Scale.StandardDeviation} {stage} {identity}{start}";
    }

    /// <summary>The fingerprint of a stage's own work.</summary>
    public string OfWork(TrainedModel model, TrainingOptions options, string identity) =>
        Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(Of(model, options, null, identity, isFirst: false))));

    /// <summary>Whether two fingerprints belong to the same fit with other first weights.</summary>
    public static bool DifferOnlyByStart(string one, string other) => one.Length == other.Length
        && one.AsSpan(0, one.Length - DigestLength).SequenceEqual(other.AsSpan(0, other.Length - DigestLength));

    /// <summary>The identity of a stage. A fit's members are left out: its options hold them, and its epochs may
    /// grow.</summary>
    /// <remarks>Paths are left out: what lies there counts, and not where.</remarks>
    public static string Identity(Stage stage) =>
        stage is Fit ? stage.Identity() : $"{RecordJson.Serialize(stage.WithoutPaths())} {stage.Identity()}";

    private static string Digest(TrainedModel model)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(RecordJson.Serialize(model.Networks)));
        hash.Append(Encoding.UTF8.GetBytes(string.Join('\n', model.Pruned.Order(StringComparer.Ordinal))));
        // Nothing where there are none, so that checkpoints of earlier versions are known.
        hash.Append(Encoding.UTF8.GetBytes(string.Concat(model.Clustered.Order(StringComparer.Ordinal).Select(n => $"\nclustered {n}"))));
        foreach (var weight in model.Weights.Values.SelectMany(w => w))
        {
            hash.Append(MemoryMarshal.AsBytes<float>(weight.Data));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
