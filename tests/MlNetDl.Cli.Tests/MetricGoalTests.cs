using MlNetDl.Metrics;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests;

/// <summary>Metrics and studies meet.</summary>
public sealed class MetricGoalTests
{
    [Fact]
    public void The_goal_of_a_metric_is_the_goal_of_an_objective()
    {
        double[] values = [2, 1, 3];
        using var falling = Study.InMemory("falling", new StudyOptions { Goals = [new RootMeanSquaredError().Goal] });
        using var rising = Study.InMemory("rising", new StudyOptions { Goals = [new Accuracy().Goal] });
        falling.Optimize(t => values[t.Number], trials: 3);
        rising.Optimize(t => values[t.Number], trials: 3);
        Assert.Equal((1, 1.0), (falling.Best!.Number, falling.Best.Value));
        Assert.Equal((2, 3.0), (rising.Best!.Number, rising.Best.Value));
    }
}
