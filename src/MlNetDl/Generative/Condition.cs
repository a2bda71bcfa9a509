namespace MlNetDl.Generative;

/// <summary>What a variational autoencoder is told beside the values of a row: its class, one-hot (Sohn, Lee and Yan 2015, conditional
/// VAE).</summary>
/// <remarks>The class is the label of the data. It is read in training and never predicted; rows are made for a class that is asked for.</remarks>
public sealed record Condition
{
    /// <summary>Whether the encoder is told too; yes by default. If the decoder alone is told, q(z | x) cannot know what the decoder knows
    /// already, and codes keep saying what class a row is of: they then contradict the class that is asked for.</summary>
    public bool Encoder { get; init; } = true;
}
