using MlNetDl.Configuration;

namespace MlNetDl.Generative;

/// <summary>Settings of a <see cref="GaussianMixture"/>.</summary>
public sealed record MixtureOptions
{
    /// <summary>The number of components, 1 or more, at most the different rows; 10 by default, as Ghosh et al. 2020 take
    /// (arXiv:1903.12436).</summary>
    [AtLeast(1)]
    public int Components { get; init; } = 10;

    /// <summary>Whether values vary independently within a component; no by default. Then a component has fewer numbers to fit, which suits
    /// few rows.</summary>
    public bool IsDiagonal { get; init; }

    /// <summary>The most iterations, 1 or more; 200 by default, before which the likelihood mostly stands still.</summary>
    [AtLeast(1)]
    public int MaxIterations { get; init; } = 200;

    /// <summary>The gain of the objective, in nats a row, below which it ends, 0 or more; 0.001 by default, as in scikit-learn.</summary>
    [AtLeast(0)]
    public double LeastGain { get; init; } = 1e-3;

    /// <summary>The seed of the first centres; 0 by default.</summary>
    public int Seed { get; init; }
}
