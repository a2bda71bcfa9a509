using MlNetDl.Search;

namespace MlNetDl.Search.Tests;

/// <summary>Compares histories by what they hold.</summary>
internal static class HistoryAssert
{
    public static void Same(History expected, History actual)
    {
        Assert.Equal(expected.Trials.Select(Text), actual.Trials.Select(Text));
        Assert.Equal(expected.Finished.Select(Text), actual.Finished.Select(Text));
        Assert.Equal(expected.Running.Select(Text), actual.Running.Select(Text));
        Assert.Equal(expected.Parameters, actual.Parameters);
        Assert.Equal(expected.Common, actual.Common);
    }

    private static string Text(TrialRecord trial) =>
        $"{trial.Number} {trial.State} {trial.Attempt} {trial.Worker} {trial.Started:O} {trial.Finished:O} {trial.Error} "
        + $"{string.Join(' ', trial.Numbers.Select(n => $"{n.Key}={n.Value:R}"))} {string.Join(' ', trial.Distributions)} {string.Join(' ', trial.Fixed)} {string.Join(' ', trial.Reports)} "
        + $"{string.Join(' ', trial.Values)} {string.Join(' ', trial.Constraints)}";
}
