using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Testing;

/// <summary>An architecture with an input that it takes.</summary>
/// <param name="Spec">The architecture.</param>
/// <param name="Input">The input, the batch symbolic; that of the published counts, where there are some.</param>
/// <param name="Outputs">Classes, or values to predict.</param>
public sealed record NetworkSample(NetworkSpec Spec, Shape Input, int Outputs = 10)
{
    /// <summary>The trainable weights as the paper or another library counts them; <see langword="null"/>
    /// where nobody does.</summary>
    public long? Weights { get; init; }

    /// <summary>The multiply–adds of one example as a paper or another library counts them; <see langword="null"/>
    /// where nobody does.</summary>
    public long? Macs { get; init; }

    /// <summary>How many auxiliary heads it trains with; none by default.</summary>
    public int AuxiliaryHeads { get; init; }

    /// <summary>A smaller input on which it is run, as the published one may take seconds; <see langword="null"/>, the
    /// default, runs it on <see cref="Input"/>.</summary>
    public Shape? Small { get; init; }

    /// <summary>A narrower form of the network with the same parts, which is run instead; by default it is run
    /// as it is.</summary>
    public Func<Network, Network>? Narrow { get; init; }

    /// <summary>Whether kernels and matrices are filled by their fan-in before it is run: for architectures that start
    /// with weights which make much the same of all inputs. No by default.</summary>
    public bool FillByFanIn { get; init; }

    /// <summary>Whether nothing is run: for sizes of an architecture of which another sample runs
    /// the same parts.</summary>
    public bool OnlyCounted { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{ComponentContract.NameOf(Spec)} on {Input}";
}
