using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Tasks;

namespace MlNetDl.Generative;

/// <summary>A model that makes codes of rows and rows of codes, trained without labels: <see cref="Autoencoder"/> and <see cref="Vae"/>.</summary>
/// <remarks>Scored as three graphs: <c>encode</c> (features to <c>Latent</c>), which a transformer runs by default; <c>decode</c> (<c>Latent</c> to
/// <c>Generated</c>); <c>reconstruct</c> (features to <c>Generated</c>). <c>Generated</c> is in the units of the features. For
/// <see cref="AnomalyDetection"/> the graph <c>score</c> comes first.</remarks>
public abstract record LatentModel : ModelSpec
{
    /// <summary>Names of its graphs, and of the columns that they add.</summary>
    public const string Encode = "encode", Decode = "decode", Reconstruct = "reconstruct", LatentColumn = "Latent", GeneratedColumn = "Generated";

    internal const string LatentInput = "latent", ConditionInput = "condition", Mean = "mean", Observed = "observed";

    // A set whose brightest pixel is that far from white has another white.
    private const int Dark = 4;

    private const string EncoderName = "encoder", DecoderName = "decoder";

    /// <summary>Values of a code, 1 or more and no more than a row has; 20 by default.</summary>
    [AtLeast(1)]
    public int Latent { get; init; } = 20;

    /// <summary>The network whose features the code is made of; a perceptron with one hidden layer of 400 by default.</summary>
    public NetworkSpec Encoder { get; init; } = new Mlp { Hidden = [400] };

    /// <summary>The network that makes values of a code; a perceptron with one hidden layer of 400 by default. One of transposed convolutions makes
    /// images only.</summary>
    public NetworkSpec Decoder { get; init; } = new Mlp { Hidden = [400] };

    /// <summary>How values are distributed around what is decoded: its negative logarithm is the error of a reconstruction.</summary>
    public abstract Likelihood Likelihood { get; init; }

    /// <summary>The value of white, above 0, by which features are divided; <see langword="null"/>, the default, for 255 of images and 1 of vectors.
    /// A Gaussian likelihood takes features standardised instead, unless it is given.</summary>
    [Above(0)]
    public double? Peak { get; init; }

    /// <summary>The value of white for rows of a shape.</summary>
    internal double PeakOf(Shape input) => Peak ?? (input.Rank == 4 ? byte.MaxValue : 1);

