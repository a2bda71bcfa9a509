using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Generative;

/// <summary>A variational autoencoder: codes that the values are made of again, close to a <see cref="Prior"/> from which new ones can be drawn
/// (Kingma and Welling 2013, arXiv:1312.6114). Trained without labels.</summary>
/// <remarks>Scored as three graphs: <c>encode</c> (features to <c>Latent</c>, the mean of the posterior, and <c>LatentLogVariance</c>), which a
/// transformer runs by default; <c>decode</c> (<c>Latent</c> to <c>Generated</c>); <c>reconstruct</c> (features to <c>Generated</c>, with noise as
/// an input, zeros unless given). <c>Generated</c> is in the units of the features.</remarks>
public sealed record Vae : ModelSpec
{
    /// <summary>Names of its graphs, and of the columns that they add.</summary>
    public const string Encode = "encode", Decode = "decode", Reconstruct = "reconstruct", LatentColumn = "Latent",
        LogVarianceColumn = "LatentLogVariance", GeneratedColumn = "Generated";

    internal const string NetworkName = "vae", NoiseInput = "noise", LatentInput = "latent", Mean = "mean", LogVariance = "logVariance", Observed = "observed";

    /// <summary>Values of a code, 1 or more and no more than a row has; 20 by default.</summary>
    [AtLeast(1)]
    public int Latent { get; init; } = 20;

    /// <summary>The network whose features the code is made of; a perceptron with one hidden layer of 400 by default.</summary>
    public NetworkSpec Encoder { get; init; } = new Mlp { Hidden = [400] };

    /// <summary>The network that makes values of a code; a perceptron with one hidden layer of 400 by default.</summary>
    public NetworkSpec Decoder { get; init; } = new Mlp { Hidden = [400] };

    /// <summary>The prior of the codes; the standard normal by default.</summary>
    public Prior Prior { get; init; } = new StandardNormal();

    /// <summary>What the divergence counts; once by default.</summary>
    public DivergenceTerm Kl { get; init; } = new Beta();

    /// <summary>How values are distributed around what is decoded; black or white by default, as of binary images.</summary>
    public Likelihood Likelihood { get; init; } = new Bernoulli();

    /// <summary>The value of white, above 0, by which features are divided; <see langword="null"/>, the default, for 255 of images and 1 of vectors.
    /// A Gaussian likelihood takes features standardised instead, unless it is given.</summary>
    [Above(0)]
    public double? Peak { get; init; }

    /// <summary>Codes that are drawn for each row in training, 1 or more; 1 by default. More make the bound tighter: that of importance-weighted
    /// autoencoders (Burda et al. 2015, arXiv:1509.00519). Only with <see cref="Beta"/> of weight 1.</summary>
    [AtLeast(1)]
    public int Samples { get; init; } = 1;

    /// <inheritdoc/>
    public override StepSpec Step => new ElboTraining(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => Prior.LearnsVariance ? [LatentColumn, LogVarianceColumn] : [LatentColumn];

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Samples > 1 && Kl is not Beta { Weight: 1, WarmUp: 0 }
        ? [new("samples", $"is {Samples}, which weighs codes by the bound itself; leave kl out, or samples.")]
        : [];

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The code is larger than a row, or a network does not take its input.</exception>
    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        long values = context.Input.ElementsPerExample();
        if (Latent > values)
        {
            throw new ShapeException($"A code of {Latent} values is larger than a row of {values}; take a smaller latent.");
        }

        var encoder = new Sequential(
        [
            Encoder.Backbone(context.Input) with { Name = "body" },
            .. Prior.LearnsVariance ? [new Tap(LogVariance, new Linear(Latent) { Name = LogVariance }) { Role = TapRole.Output }] : (Layer[])[],
            new Linear(Latent) { Name = Mean },
        ])
        { Name = "encoder" };
        var decoder = Decoder.Build(Shape.Vector(Latent), checked((int)values)) with { Name = "decoder" };
        var made = new Network(new Sequential(decoder), Shape.Vector(Latent)).Plan().Outputs[0].Shape;
        if (made.Rank != 2 || made.Dims[1].Size != values)
        {
            throw new ShapeException($"The decoder makes {made} of a code, but a row has {values} values: [N, {values}]; let it end with as many outputs, "
                + "behind flatten where they are an image.");
        }

        var root = new Sequential(
            Scaling(context),
            new Tap(Observed) { Role = TapRole.Output },
            encoder,
            new Tap(Mean) { Role = TapRole.Output },
            new Reparameterize(NoiseInput, Prior.LearnsVariance ? LogVariance : null),
            decoder);
        return new Dictionary<string, Network>
        {
            [NetworkName] = new(root, [new(Network.DefaultInput, context.Input), new(NoiseInput, Shape.Vector(Latent))]),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(networks);
        var parts = ((Sequential)networks[NetworkName].Root).Children;
        var (scale, encoder, decoder) = (parts[0], parts[2], parts[^1]);
        Layer[] last = [.. Likelihood.Expectation, Unscaling((Normalize)scale, context.Input)];
        var generated = new Dictionary<string, string> { [Network.DefaultOutput] = GeneratedColumn };
        return
        [
            new(Encode, new(new Sequential(scale, encoder), context.Input))
            {
                Role = Encode,
                OutputColumns = Prior.LearnsVariance
                    ? new Dictionary<string, string> { [Network.DefaultOutput] = LatentColumn, [LogVariance] = LogVarianceColumn }
                    : new Dictionary<string, string> { [Network.DefaultOutput] = LatentColumn },
            },
            new(Decode, new(new Sequential([decoder, .. last]), [new(LatentInput, Shape.Vector(Latent))]))
            {
                Role = Decode,
                InputColumns = new Dictionary<string, string> { [LatentInput] = LatentColumn },
                OutputColumns = generated,
            },
            new(Reconstruct, networks[NetworkName] with { Root = new Sequential([scale, encoder, parts[4], decoder, .. last]) })
            {
                Role = Reconstruct,
                InputRoles = new Dictionary<string, string> { [NoiseInput] = GraphRole.Noise },
                OutputColumns = generated,
            },
        ];
    }

    /// <summary>The value of white for rows of a shape.</summary>
    internal double PeakOf(Shape input) => Peak ?? (input.Rank == 4 ? byte.MaxValue : 1);

    // A training that continues finds the standardisation by this name.
    private Normalize Scaling(ModelContext context) => !Likelihood.IsOfShares && Peak is null && context.Preprocessing is [Normalize standardised]
        ? standardised with { Name = Normalize.Preprocessing }
        : new([0], [(float)PeakOf(context.Input)]) { Name = "scale" };

    // Outputs are flat, so a channel's numbers stand for each of its pixels.
    private static Denormalize Unscaling(Normalize scale, Shape input)
    {
        int width = checked((int)input.ElementsPerExample());
        ValueList<float> Spread(ValueList<float> values) => values.Count == 1 ? values
            : values.SelectMany(v => Enumerable.Repeat(v, width / values.Count)).ToValueList();
        return new(Spread(scale.Mean), Spread(scale.StandardDeviation));
    }
}
