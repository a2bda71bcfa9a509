using MlNetDl.Search.Distributions;
using MlNetDl.Search.Samplers.QuasiRandom;

namespace MlNetDl.Search.Samplers;

/// <summary>Points that fill the space more evenly than random ones: the Sobol sequence with the direction
/// numbers of Joe and Kuo (2008, "Constructing Sobol sequences with better two-dimensional projections"),
/// scrambled after Owen (1995).</summary>
/// <remarks>
/// <para>Trial n takes point n of the sequence, so any number of workers together run the sequence once. It is most
/// even after a power of two of trials.</para>
/// <para>Each parameter has a dimension: its place in the declared space, or the order in which parameters were first
/// suggested. Parameters behind the 256th are random.</para>
/// <para>A coordinate is the share of the distribution (<see cref="Distribution.FromUnit"/>): whole numbers and options
/// get equal parts of it, and so are met equally often.</para>
/// <para>Values are not looked at: any number of objectives will do.</para>
/// </remarks>
/// <example><code>
/// using var study = Study.InMemory("sobol", sampler: new QuasiRandomSampler { Seed = 1 });
/// study.Optimize(trial => Math.Abs(trial.Uniform("x", 0, 1) - trial.Uniform("y", 0, 1)), trials: 64); // a power of two
/// </code></example>
public sealed record QuasiRandomSampler : Sampler
{
    /// <summary>Whether points are scrambled, each seed differently; on by default. Without, all seeds give the plain
    /// sequence, which starts at the lower bounds of all parameters.</summary>
    public bool Scramble { get; init; } = true;

    /// <inheritdoc/>
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution)
    {
        int dimension = Dimension(history, trial, name);
        return distribution.FromUnit(dimension >= Sobol.Dimensions ? Random(trial, name).NextDouble()
            : Scramble ? Sobol.Scrambled((uint)trial.Number, dimension, new TrialRandom(Seed, dimension, "quasiRandom").NextBits())
            : Sobol.Coordinate((uint)trial.Number, dimension) / (double)(1L << 32));
    }

    private static int Dimension(History history, TrialRecord trial, string name)
    {
        var known = history.Space is { } space ? space.Parameters.Select(p => p.Name) : history.Parameters.Keys;
        int dimension = 0;
        foreach (string parameter in known)
        {
            if (parameter == name)
            {
                return dimension;
            }

            dimension++;
        }

        // A new one: it comes after those that this trial was the first to have.
        return dimension + trial.Distributions.Keys.Count(k => k != name && !history.Parameters.ContainsKey(k));
    }
}