    /// <summary>Refuses rows that are far from white, unless the value of white was given: they would be learned as nearly black.</summary>
    /// <param name="input">The shape of rows.</param>
    /// <param name="greatest">The greatest value of the training part; NaN where it is not known.</param>
    /// <exception cref="ArgumentException">They are.</exception>
    internal void MustReachPeak(Shape input, float greatest)
    {
        if (Likelihood.IsOfShares && Peak is null && greatest > 0 && greatest * Dark <= PeakOf(input))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The greatest value of the rows to train on is {greatest:G4}, but the model takes {PeakOf(input)} for white: ")
                + FormattableString.Invariant($"all would be nearly black. Set network.peak: {greatest:G4}; or network.peak: {PeakOf(input)} where rows are ")
                + "meant to be so dark.");
        }
    }

    /// <summary>The name of its one network.</summary>
    internal abstract string NetworkName { get; }

    /// <summary>Whether the encoder, or the decoder, is given the class of a row.</summary>
    internal virtual (bool Encoder, bool Decoder) Conditioned => (false, false);

    /// <summary>The parts of a tree that <see cref="Tree"/> made.</summary>
    internal static (Normalize Scale, Layer Encoder, Layer? Draw, Layer Decoder) Parts(Network network)
    {
        var parts = ((Sequential)network.Root).Children;
        return (parts.OfType<Normalize>().First(), parts.First(p => p.Name == EncoderName), parts.OfType<Reparameterize>().FirstOrDefault(),
            parts.First(p => p.Name == DecoderName));
    }

    /// <summary>Makes the tree: scale, what is observed, encoder, code, decoder.</summary>
    /// <param name="context">The demands of the data.</param>
    /// <param name="before">What stands before the encoder, in training only.</param>
    /// <param name="code">What makes the code of the encoder's features; its last layer makes the mean.</param>
    /// <param name="behind">What stands between the code and the decoder.</param>
    /// <param name="inputs">Inputs beside the features.</param>
    /// <exception cref="ShapeException">The code is larger than a row, or a network does not take its input.</exception>
    private protected Network Tree(ModelContext context, Layer[] before, Layer[] code, Layer[] behind, params NetworkInput[] inputs)
    {
        long values = context.Input.ElementsPerExample();
        if (Latent > values)
        {
            throw new ShapeException($"A code of {Latent} values is larger than a row of {values}; take a smaller latent.");
        }

        var (inEncoder, inDecoder) = Conditioned;
        int classes = context.Label.ClassNames.Count;
        var (given, join) = inEncoder ? Joined(context.Input, classes) : (context.Input, []);
        var encoder = new Sequential([.. before, .. join, EncoderFor(given) with { Name = "body" }, .. code]) { Name = EncoderName };
        var made = DecoderFor(Shape.Vector(Latent + (inDecoder ? classes : 0)), context.Input) with { Name = inDecoder ? "body" : DecoderName };
        var decoder = inDecoder ? new Sequential(new Concat { With = [ConditionInput] }, made) { Name = DecoderName } : made;
        return new(
            new Sequential([Scaling(context), Output(Observed), encoder, Output(Mean), .. behind, decoder]),
            [
                new(Network.DefaultInput, context.Input),
                .. inputs,
                .. inEncoder || inDecoder ? [new(ConditionInput, Shape.Vector(classes))] : (NetworkInput[])[],
            ]);
    }

    /// <summary>The graphs of a tree that <see cref="Tree"/> made.</summary>
    /// <param name="context">The demands of the data.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="outputs">Columns of the encoder's outputs beside the code, by wire.</param>
    private protected List<ModelGraph> GraphsOf(ModelContext context, Network network, params (string Wire, string Column)[] outputs)
    {
        var (scale, encoder, draw, decoder) = Parts(network);
        Layer[] last = [.. Likelihood.Expectation, Unscaling(scale, context.Input)];
        var generated = new Dictionary<string, string> { [Network.DefaultOutput] = GeneratedColumn };
        NetworkInput[] condition = [.. network.Inputs.Where(i => i.Name == ConditionInput)];
        var roles = condition.ToDictionary(i => i.Name, _ => GraphRole.Condition);
        var (inEncoder, inDecoder) = Conditioned;
        return
        [
            .. context.Task is { LearnsFromLabels: false } task ? [ScoreGraph(context, task, scale, encoder, decoder)] : (ModelGraph[])[],
            new(Encode, new(new Sequential(scale, encoder), [new(Network.DefaultInput, context.Input), .. inEncoder ? condition : []]))
            {
                Role = Encode,
                InputRoles = inEncoder ? roles : [],
                OutputColumns = outputs.Append((Network.DefaultOutput, LatentColumn)).ToDictionary(),
            },
            new(Decode, new(new Sequential([decoder, .. last]), [new(LatentInput, Shape.Vector(Latent)), .. inDecoder ? condition : []]))
            {
                Role = Decode,
                InputColumns = new Dictionary<string, string> { [LatentInput] = LatentColumn },
                InputRoles = inDecoder ? roles : [],
                OutputColumns = generated,
            },
            new(Reconstruct, network with { Root = new Sequential([scale, encoder, .. draw is null ? [] : (Layer[])[draw], decoder, .. last]) })
            {
                Role = Reconstruct,
                InputRoles = network.Inputs.Skip(1).ToDictionary(i => i.Name, i => i.Name == ConditionInput ? GraphRole.Condition : GraphRole.Noise),
                OutputColumns = generated,
            },
        ];
    }

    /// <summary>The prior whose divergence counts in a score; <see langword="null"/>, the default, for none.</summary>
    private protected virtual Prior? ScoredPrior => null;

    /// <summary>The layers that make features of rows.</summary>
    private protected virtual Layer EncoderFor(Shape input) => Encoder.Backbone(input);

    /// <summary>The layers that make values, [N, D], of codes.</summary>
    private protected virtual Layer DecoderFor(Shape code, Shape row)
    {
        var decoder = Decoder is ConvDecoder images ? images.For(code, row) : Decoder.Build(code, checked((int)row.ElementsPerExample()));
        var made = new Network(new Sequential(decoder), code).Plan().Outputs[0].Shape;
        if (made.Rank != 2 || made.Dims[1].Size != row.ElementsPerExample())
        {
            throw new ShapeException($"The decoder makes {made} of a code, but a row has {row.ElementsPerExample()} values: [N, "
                + $"{row.ElementsPerExample()}]; let it end with as many outputs, behind flatten where they are an image.");
        }

        return decoder;
    }

    private static Tap Output(string wire) => new(wire) { Role = TapRole.Output };

    // The score, and behind it the score minus the threshold.
    private ModelGraph ScoreGraph(ModelContext context, LearningTask task, Layer scale, Layer encoder, Layer decoder)
    {
        // The encoder's own outputs are wires here.
        var layers = ((Sequential)encoder).Children.Select(c => c is Tap { Role: TapRole.Output } tap ? tap with { Role = TapRole.Wire } : c);
        var score = new NegativeElbo(Likelihood.WithErrorVariance(context.ErrorVariance), Observed)
        {
            Prior = ScoredPrior,
            Mean = ScoredPrior is null ? null : Mean,
            LogVariance = ScoredPrior is { LearnsVariance: true } ? Vae.LogVariance : null,
        };
        return new(GraphRole.Score, new(
            new Sequential(
                scale,
                new Tap(Observed),
                new Sequential(layers.ToValueList()) { Name = EncoderName },
                new Tap(Mean),
                decoder,
                score,
                task.ScoringLayer(context.Scale),
                new Denormalize([-(float)context.Threshold], [1]) { Name = "threshold" }),
            [new(Network.DefaultInput, context.Input)]));
    }

    // A perceptron takes the classes beside the values, convolutions as planes of an image.
    private (Shape Given, Layer[] Join) Joined(Shape input, int classes)
    {
        if (input.Rank != 4 || Encoder is Mlp)
        {
            return (Shape.Vector(checked((int)input.ElementsPerExample()) + classes),
                [.. input.Rank > 2 ? [new Flatten()] : (Layer[])[], new Concat { With = [ConditionInput] }]);
        }

        var (height, width) = (input.Size(2), input.Size(3));
        return (input.With(1, input.Size(1) + classes),
            [new Tap("planes", new Sequential(new Read(ConditionInput), new Planes(height, width))), new Concat { With = ["planes"] }]);
    }

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
