using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Decomposition;

/// <summary>Principal component analysis: the orthogonal directions in which the features vary most, found exactly in one pass over
/// the data, without labels (Jolliffe 2002, Principal Component Analysis).</summary>
/// <remarks>
/// Features are centred. The covariance is summed batch by batch in double precision, so the data may be larger than memory, and its
/// eigenvectors are the components, by descending variance. Of each component the entry of largest magnitude is positive, so that its
/// sign is no accident. An image is the vector of its pixels.
/// <para>Graphs: <see cref="Encode"/> gives a row's coordinates, <see cref="Decode"/> turns coordinates back into features, and
/// <see cref="Reconstruct"/> does both. The variances are in the saved model: <see cref="PcaReport.Of"/>.</para>
/// </remarks>
public sealed record Pca : ModelSpec
{
    /// <summary>The names of the graphs.</summary>
    public const string Encode = "encode", Decode = "decode", Reconstruct = "reconstruct";

    /// <summary>The column of a row's coordinates, [N, Components].</summary>
    public const string ComponentColumn = "Components";

    /// <summary>The column of the features that coordinates stand for, [N, features], in the features' units.</summary>
    public const string ReconstructionColumn = "Reconstruction";

    /// <summary>The most features: their covariance takes 2 GiB.</summary>
    public const int MostFeatures = 16_384;

    internal const string NetworkName = "pca", EncoderName = "encoder", DecoderName = "decoder", CenterName = "center", AxesName = "components";
    internal const string BackName = "features", UncenterName = "uncenter";

    private const string CodeInput = "components";

    /// <summary>The number of components, 1 or more, at most the features and the rows; 2 by default, which suit a picture.</summary>
    [AtLeast(1)]
    public int Components { get; init; } = 2;

    /// <summary>Whether coordinates are divided by their standard deviation, so that all have variance 1 on the training data; no by default,
    /// as distances then are no longer those of the features. A component without variance is 0 then.</summary>
    public bool Whiten { get; init; }

    /// <summary>Whether each feature is divided by its standard deviation first, so that units do not count: the components are then
    /// those of the correlations. No by default. Constant features stay as they are.</summary>
    public bool Standardize { get; init; }

    /// <inheritdoc/>
    public override StepSpec Step => new PcaPass(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [ComponentColumn];

    /// <summary>No: components depend on the units of the features. <see cref="Standardize"/> asks for it.</summary>
    public override bool StandardizesFeatures => false;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int features = FeaturesOf(context.Input);
        if (context.Preprocessing.Count > 0)
        {
            throw new ArgumentException("The options ask for features that are standardised before the network, but pca centres them itself; "
                + "leave Standardize of the options unset, and set standardize of pca.");
        }

        ValueList<float> zeros = [.. Enumerable.Repeat(0f, features)], ones = [.. Enumerable.Repeat(1f, features)];
        var encoder = new Sequential(
            new Flatten(),
            new Normalize(zeros, ones) { Name = CenterName },
            new Linear(Components) { Name = AxesName, Bias = false })
        { Name = EncoderName };
        var decoder = new Sequential(
            new Linear(features) { Name = BackName, Bias = false },
            new Denormalize(zeros, ones) { Name = UncenterName })
        { Name = DecoderName };
        return new Dictionary<string, Network> { [NetworkName] = new(new Sequential(encoder, decoder), context.Input) };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(networks);
        var whole = networks[NetworkName];
        var parts = ((Sequential)whole.Root).Children;
        return
        [
            new(Encode, new(new Sequential(parts[0]), context.Input))
            {
                Role = Encode,
                OutputColumns = Column(ComponentColumn),
            },
            new(Decode, new(new Sequential(parts[1]), [new(CodeInput, Shape.Vector(Components))]))
            {
                Role = Decode,
                InputColumns = new Dictionary<string, string> { [CodeInput] = ComponentColumn },
                OutputColumns = Column(ReconstructionColumn),
            },
            new(Reconstruct, whole)
            {
                Role = Reconstruct,
                OutputColumns = Column(ReconstructionColumn),
            },
        ];
    }

    private static Dictionary<string, string> Column(string name) => new() { [Network.DefaultOutput] = name };

    private int FeaturesOf(Shape input)
    {
        if (input.Type != ElementType.Float32 || input.Dims.Skip(1).Any(d => d.Size is null))
        {
            throw new ShapeException($"pca expects float32 features of a known number but got {input}; give a vector or an image.");
        }

        long features = input.ElementsPerExample();
        if (features > MostFeatures)
        {
            throw new ShapeException($"pca keeps a covariance of all features, at most {MostFeatures} of them, but a row has {features}; scale images "
                + "down, or take ML.NET's ProjectToPrincipalComponents, which is approximate.");
        }

        if (Components > features)
        {
            throw new ShapeException($"pca is to find {Components} components, but a row has {features} features, which have no more directions; set "
                + $"components to {features} or fewer.");
        }

        return (int)features;
    }
}
