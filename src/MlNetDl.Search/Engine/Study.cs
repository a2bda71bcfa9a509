using MlNetDl.Configuration;
using MlNetDl.Search.Storage;
using MlNetDl.Metrics;

namespace MlNetDl.Search;

/// <summary>A search for good parameters. It hands out trials, takes their results, and keeps everything in a store at
/// once. Several threads and processes may work on one study.</summary>
/// <example><code>
/// var study = Study.InMemory("branin", Goal.Minimize, new RandomSampler { Seed = 1 });
/// study.Optimize(trial => Branin(trial.Uniform("x0", -5, 10), trial.Uniform("x1", 0, 15)), trials: 100);
/// </code></example>
public sealed partial class Study : IDisposable
{
    private readonly StudyState state;
    private readonly LeaseKeeper keeper;
    private readonly TrialDesk desk;
    private readonly bool ownsStore;

    private Study(StudyStore store, string name, StudyOptions options, bool ownsStore)
    {
        RecordCheck.Require(options, "options");
        options.Space?.Checked();
        state = new(store, name, options);
        keeper = new(store, options);
        desk = new(state, keeper);
        this.ownsStore = ownsStore;
    }

    /// <summary>Name of the study.</summary>
    public string Name => state.Name;

    /// <summary>Settings of the search.</summary>
    public StudyOptions Options => state.Options;

    /// <summary>The store that keeps the study.</summary>
    public StudyStore Store => state.Store;

    /// <summary>Number of the study in the store.</summary>
    public long Id => state.Id;

    /// <summary>The study as it is now, read from the store: a copy, which any thread may read while trials
    /// run.</summary>
    /// <remarks>Copying takes time and memory for two references a trial, because the trials themselves are shared. So
    /// keep one copy for as long as you read it. The <see cref="History.Cache"/> of a copy starts empty.</remarks>
    public History History => state.Locked(h => h.Copy());

    /// <summary>All trials in order of number, as they are now.</summary>
    public IReadOnlyList<TrialRecord> Trials => state.Locked(h => h.Trials.ToArray());

    /// <summary>What is doubtful about the study now, a sentence each: values enqueued under a name that no trial asks for,
    /// and trials with states from a newer program. Empty when nothing is. The report page shows them too.</summary>
    public IReadOnlyList<string> Warnings => state.Locked(HistoryWarnings.Of);

    /// <summary>The complete, feasible trial with the best value. Of equal ones it is the trial that finished first;
    /// <see langword="null"/> when there is none.</summary>
    /// <exception cref="StudyException">The study has several objectives: see <see cref="ParetoFront"/>.</exception>
    public TrialRecord? Best
    {
        get
        {
            if (state.Known.Goals.Count != 1)
            {
                throw new StudyException($"study '{state.Title}' has {state.Known.Goals.Count} objectives and so no single best "
                    + "trial; take its Pareto front.");
            }

            return state.Locked(h => Bests.Of(h).Front.Select(t => h.Trials[t.Number]).FirstOrDefault());
        }
    }

    /// <summary>The complete, feasible trials that no other beats in all objectives, in order of finishing.</summary>
    public IReadOnlyList<TrialRecord> ParetoFront => state.Locked(h => Bests.Of(h).Front.Select(t => h.Trials[t.Number]).ToList());

    /// <summary>Opens a study in a store, which the caller disposes of.</summary>
    /// <exception cref="StudyException">The store has a study of that name with other goals or, with
    /// trials, a space that does not lie within the new one.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Study Open(StudyStore store, string name, StudyOptions? options = null) =>
        new(store, name, options ?? new(), ownsStore: false);

    /// <summary>Opens a study in an SQLite file, on which any number of processes may work. The file and its folder are
    /// made when missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The study's name; a file may hold several.</param>
    /// <param name="options">Settings of the search.</param>
    /// <exception cref="StudyStoreException">The file cannot be opened or made, is no study store, is damaged, or is of
    /// a newer version.</exception>
    /// <exception cref="StudyException">The file has a study of that name with other goals or, with trials, a space
    /// that does not lie within the new one.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Study Open(string path, string name, StudyOptions options)
    {
        RecordCheck.Require(options, "options");
        options.Space?.Checked();
        return Owning(new SqliteStore(path), store => new(store, name, options, ownsStore: true));
    }

