using System.Globalization;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Removes the channels of convolutions and the units of linear layers that matter least, with all weights that belong
/// to them, and trains on: a smaller network that any runtime runs faster (Li et al. 2016, arXiv:1608.08710).</summary>
/// <example><code>
/// stages:
///   - fit
///   - type: filterPruning
///     by: l1Norm
///     amount: 0.5
///     of: macs
///     fineTune: { epochs: 5 }
/// </code></example>
/// <remarks>
/// Channels that hang together go together: those of a residual sum, of layers that share weights, of groups of a
/// convolution. Inputs and outputs of a network stay. A layer that does not say how its channels hang together is left
/// out and told. In a model of several networks each is pruned by itself; scores that need data are for models of one.
/// <para>Auxiliary heads keep their channels, whatever the score: they are only for training, and the model that scores is
/// as small without them. The same holds for all layers that no output of the scoring graph needs.</para>
/// </remarks>
public sealed record FilterPruning : Stage
{
    /// <summary>How much a channel matters; the mean absolute weight of its filter by default.</summary>
    public ChannelScore By { get; init; } = new L1Norm();

    /// <summary>The share that goes, 0 or more and below 1; half by default. At least one channel stays in each layer.</summary>
    [AtLeast(0), Below(1)]
    public double Amount { get; init; } = 0.5;

    /// <summary>What <see cref="Amount"/> is a share of; the channels by default. For anything else, the smallest share of the
    /// channels that suffices is looked for.</summary>
    public PruningMeasure Of { get; init; }

    /// <summary>Whether each layer loses the same share of its channels, the default, or channels of all layers
    /// compete.</summary>
    public PruningScope Scope { get; init; } = PruningScope.Layer;

    /// <summary>The number of channels that stay in a layer is a multiple of this, 1 or more; layers that are not larger stay
    /// whole. 1 by default; processors like 8 or 16.</summary>
    [AtLeast(1)]
    public int Multiple { get; init; } = 1;

    /// <summary>At once, the default, or in rounds, each with a training behind it. The share of a round is of the channels
    /// before the first.</summary>
    public PruningSchedule Schedule { get; init; } = new OneShot();

    /// <summary>Paths of layers that lose no channels, such as <c>conv1</c> or <c>stage1</c> with all below it.</summary>
    public ValueList<string> Keep { get; init; } = [];

    /// <summary>The training after each round; none by default, where later stages train.</summary>
    public Fit? FineTune { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Schedule is NetworkSurgery
        ? [new("schedule", "is networkSurgery, under which weights come back, and channels that are cut cannot; take agp.")]
        : [];

    /// <inheritdoc/>
    public override bool? Trains => FineTune is not null;

    /// <inheritdoc/>
    public override void Check(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        LayerPaths.Check(context, this, Keep, "filterPruning.keep", context.Model.Networks.Values
            .SelectMany(n => (this with { Keep = [] }).CellsOf(ChannelCoupling.Of(n.Plan()))).SelectMany(c => c.Layers));
        Refuse(context.Model);
        foreach (var name in context.Model.Networks.Keys)
        {
            Check(context, name);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><see cref="Keep"/> names no layer, nothing can be pruned, the score does not suit
    /// the model, or so much cannot go.</exception>
    public override TrainedModel Run(StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Refuse(context.Model);
        var model = context.Model;
        var starts = model.Networks.ToDictionary(n => n.Key, n => new PruningStart(this, model, n.Key));
        for (int round = 1; round <= Schedule.Trainings; round++)
        {
            double amount = Schedule.Share(Amount, round / (double)Schedule.Trainings);
            foreach (var (name, start) in starts)
            {
                model = Pruned(context with { Model = model }, name, start, round, amount);
            }

            model = FineTune?.Run(context with { Model = model }) ?? model;
        }

        return model;
    }

    /// <summary>Refuses a model of which nothing can be pruned, before anything is trained.</summary>
    internal void Refuse(TrainedModel model)
    {
        var couplings = model.Networks.Values.Select(n => ChannelCoupling.Of(n.Plan())).ToList();
        if (couplings.All(c => CellsOf(c).Count == 0))
        {
            var uncut = couplings.SelectMany(c => c.Uncut).Select(u => $" {u.Path}: {u.Reason}");
            throw new ArgumentException("filterPruning finds nothing to prune: all channels are inputs or outputs of the network, are kept, are "
                + $"only for training, or hang on layers that cannot be narrowed.{string.Concat(uncut)}");
        }
    }

    /// <summary>The cells that may lose channels: not kept, and part of what scores.</summary>
    internal IReadOnlyList<ChannelCell> CellsOf(ChannelCoupling coupling)
    {
        var scoring = coupling.Plan.ForScoring().Steps.Select(s => s.Path).ToHashSet();
        return [.. Unkept(coupling).Where(c => c.Layers.Any(scoring.Contains))];
    }

    private IEnumerable<ChannelCell> Unkept(ChannelCoupling coupling) =>
        coupling.Cells.Where(cell => !cell.Layers.Any(path => Keep.Any(named => LayerPaths.IsBelow(path, named))));

    // What can be known of one network before it is trained.
    private void Check(StageContext context, string name)
    {
        var coupling = ChannelCoupling.Of(context.Model.Networks[name].Plan());
        var cells = CellsOf(coupling);
        if (cells.Count == 0)
        {
            return;
        }

        var weights = context.Model.Weights[name];
        By.Check(new()
        {
            Coupling = coupling,
            Cells = cells,
            Weights = weights,
            Stage = context,
        });
        if (IsFigureKnown(context))
        {
            new PruningRound(this, context, new(this, context.Model, name), coupling, cells, weights).RequireReachable(Schedule.Share(Amount, 1));
        }
    }

    // Stages before this one may change the networks, and so what the share is of. Bytes depend on their passes too.
    private bool IsFigureKnown(StageContext context)
    {
        return Of switch
        {
            PruningMeasure.Parameters or PruningMeasure.Macs => context.FindsFirstNetworks(this),
            PruningMeasure.Bytes => context.Before(this).All(s => s is Fit || (s is FitHook && s.KeepsNetworks)),
            _ => false,
        };
    }

    private TrainedModel Pruned(StageContext context, string name, PruningStart start, int round, double amount)
    {
        var (network, weights) = (context.Model.Networks[name], context.Model.Weights[name]);
        var coupling = ChannelCoupling.Of(network.Plan());
        var cells = CellsOf(coupling);
        if (cells.Count == 0)
        {
            return context.Model;
        }

        var work = string.Create(CultureInfo.InvariantCulture, $"channels of {name} in round {round}");
        var gone = context.Once(work, () => new PruningRound(this, context, start, coupling, cells, weights).Choose(amount)).ToHashSet();
        var (narrow, cut) = ChannelCutter.Cut(coupling, weights, gone);
        var heads = Unkept(coupling).Except(cells).ToList();
        var of = Schedule.Trainings == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", round {round} of {Schedule.Trainings}");
        context.Message($"filterPruning of '{name}'{of}: {PruningMessage.Of(coupling, cells, heads, gone, narrow)}");
        return context.Model with
        {
            Networks = With(context.Model.Networks, name, narrow),
            Weights = With(context.Model.Weights, name, cut),
        };
    }

    private static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> all, string name, T value) =>
        all.ToDictionary(n => n.Key, n => n.Key == name ? value : n.Value);
}
