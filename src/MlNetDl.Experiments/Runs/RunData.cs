using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>The data that a run is trained on, the model that its network starts from, and files that its stages name, such as teachers: by their digests
/// a later run sees whether they are still the same.</summary>
internal static class RunData
{
    /// <summary>Where stages stand in an experiment.</summary>
    public const string StagesKey = "training.stages";

    /// <summary>Where a model stands that the network starts from.</summary>
    public const string FromKey = "network.from";

    /// <summary>The digests of an experiment's data, of what a search chooses instead, and of what stages name. Keys of the second
    /// say by which values they came, those of the last where they stand.</summary>
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

        foreach (var (index, judge) in experiment.Judges.Index())
        {
            foreach (var (key, print) in judge.Fingerprint().Where(p => p.Print is not null))
            {
                all[string.Create(CultureInfo.InvariantCulture, $"judges[{index}].{key}")] = print!;
            }
        }

        foreach (var (key, identity) in Stages(experiment).Concat(Starts(experiment)))
        {
            all[key] = identity;
        }

        return all;
    }

    /// <summary>Whether the stages of two experiments differ by paths only, and the digests of the first tell what lay
    /// there.</summary>
    public static bool AreSameButForPaths(Experiment a, Experiment b, IReadOnlyDictionary<string, string> digests) =>
        a.Training.Stages.Count == b.Training.Stages.Count
        && a.Training.Stages.Zip(b.Training.Stages).All(s => Equals(s.First.WithoutPaths(), s.Second.WithoutPaths()))
        && StageFiles.Identities(b.Training.Stages, StagesKey).All(i => digests.ContainsKey(i.Key));

    /// <summary>Whether a key is of a stage or the network, and not of data.</summary>
    public static bool IsOfModel(string key) => key.Contains(StagesKey, StringComparison.Ordinal) || key.EndsWith(FromKey, StringComparison.Ordinal);

    // The models that networks start from.
    private static IEnumerable<(string Key, string Identity)> Starts(Experiment experiment)
    {
        var arms = experiment.Arms is null ? null : new ArmExperiments(experiment);
        var networks = arms is null ? [(FromKey, experiment.Network)] : arms.Names.Select(name => ($"arms.{name}.{FromKey}", arms.Planned(name).Network));
        foreach (var (key, network) in networks)
        {
            if (DataFingerprint.OfFile((network as NetworkSpec)?.From) is { } print)
            {
                yield return (key, print);
            }
        }
    }

    private static IEnumerable<(string Key, string Identity)> Stages(Experiment experiment)
    {
        if (experiment.Arms is null)
        {
            return StageFiles.Identities(experiment.Training.Stages, StagesKey);
        }

        var arms = new ArmExperiments(experiment);
        return arms.Names.SelectMany(name => StageFiles.Identities(arms.Planned(name).Training.Stages, $"arms.{name}.{StagesKey}"));
    }

    /// <summary>Whether two runs have the same data: settings are equal but for the paths of files with equal digests.</summary>
    /// <param name="a">The data of the one.</param>
    /// <param name="digestsA">Its digests.</param>
    /// <param name="b">The data of the other.</param>
    /// <param name="digestsB">Its digests.</param>
    public static bool AreSame(
        DataSource a, IReadOnlyDictionary<string, string> digestsA, DataSource b, IReadOnlyDictionary<string, string> digestsB) =>
        DataFingerprint.Changed(digestsA, digestsB).Count == 0
        && ConfigurationDiff.Between(RecordJson.ToNode(a), RecordJson.ToNode(b)).All(d => IsSame(d.Path, digestsA, digestsB));

    /// <summary>Whether another value of a key changes no result: it names files of equal digests by another path, or says how much memory images
    /// may take.</summary>
    public static bool IsSame(string key, IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) => key == ImageData.MemoryKey
        || (a.TryGetValue(key, out var printA) && b.TryGetValue(key, out var printB) && printA == printB);

    private static string Difference(DataSource from, DataSource to) => string.Join(
        ", ",
        ConfigurationDiff.Between(RecordJson.ToNode(from), RecordJson.ToNode(to)).Where(d => d.After is not null).Select(d => $"{d.Path}: {d.After}"));
}
