namespace MlNetDl.Metrics;

/// <summary>A figure of a model, and which way it improves.</summary>
/// <param name="Name">Its name in reports and in <c>training.monitor</c>, such as <c>accuracy</c>.</param>
/// <param name="Goal">Whether the greatest or the least value is best.</param>
public sealed record Figure(string Name, Goal Goal);
