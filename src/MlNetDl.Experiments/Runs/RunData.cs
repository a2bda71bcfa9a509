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

    /// <summary>Whether two runs have the same data: settings are equal but for the paths of files with equal digests.</summary>
    /// <param name="a">The data of the one.</param>
    /// <param name="digestsA">Its digests.</param>
    /// <param name="b">The data of the other.</param>
    /// <param name="digestsB">Its digests.</param>
    public static bool AreSame(
        DataSource a, IReadOnlyDictionary<string, string> digestsA, DataSource b, IReadOnlyDictionary<string, string> digestsB) =>
        DataFingerprint.Changed(digestsA, digestsB).Count == 0
        && ConfigurationDiff.Between(RecordJson.ToNode(a), RecordJson.ToNode(b)).All(d => IsSameFile(d.Path, digestsA, digestsB));

    /// <summary>Whether a key names files of equal digests, so that it may name them by another path.</summary>
    public static bool IsSameFile(string key, IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.TryGetValue(key, out var printA) && b.TryGetValue(key, out var printB) && printA == printB;

    private static string Difference(DataSource from, DataSource to) => string.Join(
        ", ",
        ConfigurationDiff.Between(RecordJson.ToNode(from), RecordJson.ToNode(to)).Where(d => d.After is not null).Select(d => $"{d.Path}: {d.After}"));
}
