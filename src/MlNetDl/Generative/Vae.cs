using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Generative;

/// <summary>A variational autoencoder: codes that the values are made of again, close to a <see cref="Prior"/> from which new ones can be drawn
/// (Kingma and Welling 2013, arXiv:1312.6114). Trained without labels.</summary>
/// <remarks>The graph <c>encode</c> gives the mean of the posterior as <c>Latent</c>, and <c>LatentLogVariance</c>; <c>reconstruct</c> has noise as an
/// input, zeros unless given. With a <see cref="Condition"/> the graphs take the class of a row too, from the label's column: a key, its
/// text, or one number a class.</remarks>
public sealed record Vae : LatentModel
{
    /// <summary>The column of the posterior's logarithmic variances.</summary>
    public const string LogVarianceColumn = "LatentLogVariance";

    /// <summary>The graph of a learned prior: from the class of a row to means and logarithmic variances of its codes, one after the other.</summary>
    public const string PriorGraph = "prior";

    internal const string NoiseInput = "noise", LogVariance = "logVariance", PriorOutput = "prior";

    /// <summary>The prior of the codes; the standard normal by default.</summary>
    public Prior Prior { get; init; } = new StandardNormal();

    /// <summary>What the divergence counts; once by default.</summary>
    public DivergenceTerm Kl { get; init; } = new Beta();

    /// <inheritdoc/>
    /// <remarks>Black or white by default, as of binary images.</remarks>
    public override Likelihood Likelihood { get; init; } = new Bernoulli();

    /// <summary>The class of a row, given to encoder and decoder; <see langword="null"/>, the default, for none. <c>cvae</c> in a file.</summary>
    public Condition? Condition { get; init; }

    /// <summary>Codes that are drawn for each row in training, 1 or more; 1 by default. More make the bound tighter: that of importance-weighted
    /// autoencoders (Burda et al. 2015, arXiv:1509.00519). Only with <see cref="Beta"/> of weight 1.</summary>
    [AtLeast(1)]
    public int Samples { get; init; } = 1;

    /// <inheritdoc/>
    public override StepSpec Step => new ElboTraining(this);

    /// <inheritdoc/>
    public override LabelForm? ConditionLabel => Condition is null ? null : new ClassLabel();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => Prior.LearnsVariance ? [LatentColumn, LogVarianceColumn] : [LatentColumn];

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        if (Samples > 1 && Kl is not Beta { Weight: 1, WarmUp: 0 })
        {
            yield return new("samples", $"is {Samples}, which weighs codes by the bound itself; leave kl out, or samples.");
        }

        if (Prior is LearnedNormal && Condition is null)
        {
            yield return new("prior", "is learned for each class, but there is no condition; set one (type: cvae), or leave the prior out.");
        }
    }

    /// <inheritdoc/>
    internal override string NetworkName => "vae";

    /// <inheritdoc/>
    internal override (bool Encoder, bool Decoder) Conditioned => (Condition is { Encoder: true }, Condition is not null);

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The code is larger than a row, or a network does not take its input.</exception>
    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Layer[] code =
        [
            .. Prior.LearnsVariance ? [new Tap(LogVariance, new Linear(Latent) { Name = LogVariance }) { Role = TapRole.Output }] : (Layer[])[],
            new Linear(Latent) { Name = Mean },
        ];
        // Named as in its own graph.
        var prior = new Sequential(new Read(ConditionInput), PriorLayer with { Name = "" }) { Name = PriorOutput };
        Layer[] behind =
        [
            new Reparameterize(NoiseInput, Prior.LearnsVariance ? LogVariance : null),
            .. Prior is LearnedNormal ? [new Tap(PriorOutput, prior) { Role = TapRole.Output, Name = "" }] : (Layer[])[],
        ];
        return new Dictionary<string, Network>
        {
            [NetworkName] = Tree(context, [], code, behind, new NetworkInput(NoiseInput, Shape.Vector(Latent))),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(networks);
        var graphs = GraphsOf(context, networks[NetworkName], Prior.LearnsVariance ? [(LogVariance, LogVarianceColumn)] : []);
        if (Prior is LearnedNormal)
        {
            var condition = networks[NetworkName].Inputs.First(i => i.Name == ConditionInput);
            graphs.Add(new(PriorGraph, new(new Sequential(PriorLayer), [condition]))
            {
                Role = PriorGraph,
                InputRoles = new Dictionary<string, string> { [ConditionInput] = GraphRole.Condition },
            });
        }

        return graphs;
    }

    private protected override Prior? ScoredPrior => Prior;

    // Zeros: the prior begins as the standard normal.
    private Linear PriorLayer => new(2 * Latent) { Name = PriorOutput, WeightInit = new ConstantInit(0), BiasInit = new ConstantInit(0) };
}
