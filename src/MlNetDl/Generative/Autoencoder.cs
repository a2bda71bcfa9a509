using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Generative;

/// <summary>An autoencoder: codes from which rows are made again as well as possible (Hinton and Salakhutdinov 2006). Nothing says where codes
/// lie, so new ones cannot be drawn: between those of rows there are holes, where what is decoded means nothing. See <see cref="Vae"/>.</summary>
/// <remarks>Denoising, sparse, contractive and tied ones are settings, and go together.</remarks>
public sealed record Autoencoder : LatentModel
{
    /// <inheritdoc/>
    /// <remarks>Squared errors by default: half their sum, and the constant of a Gaussian of variance 1. <c>bernoulli</c> is the cross-entropy of
    /// pixels.</remarks>
    public override Likelihood Likelihood { get; init; } = new Gaussian { Variance = 1 };

    /// <summary>What is done to rows before they are encoded, in training only, while the row as it was is what is to be made of them: a denoising
    /// autoencoder (Vincent et al. 2008). A layer without weights that adds to values, masks or drops them, on
    /// their scale. <see langword="null"/>, the default, for none.</summary>
    public Layer? Noise { get; init; }

    /// <summary>What the magnitudes of a code's values, summed, count in the loss, 0 or more: a sparse autoencoder by an L1 penalty (Ng 2011 has
    /// another one). 0 by default.</summary>
    [AtLeast(0)]
    public double Sparsity { get; init; }

    /// <summary>What the squared Frobenius norm of the derivatives of code by row, ‖∂z/∂x‖², counts in the loss, 0 or more: a contractive autoencoder
    /// (Rifai et al. 2011). It is estimated without bias by one random direction a row, E‖vᵀ∂z/∂x‖² with v ~ N(0, I). 0 by default.</summary>
    [AtLeast(0)]
    public double Contraction { get; init; }

    /// <summary>Whether the decoder has the encoder's weights, transposed; no by default. Only for perceptrons, whose decoder is left out then.</summary>
    public bool Tied { get; init; }

    /// <inheritdoc/>
    public override StepSpec Step => new AutoencoderTraining(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => [LatentColumn];

    /// <inheritdoc/>
    internal override string NetworkName => "autoencoder";

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems()
    {
        if (Tied && Encoder is not Mlp)
        {
            yield return new("tied", "asks for the encoder's weights in the decoder, which only an mlp can give; take encoder: mlp, or leave tied out.");
        }
        else if (Tied && !Equals(Decoder, new Mlp { Hidden = [400] }))
        {
            yield return new("decoder", "is set, but tied makes the decoder of the encoder; leave one of them out.");
        }

        if (Noise is not (null or Elementwise))
        {
            yield return new("noise", "must change each value by itself and have no weights, such as gaussianNoise, maskingNoise or dropout.");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The code is larger than a row, or a network does not take its input.</exception>
    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Layer[] noise = Noise is null ? [] : [Noise];
        return new Dictionary<string, Network> { [NetworkName] = Tree(context, noise, [.. Way(Widths.Count, new Linear(Latent) { Name = Mean })], []) };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(networks);
        return GraphsOf(context, networks[NetworkName]);
    }

    private ValueList<int> Widths => Encoder is Mlp mlp ? mlp.Hidden : [];

    private protected override Layer EncoderFor(Shape input)
    {
        if (!Tied)
        {
            return base.EncoderFor(input);
        }

        var mlp = (Mlp)Encoder;
        int layer = 0;
        return new Sequential(((Sequential)mlp.Backbone(input)).Children.SelectMany(c => c is Linear linear ? Way(layer++, linear) : [c]).ToValueList());
    }

    private protected override Layer DecoderFor(Shape code, Shape row)
    {
        if (!Tied)
        {
            return base.DecoderFor(code, row);
        }

        var mlp = (Mlp)Encoder;
        return new Sequential(Widths.Reverse().Append(checked((int)row.ElementsPerExample())).SelectMany((width, i) => (Layer[])[
            new Shared(Weights(Widths.Count - i), new TransposedLinear(width)),
            new Bias { Name = $"back{i + 1}" },
            .. i < Widths.Count ? [mlp.Activation.Layer()] : (Layer[])[],
        ]).ToValueList());
    }

    // Both ways through a layer share its weight, and have biases of their own.
    private Layer[] Way(int layer, Linear linear) => Tied
        ? [new Shared(Weights(layer), linear with { Bias = false }), new Bias { Name = $"{linear.Name}Bias" }]
        : [linear];

    private static string Weights(int layer) => $"tied{layer}";
}
