using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Storage;

namespace MlNetDl.Experiments;

/// <summary>A sweep in its folder: the experiment, and the study that its workers take part in.</summary>
internal sealed class Sweep : IDisposable
{
    private readonly SqliteStore store;

    private Sweep(string folder, Experiment experiment, string worker)
    {
        (Folder, Experiment) = (folder, experiment);
        Search = experiment.Search ?? throw new ArgumentException($"The run in '{folder}' is a single training, which has no workers.");
        Trials = new(experiment);
        HasStudy(folder);
        store = new(Path.Combine(folder, RunFolder.StudyFile));
        try
        {
            Study = Study.Open(store, RunFolder.StudyName, new()
            {
                Goals = [.. Search.Objective.Select(o => o.Goal)],
                Sampler = Search.Sampler,
                Pruner = Search.Pruner,
                Space = Trials.Space,
                Title = experiment.Name,
                MaxLost = Search.MaxLost,
                Worker = worker,
            });
        }
        catch
        {
            store.Dispose();
            throw;
        }

        Worker = worker;
        RefuseStepsFromZero();
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The experiment, with its search.</summary>
    public Experiment Experiment { get; }

    /// <summary>Its search.</summary>
    public SearchOptions Search { get; }

    /// <summary>The experiments of its trials.</summary>
    public TrialExperiments Trials { get; }

    /// <summary>The trials.</summary>
    public Study Study { get; }

    /// <summary>Where all studies of the sweep are kept.</summary>
    public StudyStore Store => store;

    /// <summary>Who takes part, for people to read.</summary>
    public string Worker { get; }

    /// <summary>Whether the sweep of a folder has its file of trials. Without it nothing was run.</summary>
    /// <exception cref="StudyException">Trials or a result are there, but the file is not.</exception>
    public static bool HasStudy(string folder)
    {
        var file = Path.Combine(folder, RunFolder.StudyFile);
        if (new FileInfo(file) is { Exists: true, Length: > 0 })
        {
            return true;
        }

        var trials = Path.Combine(folder, RunFolder.TrialsFolder);
        bool hasTrials = Directory.Exists(trials) && Directory.EnumerateFileSystemEntries(trials).Any();
        if (hasTrials || File.Exists(Path.Combine(folder, "result.json")))
        {
            throw new StudyStoreException($"'{file}' is missing, which says what the trials of this sweep are and how they ended. Put it back "
                + $"from a copy. Without one, delete '{folder}', or choose another folder with --output, to run the sweep anew.");
        }

        return false;
    }

    /// <summary>Opens the sweep of a folder that <see cref="RunFolder"/> has made.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="worker">Who takes part.</param>
    public static Sweep Open(string folder, string worker) => new(folder, RunFolder.Read(folder), worker);

    /// <summary>The seeds of a configuration, from the experiment's on.</summary>
    public IReadOnlyList<int> Seeds(int count) => [.. Enumerable.Range(Experiment.Training.Seed!.Value, count)];

    /// <summary>The folder of a trial.</summary>
    public string TrialFolder(int number) => Path.Combine(Folder, RunFolder.TrialsFolder, number.ToString("0000", CultureInfo.InvariantCulture));

    /// <summary>The folder of an attempt.</summary>
    public string AttemptFolder(int number, int attempt) =>
        Path.Combine(TrialFolder(number), string.Create(CultureInfo.InvariantCulture, $"attempt-{attempt}"));

    /// <summary>Whether the search has seen enough: as many finished trials as its patience allows, none of them better
    /// than the best before.</summary>
    public bool IsExhausted()
    {
        if (Search.Patience is not { } patience)
        {
            return false;
        }

        var (goal, best, since) = (Search.Objective[0].Goal, (double?)null, 0);
        foreach (var trial in Study.History.Finished)
        {
            bool better = trial is { State: TrialState.Complete, IsFeasible: true } && (best is not { } value || goal.IsBetter(trial.Value, value));
            (best, since) = better ? (trial.Value, 0) : (best, since + 1);
        }

        return since >= patience;
    }

    /// <summary>How many trials the search has in the end: <c>search.maxTrials</c>, or fewer where its sampler has no more to
    /// propose.</summary>
    public int MostTrials() => Math.Min(Search.MaxTrials, Search.Sampler.MostTrials(Study.History) ?? int.MaxValue);

    // Pruners would compare an epoch with the one after it.
    private void RefuseStepsFromZero()
    {
        if (Study.Trials.Any(t => t.Reports.Count > 0 && t.Reports[0].Step == 0))
        {
            Dispose();
            throw new ConfigurationException("", $"the sweep in '{Folder}' was begun by an earlier version, which counted epochs from 0; its "
                + "trials cannot be compared with new ones. Run it anew in another folder.");
        }
    }

    /// <summary>Writes the report page.</summary>
    public void WriteReport(string path) => StudyReport.Write(Study, path, new()
    {
        Title = Experiment.Name,
        Objectives = [.. Search.Objective.Select(o => o.Figure)],
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        Study.Dispose();
        store.Dispose();
    }
}
