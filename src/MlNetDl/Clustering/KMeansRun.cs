namespace MlNetDl.Clustering;

/// <summary>One run of k-means.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Inertia">The sum of the squared distances of rows to their nearest centre.</param>
public sealed record KMeansRun(int Seed, double Inertia);
