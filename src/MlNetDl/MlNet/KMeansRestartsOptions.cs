using Microsoft.ML.Trainers;
using MlNetDl.Clustering;
using MlNetDl.Configuration;

namespace MlNetDl.MlNet;

/// <summary>Settings of a <see cref="KMeansRestartsTrainer"/>.</summary>
public sealed record KMeansRestartsOptions
{
    /// <summary>The number of clusters, 1 or more, at most the different rows; 5 by default, as in ML.NET.</summary>
    [AtLeast(1)]
    public int Clusters { get; init; } = 5;

    /// <summary>How often it begins anew from other centres, 1 or more; the run of least inertia is kept. 10 by default: one run often
    /// ends in a poor minimum.</summary>
    [AtLeast(1)]
    public int Restarts { get; init; } = 10;

    /// <summary>The most iterations of a run, 1 or more; 1,000 by default, before which runs end by themselves.</summary>
    [AtLeast(1)]
    public int MaxIterations { get; init; } = KMeansRuns.Unlimited;

    /// <summary>The column of the features, a vector of Single. Distances depend on its units: bring features to one scale
    /// before.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>How the first centres are chosen; k-means++ by default (Arthur and Vassilvitskii 2007), which spreads them.</summary>
    public KMeansTrainer.InitializationAlgorithm Start { get; init; } = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus;

    /// <summary>The seed of the first run, from which those of the others follow; <see langword="null"/>, the default, takes that of the
    /// context, or 1.</summary>
    public int? Seed { get; init; }
}
