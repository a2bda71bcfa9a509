using MlNetDl.Configuration;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Generative;

/// <summary>How far the posteriors of a batch are from the prior.</summary>
/// <param name="Rows">The divergence of each row, in nats, [N].</param>
/// <param name="Mean">Means of the posteriors, [N, D].</param>
/// <param name="LogVariance">Logarithms of their variances, [N, D]; <see langword="null"/> where they are 1.</param>
/// <param name="Noise">What codes were drawn by, [N, D].</param>
public sealed record Divergences(Tensor Rows, Tensor Mean, Tensor? LogVariance, Tensor Noise);

/// <summary>What the divergence counts in the loss of a variational autoencoder.</summary>
public abstract record DivergenceTerm : ICheckedRecord
{
    /// <summary>Whether it depends on how long the training is.</summary>
    public abstract bool DependsOnLength { get; }

    /// <summary>The term of the loss, [N].</summary>
    /// <param name="divergence">How far the posteriors of the batch are from the prior.</param>
    /// <param name="share">The share of the training that has passed, from 0 to 1; 1 where it is judged.</param>
    public abstract Tensor Of(Divergences divergence, double share);

    /// <inheritdoc/>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}

/// <summary>β times the divergence (Higgins et al. 2017), which may rise from 0 at the beginning (Bowman et al. 2015, arXiv:1511.06349), also
/// several times (Fu et al. 2019, arXiv:1903.10145).</summary>
/// <remarks>Reconstruction and divergence are sums over pixels and codes. Who takes means instead changes β in secret: a mean over 784 pixels
/// is a β of 784.</remarks>
public sealed record Beta : DivergenceTerm
{
    /// <summary>β, 0 or more; 1 by default, which is the bound of the likelihood. Above 1 codes become simpler and images blurred.</summary>
    [AtLeast(0)]
    public double Weight { get; init; } = 1;

    /// <summary>The share of each cycle in which it rises from 0, from 0 to 1; 0 by default. Codes that are ignored at first may be so for
    /// good (posterior collapse); a rise of 0.1 to 0.5 helps.</summary>
    [AtLeast(0), AtMost(1)]
    public double WarmUp { get; init; }

    /// <summary>How often it begins anew, 1 or more; 1 by default.</summary>
    [AtLeast(1)]
    public int Cycles { get; init; } = 1;

    /// <inheritdoc/>
    public override bool DependsOnLength => WarmUp > 0;

    /// <inheritdoc/>
    public override Tensor Of(Divergences divergence, double share)
    {
        ArgumentNullException.ThrowIfNull(divergence);
        return divergence.Rows.Mul(WeightAt(share));
    }

    /// <summary>β at a share of the training.</summary>
    public double WeightAt(double share)
    {
        double place = share >= 1 ? 1 : (share * Cycles) % 1;
        return WarmUp > 0 ? Weight * Math.Min(1, place / WarmUp) : Weight;
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> Problems() => Cycles > 1 && WarmUp == 0
        ? [new("cycles", $"is {Cycles}, but without a warmUp nothing begins anew; set warmUp, such as 0.5.")]
        : [];
}

/// <summary>γ·|divergence − C|, with C rising over the training: codes may carry more and more (Burgess et al. 2018, arXiv:1804.03599).</summary>
public sealed record Capacity : DivergenceTerm
{
    /// <summary>γ, above 0; 100 by default. The paper's 1000 is for sums over 64×64 pixels.</summary>
    [Above(0)]
    public double Gamma { get; init; } = 100;

    /// <summary>C at the beginning, in nats; 0 by default.</summary>
    [AtLeast(0)]
    public double From { get; init; }

    /// <summary>C at the end, in nats; 25 by default, as in the paper.</summary>
    [AtLeast(0)]
    public double To { get; init; } = 25;

    /// <inheritdoc/>
    public override bool DependsOnLength => From != To;

    /// <inheritdoc/>
    public override Tensor Of(Divergences divergence, double share)
    {
        ArgumentNullException.ThrowIfNull(divergence);
        return divergence.Rows.Sub(From + ((To - From) * share)).abs_().MulInPlace(Gamma);
    }
}

/// <summary>β times the total correlation, the divergence of codes from independent values, beside the rest of the divergence, which counts once
/// (Chen et al. 2018, β-TCVAE, arXiv:1802.04942, eq. 4): values of a code become independent without saying less of a row.</summary>
/// <remarks>q(z) is estimated from the batch itself. The paper's weights of mini-batches change that estimate by a constant only, (D − 1)·log N with N
/// rows of training, and no gradient. Small batches underestimate: take 128 or more.</remarks>
public sealed record TotalCorrelation : DivergenceTerm
{
    /// <summary>β, 0 or more; 6 by default, as in the paper's figures of dSprites. 1 is the bound of the likelihood.</summary>
    [AtLeast(0)]
    public double Weight { get; init; } = 6;

    /// <inheritdoc/>
    public override bool DependsOnLength => false;

    /// <inheritdoc/>
    public override Tensor Of(Divergences divergence, double share)
    {
        ArgumentNullException.ThrowIfNull(divergence);
        return divergence.Rows.Add(Correlation(divergence).Mul(Weight - 1));
    }

    /// <summary>log q(z) − Σ log q(z_d) of each row's code, [N]; its mean estimates the total correlation.</summary>
    /// <param name="divergence">Means, variances and noise of the batch.</param>
    public static Tensor Correlation(Divergences divergence)
    {
        ArgumentNullException.ThrowIfNull(divergence);
        var (mean, noise) = (divergence.Mean, divergence.Noise);
        var log = divergence.LogVariance ?? mean.Mul(0);
        var code = mean.Add(log.Mul(0.5).exp() * noise);
        // log q(z_i,d | x_j): [N of codes, N of rows, D].
        var density = ((code.unsqueeze(1) - mean.unsqueeze(0)).Pow(2) * log.neg().exp().unsqueeze(0)).Add(log.unsqueeze(0)).Add(Math.Log(2 * Math.PI));
        density = density.Mul(-0.5);
        double rows = Math.Log(mean.shape[0]);
        return density.sum([2]).logsumexp(1).Sub(rows) - density.logsumexp(1).Sub(rows).sum([1]);
    }
}
