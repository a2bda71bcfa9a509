namespace MlNetDl.Training.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101): w ← (1 − α·λ)·w
/// before Adam's step.</summary>
public sealed record AdamW : Adam
{
    /// <summary>Decays by 0.01 unless told otherwise, as PyTorch does; the paper tunes it for each task.</summary>
    public AdamW() => WeightDecay = 0.01;

    /// <inheritdoc/>
    protected override bool Decoupled => true;
}
