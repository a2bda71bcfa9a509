using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>Sets single weights to zero, those that count least, and trains the rest on (Han et al. 2015,
/// arXiv:1506.02626). The zeros stay in all later trainings.</summary>
/// <remarks>
/// Kernels, matrices and tables are pruned; biases and normalisations are not. The network keeps its shape: the model file
/// gets smaller, but the network computes as long as before. <c>FilterPruning</c> makes it faster.
/// <para>The model is of one network.</para>
/// </remarks>
public sealed record MagnitudePruning : Stage
{
    private const double DefaultAmount = 0.9;

    /// <summary>How much a weight counts; by default its magnitude.</summary>
    public WeightScore By { get; init; } = new Magnitude();

    /// <summary>The share of the weights that goes, 0 or more and below 1; <see langword="null"/> takes 0.9, about what
    /// the paper's networks bear, or with <see cref="Pattern"/> the pattern's.</summary>
    [AtLeast(0), Below(1)]
    public double? Amount { get; init; }

    /// <summary>Whether one threshold holds for all layers, as by default, or one for each. A global one spares layers
    /// that need their weights; each keeps at least a hundredth.</summary>
    public PruningScope Scope { get; init; }

    /// <summary>A fine pattern such as <c>2:4</c> instead of <see cref="Amount"/>: of each 4 neighbours along the
    /// inputs, the 2 with the best scores stay. None by default.</summary>
    public MaskPattern? Pattern { get; init; }

    /// <summary>How the share rises; by default at once.</summary>
    public PruningSchedule Schedule { get; init; } = new OneShot();

    /// <summary>Paths of layers that are not pruned; <see langword="null"/> spares the first and the last where
    /// each layer loses the same share, by itself or by a pattern (they bear least), and none otherwise.</summary>
    public ValueList<string>? Keep { get; init; }

    /// <summary>The training that repairs, after each round, or that masks rise in; none by default, where later stages
    /// train. Schedules other than <c>oneShot</c> need it.</summary>
    public Fit? FineTune { get; init; }

    /// <inheritdoc/>
    public override bool KeepsNetworks => true;

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        if (Pattern is not null && Amount is not null)
        {
            yield return new("amount", $"must be left out beside the pattern {Pattern}, which says how many weights go.");
        }

        if (Pattern is not null && Schedule is not OneShot)
        {
            yield return new("schedule", $"must be oneShot with the pattern {Pattern}: it is there or not.");
        }

        if (FineTune is null && Schedule is not OneShot)
        {
            yield return new("fineTune", $"must say how long it trains, since {Schedule.GetType().Name} prunes between or while training; "
                + "write fineTune: { epochs: 3 }, for example.");
        }

        if (By.IsGathered && Schedule is not ContinuousPruning)
        {
            yield return new("by", $"is {By.GetType().Name}, which is gathered while the network trains; take a schedule "
                + "that masks during a training, such as agp.");
        }

        if (Schedule is NetworkSurgery && By is not Magnitude)
        {
            yield return new("by", "must be magnitude with networkSurgery, whose thresholds are magnitudes.");
        }
    }

    /// <inheritdoc/>
    public override bool? Trains => FineTune is not null;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _ = Chosen(context.Model);
        LayerPaths.Check(context, this, Keep ?? [], "magnitudePruning.keep",
            MaskableWeights.Of(context.Model.Networks.Values.Single().Plan(), [], alongInputs: Pattern is not null).Layers);
    }

    /// <inheritdoc/>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var weights = Chosen(context.Model);
        var pruned = Schedule is ContinuousPruning gradual ? WhileTraining(context, weights, gradual) : InRounds(context, weights);
        Tell(context, weights, pruned);
        return pruned;
    }

    private MaskRule Rule => new(By, Scope, Pattern);

    private double FinalShare => Pattern?.Share ?? Amount ?? DefaultAmount;

    private TrainedModel WhileTraining(StageContext context, MaskableWeights weights, ContinuousPruning gradual) => context.Fit(
        context.Model,
        FineTune!.Over(context.Options),
        new MaskedTraining(Rule, weights, gradual, FinalShare, context.Options.SeedOrDefault, context.Model.Pruned.ToHashSet()));

    private TrainedModel InRounds(StageContext context, MaskableWeights weights)
    {
        var model = context.Model;
        for (int round = 1; round <= Schedule.Trainings; round++)
        {
            var share = Schedule.Share(FinalShare, (double)round / Schedule.Trainings);
            model = Masked(model, weights, share, context.Options.SeedOrDefault + round);
            model = FineTune?.Run(context with { Model = model }) ?? model;
        }

        return model;
    }

    private TrainedModel Masked(TrainedModel model, MaskableWeights weights, double share, int seed)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var random = new Generator((ulong)seed);
        var (name, before) = model.Weights.Single();
        var arrays = weights.All.Select(w => before[w.Name]).ToList();
        var already = model.Pruned.ToHashSet();
        var scores = arrays.Select(a =>
        {
            var weight = tensor(a.Data).reshape(a.Dims.ToArray());
            var score = By.Of(weight, null, random);
            return already.Contains(a.Name) ? score.MaskedFill(weight.Eq(0), float.NegativeInfinity) : score;
        }).ToList();
        var masks = Rule.Masks(scores, share).Zip(arrays).ToDictionary(m => m.Second.Name, m => m.First.flatten().data<float>().ToArray());
        var after = new Weights(before.Select(w => masks.TryGetValue(w.Name, out var mask)
            ? w with { Data = [.. w.Data.Zip(mask, (value, stays) => stays == 0 ? 0 : value)] }
            : w));
        return model with
        {
            Weights = new Dictionary<string, Weights> { [name] = after },
            Pruned = [.. model.Pruned.Union(masks.Keys)],
        };
    }

    private MaskableWeights Chosen(TrainedModel model)
    {
        if (model.Networks.Count != 1)
        {
            throw new ArgumentException($"magnitudePruning prunes a model of one network, but this one has {model.Networks.Count} "
                + $"({string.Join(", ", model.Networks.Keys)}).");
        }

        if (Schedule is ContinuousPruning && model.Clustered.Count > 0)
        {
            throw new ArgumentException("magnitudePruning cannot mask weights one after the other where they share values (weightClustering), which "
                + "move together; prune before, or take the schedule oneShot or iterative.");
        }

        var plan = model.Networks.Values.Single().Plan();
        if (Schedule is NetworkSurgery)
        {
            ForwardHooks.Require(plan, "network surgery", "take another schedule, such as agp.");
        }

        var weights = MaskableWeights.Of(plan, Keep ?? Ends(plan), alongInputs: Pattern is not null);
        return weights.All.Count > 0 ? weights : throw new ArgumentException("magnitudePruning finds no weight to prune: "
            + (Keep is null ? "where each layer loses the same share, the first and the last layer are spared, and there is no other; say keep: []." :
                "all layers are kept."));
    }

    private ValueList<string> Ends(Plan plan)
    {
        if (Pattern is null && Scope == PruningScope.Global)
        {
            return [];
        }

        var paths = MaskableWeights.Paths(plan);
        return paths.Count == 0 ? [] : [paths[0], paths[^1]];
    }

    private static void Tell(StageContext context, MaskableWeights weights, TrainedModel pruned)
    {
        var arrays = pruned.Weights.Values.Single();
        long all = weights.All.Sum(w => w.Count), zeros = weights.All.Sum(w => arrays[w.Name].Data.LongCount(v => v == 0));
        long total = pruned.Networks.Values.Single().Plan().ParameterCount;
        var (dense, stored) = (weights.All.Sum(w => 4 * w.Count), weights.All.Sum(w => SparseBytes.LengthOf(arrays[w.Name].Data)));
        context.Message(string.Create(CultureInfo.InvariantCulture,
            $"magnitudePruning: {zeros:N0} of {all:N0} weights are 0 ({(double)zeros / all:P1}); {total - zeros:N0} of {total:N0} parameters "
                + $"are left. They take {stored:N0} bytes in the model file instead of {dense:N0}; the network computes as long as before."));
    }
}
