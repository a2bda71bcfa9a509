using System.Security.Cryptography;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Recipes;

/// <summary>A fitted model from which a recipe continues, or whose weights another network starts from.</summary>
internal sealed class PreviousModel
{
    private const string PreprocessingName = Normalize.Preprocessing;
    private readonly ModelPackage package;
    private readonly Weights all;

    private PreviousModel(ModelPackage package, string subject, bool hasNewHead)
    {
        (this.package, Subject, HasNewHead) = (package, subject, hasNewHead);
        var networks = package.Manifest.Networks.Keys.DefaultIfEmpty(ModelPackage.MainNetwork);
        all = new(networks.SelectMany(n => package.ReadWeights(n)).DistinctBy(w => w.Name));
    }

    /// <summary>What it is called in messages.</summary>
    public string Subject { get; }

    /// <summary>Whether its head is not taken, but one is drawn for the label.</summary>
    public bool HasNewHead { get; }

    /// <summary>Why its head is not taken.</summary>
    public string WhyNewHead { get; private init; } = "as was asked for";

    /// <summary>The model of a recipe, after a check that it suits the data; <see langword="null"/> where there is none.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">Its data.</param>
    /// <exception cref="ArgumentException">It is of another task, or for other classes or inputs.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="Files.ModelFormatException">The file is no model, or is damaged.</exception>
    public static PreviousModel? Of(Recipe recipe, PreparedData data)
    {
        if ((recipe.Model as NetworkSpec)?.From is { } path)
        {
            var start = StartFile.Read(path);
            var model = Of(start, data, $"The model of network.from, '{path}',", !IsOfLabel(start.Manifest, data, recipe.LabelColumn));
            return new(start, model.Subject, model.HasNewHead) { WhyNewHead = Difference(start.Manifest, data, recipe.LabelColumn) };
        }

        return recipe.ContinueFrom is { } package ? Of(package, data, "The model to continue from", recipe.NewHead) : null;
    }

    // Without names of classes, the label's column must tell. Values are drawn a head in any case, because they are standardised anew.
    private static bool IsOfLabel(ModelManifest manifest, PreparedData data, string column) => data.Task is not { StandardizesTargets: true }
        && (HasNames(manifest) || manifest.LabelColumn == column) && Equals(WithoutThreshold(manifest.Task), WithoutThreshold(data.Task))
        && manifest.ClassNames.Equals(data.Label.ClassNames) && manifest.Label.Width == data.Label.Width && !manifest.Label.HasOtherWordsThan(data.Label);

    private static bool HasNames(ModelManifest manifest) => manifest.ClassNames.Count > 0 || manifest.Label.YesNoNames is not null;

    private static string Difference(ModelManifest manifest, PreparedData data, string column) =>
        !Equals(WithoutThreshold(manifest.Task), WithoutThreshold(data.Task)) ? $"as it is for {Name(manifest.Task)}, this training for {Name(data.Task)}"
        : manifest.ClassNames.Count > 0 && manifest.ClassNames.Order().SequenceEqual(data.Label.ClassNames.Order()) ? "as it has the classes in another order"
        : manifest.Label.HasOtherWordsThan(data.Label) ? $"as it takes {manifest.Label.Positive} for yes"
        : manifest.ClassNames.Count > 0 ? $"as it has the classes {manifest.ClassNames}"
        : data.Task is { StandardizesTargets: true } ? "as values are standardised anew"
        : $"as it predicts '{manifest.LabelColumn}', and this training '{column}'";

    private static void MustBeOfLabel(ModelManifest manifest, PreparedData data, string subject)
    {
        const string Other = "; or draw a new head for it (NewHead)";
        if (!Equals(WithoutThreshold(manifest.Task), WithoutThreshold(data.Task)))
        {
            throw new ArgumentException($"{subject} is for {Name(manifest.Task)}, this trainer for {Name(data.Task)}.");
        }

        if (!manifest.ClassNames.Equals(data.Label.ClassNames))
        {
            throw new ArgumentException($"{subject} has the classes {manifest.ClassNames}, the data "
                + $"{data.Label.ClassNames}; map the label with the same keys in the same order{Other}.");
        }

        if (manifest.Label.HasOtherWordsThan(data.Label))
        {
            var (words, others) = (manifest.Label.YesNoNames!, data.Label.YesNoNames!);
            throw new ArgumentException($"{subject} takes {words[1]} for yes and {words[0]} for no, the data {others[1]} and {others[0]}; "
                + $"name them alike{Other}.");
        }

        if (manifest.Label.Width != data.Label.Width)
        {
            throw new ArgumentException($"{subject} predicts {manifest.Label.Width} values, the label has "
                + $"{data.Label.Width}; continue with a label of the same length{Other}.");
        }
    }