    /// <summary>Opens a study in an SQLite file, on which any number of processes may work. The file and its folder are
    /// made when missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The study's name; a file may hold several.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="sampler">Proposes parameters; by default that of <see cref="StudyOptions.Sampler"/>.</param>
    /// <param name="pruner">Stops trials that do badly; by default that of <see cref="StudyOptions.Pruner"/>.</param>
    /// <param name="space">The declared space; by default the objective defines it as it runs.</param>
    /// <example><code>
    /// using var study = Study.Open("runs/branin/study.db", "branin", Goal.Minimize, new RandomSampler { Seed = 1 });
    /// </code></example>
    /// <inheritdoc cref="Open(string, string, StudyOptions)" path="/exception"/>
    public static Study Open(string path, string name, Goal goal = Goal.Minimize, Samplers.Sampler? sampler = null,
        Pruners.TrialPruner? pruner = null, SearchSpace? space = null) =>
        Open(path, name, Settings(goal, sampler, pruner, space));

    /// <summary>Loads a study that a store has, with its goals and its space, to look at it or to continue
    /// it.</summary>
    /// <param name="store">The store; the caller disposes of it.</param>
    /// <param name="name">The study's name.</param>
    /// <param name="options">Settings of the search. The study's own goals and space replace those given here.</param>
    /// <exception cref="StudyException">The store has no such study; the message names those that it has.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static Study Load(StudyStore store, string name, StudyOptions? options = null) =>
        new(store, name, Stored(store, name, options), ownsStore: false);

    /// <summary>Loads a study that an SQLite file has, with its goals and its space, to look at it or to continue
    /// it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The study's name.</param>
    /// <param name="options">Settings of the search. The study's own goals and space replace those given here.</param>
    /// <exception cref="StudyStoreException">There is no such file, it cannot be opened, is no study store, is damaged,
    /// or is of a newer version.</exception>
    /// <exception cref="StudyException">The file has no such study; the message names those that it has.</exception>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <example><code>
    /// using var study = Study.Load("runs/branin/study.db", "branin");
    /// Console.WriteLine(study.Best);
    /// </code></example>
    public static Study Load(string path, string name, StudyOptions? options = null)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw new StudyStoreException($"there is no study store '{Path.GetFullPath(path)}' to load study '{name}' "
                + $"from{(File.Exists(path) ? ": the file is empty" : "")}; Open makes one.");
        }

        return Owning(new SqliteStore(path), store => new(store, name, Stored(store, name, options), ownsStore: true));
    }

    /// <summary>Makes a study in memory. It is gone when the process ends.</summary>
    public static Study InMemory(string name, StudyOptions options) => new(new MemoryStore(), name, options, ownsStore: true);

    /// <summary>Makes a study in memory. It is gone when the process ends.</summary>
    public static Study InMemory(string name, Goal goal = Goal.Minimize, Samplers.Sampler? sampler = null,
        Pruners.TrialPruner? pruner = null, SearchSpace? space = null) =>
        InMemory(name, Settings(goal, sampler, pruner, space));

    /// <summary>Stops renewing leases. Other workers take over the trials that have no result yet when their leases run
    /// out.</summary>
    public void Dispose()
    {
        keeper.Dispose();
        if (ownsStore)
        {
            Store.Dispose();
        }
    }

    private static StudyOptions Stored(StudyStore store, string name, StudyOptions? options)
    {
        var studies = store.Studies();
        var study = studies.FirstOrDefault(s => s.Name == name)
            ?? throw new StudyException($"the store has no study '{name}'; it has "
                + $"{(studies.Count == 0 ? "none" : string.Join(", ", studies.Select(s => $"'{s.Name}'")))}.");
        return (options ?? new()) with { Goals = study.Goals, Space = study.Space };
    }

    private static Study Owning(StudyStore store, Func<StudyStore, Study> make)
    {
        try
        {
            return make(store);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static StudyOptions Settings(Goal goal, Samplers.Sampler? sampler, Pruners.TrialPruner? pruner, SearchSpace? space)
    {
        var options = new StudyOptions { Goals = [goal], Space = space };
        return options with { Sampler = sampler ?? options.Sampler, Pruner = pruner ?? options.Pruner };
    }
}
