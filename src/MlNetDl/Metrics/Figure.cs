namespace MlNetDl.Metrics;

/// <summary>A named figure and its goal.</summary>
/// <param name="Name">The name in reports, camelCase.</param>
/// <param name="Goal">Which way it gets better.</param>
public sealed record Figure(string Name, Goal Goal);