    private static PreviousModel Of(ModelPackage package, PreparedData data, string subject, bool hasNewHead)
    {
        var manifest = package.Manifest;
        if (manifest.Quantization is { KeepsFloatWeights: false } quantized)
        {
            throw new ArgumentException($"{subject} is quantised already ({quantized.Words}), and its float weights, which stages need, "
                + "are gone; take the model that it was made of, or quantise that with keepWeights: true.");
        }

        if (!hasNewHead)
        {
            MustBeOfLabel(manifest, data, subject);
        }

        var columns = manifest.Main.Inputs.Where(i => i.Column is not null).Select(i => (i.Name, i.Shape)).ToList();
        if (data.Parts.Count > 0 && !columns.SequenceEqual(data.Parts.Select(p => (p.Name, p.Shape))))
        {
            throw new ArgumentException($"{subject} takes the inputs {string.Join(", ", columns.Select(c => $"'{c.Name}' {c.Shape}"))}, "
                + $"the data gives {string.Join(", ", data.Parts.Select(p => $"'{p.Name}' {p.Shape}"))}; let FeatureColumns name the same, in that order.");
        }

        // A graph that reads no features (noise in, samples out) cannot tell their shape.
        if (data.Parts.Count == 0 && manifest.Main.Inputs[0].Role == GraphRole.Feature
            && (manifest.Input.Rank != data.Shape.Rank || Differ(manifest.Input[1], data.Shape[1])))
        {
            throw new ArgumentException($"{subject} takes inputs {manifest.Input}, the data gives {data.Shape}; continue "
                + $"with features of the same size.");
        }

        if (manifest.FeatureNames is { } names && data.FeatureNames.Count > 0 && !names.Equals(data.FeatureNames))
        {
            throw new ArgumentException($"{subject} takes the features {names}, the data gives {data.FeatureNames}; they must be the "
                + "same in the same order, as the same fitted chain makes them (categories stand in the order in which a table has them).");
        }

        return new(package, subject, hasNewHead);
    }

    /// <summary>Identifies the model in a checkpoint's identity: a training that began with other weights is another
    /// training.</summary>
    public string Identity => string.Join(' ', package.Graphs.Select(g => $"{g.Key} {Convert.ToHexStringLower(SHA256.HashData(g.Value))}")
        .Concat(Pruned.Order(StringComparer.Ordinal)).Concat(Clustered.Order(StringComparer.Ordinal).Select(n => $"clustered {n}")));

    /// <summary>The layers that standardise features. They are kept, because the weights were trained on inputs of that
    /// scale.</summary>
    /// <exception cref="ArgumentException">The recipe asks for the opposite.</exception>
    public ValueList<Layer> Preprocessing(bool? standardize)
    {
        var path = all.Select(w => w.Name).FirstOrDefault(IsPreprocessing)?[..^".mean".Length];
        bool has = path is not null;
        if (standardize is { } asked && asked != has)
        {
            throw new ArgumentException($"Standardize is {asked}, but {char.ToLowerInvariant(Subject[0])}{Subject[1..]} was trained "
                + $"{(asked ? "without" : "with")} standardisation, which it keeps; leave Standardize unset.");
        }

        return has
            ? [Standardization(all[$"{path}.mean"].Data.ToValueList(), all[$"{path}.scale"].Data.Select(s => 1 / s).ToValueList())]
            : [];
    }

    /// <summary>How target values were standardised; <see langword="null"/> where the model does not say.</summary>
    public TargetScale? Scale => package.Manifest.Scale ?? ScaleOfFormat1;

    /// <summary>How it was quantised; <see langword="null"/> where it was not.</summary>
    public QuantizationSummary? Quantization => package.Manifest.Quantization;

    /// <summary>The weights whose zeros stay.</summary>
    public ValueList<string> Pruned => package.Manifest.Pruned ?? [];

    /// <summary>The weights whose equal values stay equal.</summary>
    public ValueList<string> Clustered => package.Manifest.Clustered ?? [];

    /// <summary>The trees of its networks.</summary>
    /// <exception cref="ArgumentException">The model holds none.</exception>
    public IReadOnlyDictionary<string, Network> Networks
    {
        get
        {
            if (package.Manifest.Networks.Count == 0)
            {
                throw new ArgumentException(
                    $"{Subject} holds no description of its network; name the network.");
            }

            return package.Manifest.Networks.ToDictionary(
                n => n.Key, n => RecordJson.Deserialize<Network>(n.Value.GetRawText()));
        }
    }

