using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The data that a run is trained on: by its digests a later run sees whether it is still the same.</summary>
internal static class RunData
{
    /// <summary>The digests of an experiment's data, and of what a search chooses instead. Keys of the latter say by which values
    /// they came.</summary>
    public static SortedDictionary<string, string> Digests(Experiment experiment)
    {
        var all = DataFingerprint.Of(experiment.Data);
        var others = experiment.Search is null ? [] : new TrialExperiments(experiment).Corners().Select(c => c.Experiment.Data).Distinct();
        foreach (var data in others.Where(d => d != experiment.Data))
        {
            foreach (var (key, print) in DataFingerprint.Of(data).Where(p => all.GetValueOrDefault(p.Key) != p.Value))
            {
                all[$"{key} ({Difference(experiment.Data, data)})"] = print;
            }
        }

        return all;
    }

    private static string Difference(DataSource from, DataSource to) => string.Join(
        ", ",
        ConfigurationDiff.Between(RecordJson.ToNode(from), RecordJson.ToNode(to)).Where(d => d.After is not null).Select(d => $"{d.Path}: {d.After}"));
}
