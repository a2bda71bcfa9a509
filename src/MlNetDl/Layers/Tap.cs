using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>The purpose of the wire that a <see cref="Tap"/> publishes.</summary>
public enum TapRole
{
    /// <summary>Read further on in the network by a <see cref="Read"/> or a leaf; not an output.</summary>
    Wire,

    /// <summary>A named output of the network beside the last value; part of the scoring graph.</summary>
    Output,

    /// <summary>An auxiliary head: trained with the network's loss times <see cref="Tap.LossWeight"/>, absent from
    /// the scoring graph.</summary>
    Auxiliary,

    /// <summary>An output that only training needs and that has no loss of its own (a mean and a variance that a step's
    /// loss is made of, features for distillation): an output of the network while it trains, absent from evaluation
    /// and from the scoring graph.</summary>
    Training,
}

/// <summary>Publishes the running value, or a head's output for it, as a named wire, and passes the running value
/// on.</summary>
/// <param name="Wire">The wire's name, unique in the network.</param>
/// <param name="Head">Applied to the running value before it is published; <see langword="null"/> publishes
/// the value itself.</param>
public sealed record Tap(string Wire, Layer? Head = null) : Layer
{
    /// <summary>The purpose of the wire; a plain wire by default.</summary>
    public TapRole Role { get; init; }

    /// <summary>The weight of an auxiliary head's loss; 0.3 as in GoogLeNet (Szegedy et al. 2014, section 5). 0 or
    /// more. Other roles ignore it.</summary>
    [AtLeast(0)]
    public double LossWeight { get; init; } = 0.3;
}