    /// <summary>The specification of the model; <see langword="null"/> for a single network.</summary>
    public ModelSpec? Model => package.Manifest.ReadModel();

    /// <summary>The weights of a network.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="plan">The network.</param>
    /// <param name="drawn">Weights that are drawn, in the place of the model's; empty where all are taken.</param>
    /// <exception cref="ArgumentException">The model has other weights than the network asks for.</exception>
    public Weights WeightsOf(string name, Plan plan, Weights drawn)
    {
        try
        {
            var weights = new Weights(drawn.Concat(Own(name, package.ReadWeights(name)).Where(w => !drawn.Contains(w.Name))));
            weights.Check(plan);
            var asked = plan.Parameters.Select(p => p.Name).ToHashSet();
            MustHaveNoMore(name, plan);
            return drawn.Count == 0 ? weights : new(weights.Where(w => asked.Contains(w.Name)));
        }
        catch (InvalidDataException e)
        {
            throw new ArgumentException($"{Subject} has another network or input: {e.Message}", e);
        }
    }

    // Layers that are left out would be lost without a word. The tree of the model is not asked, as its layers may be unknown here.
    private void MustHaveNoMore(string name, Plan plan)
    {
        if (package.Manifest.Networks.Count > 1)
        {
            return;
        }

        var trained = plan.Parameters.Where(p => p.Parameter.Trainable).Select(p => p.Name).ToHashSet();
        var own = Own(name, package.ReadWeights(name)).ToList();
        if (own.Where(w => trained.Contains(w.Name)).Sum(w => w.Data.LongLength) < package.Manifest.Parameters)
        {
            var asked = plan.Parameters.Select(p => p.Name).ToHashSet();
            var more = own.Select(w => w.Name).Where(n => !asked.Contains(n)).Select(NetworkHead.LayerOf).Distinct().ToList();
            throw new ArgumentException($"{Subject} has another network: it has {string.Join(", ", more.Take(5))}{(more.Count > 5 ? ", …" : "")} besides, "
                + "which this one lacks; name the same layers.");
        }
    }

    /// <summary>The trees of its networks with a head for a label.</summary>
    /// <param name="outputs">The outputs that the label needs.</param>
    /// <exception cref="ArgumentException">Its last layer cannot be drawn anew.</exception>
    public (IReadOnlyDictionary<string, Network> Networks, string Head) NetworksWithHead(int outputs)
    {
        if (Networks.Count != 1 || Networks.Values.First().Plan() is not { } plan || plan.Outputs.Count > 1
            || plan.Steps.LastOrDefault(s => s.Parameters.Count > 0) is not { Leaf: Linear } last)
        {
            throw new ArgumentException($"{Subject} does not end in one linear layer, in whose place a new head could stand; name the network.");
        }

        var (name, network) = Networks.First();
        var root = LayerTree.Map(network.Root, (place, leaf) => place.Path == last.Path ? ((Linear)leaf) with { Out = outputs } : leaf);
        return (new Dictionary<string, Network> { [name] = network with { Root = root } }, last.WeightsName);
    }

    // The file may hold weights of other networks too.
    private Weights Own(string name, Weights weights)
    {
        if (package.Manifest.Networks.Count < 2 || !package.Manifest.Networks.ContainsKey(name))
        {
            return weights;
        }

        var own = Networks[name].Plan().Parameters.Select(p => p.Name).ToHashSet();
        return new(weights.Where(w => own.Contains(w.Name)));
    }

    private static bool Differ(Dim a, Dim b) => a.Size is { } x && b.Size is { } y && x != y;

    /// <summary>The layer that standardises features.</summary>
    public static Normalize Standardization(ValueList<float> mean, ValueList<float> deviation) =>
        new(mean, deviation) { Name = PreprocessingName };

    // Networks may share names of weights. The layer sought here is in one network only. Earlier files show the
    // standardisation of targets by the layer that undoes it.
    private TargetScale? ScaleOfFormat1 => all.Contains("targets.mean")
        ? new(all["targets.mean"].Data.ToValueList(), all["targets.scale"].Data.ToValueList())
        : null;

    // In a model of several networks, the layer may lie below one of the parts.
    private static bool IsPreprocessing(string weight) =>
        weight == $"{PreprocessingName}.mean" || weight.EndsWith($"/{PreprocessingName}.mean", StringComparison.Ordinal);

    // Training does not depend on it.
    private static LearningTask? WithoutThreshold(LearningTask? task) => task is BinaryClassification ? new BinaryClassification() : task;

    private static string Name(LearningTask? task) => task is null ? "no labels" : TaskJson.NameOf(task);
}
