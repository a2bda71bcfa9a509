using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>Watches a sweep: derive and override what is needed. All calls come on one thread.</summary>
public abstract class SweepView
{
    /// <summary>Called once, when the folder is open.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="finished">The trials that earlier runs have finished, in order of finishing.</param>
    public virtual void Started(Experiment experiment, IReadOnlyList<TrialRecord> finished)
    {
    }

    /// <summary>Called with a trial that has ended.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="parameters">The values of its parameters by name.</param>
    /// <param name="isBest">Whether no trial before was better.</param>
    public virtual void TrialEnded(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest)
    {
    }

    /// <summary>Called some times a second with what the workers do.</summary>
    /// <param name="workers">The workers, in order of number.</param>
    public virtual void Working(IReadOnlyList<WorkerProgress> workers)
    {
    }

    /// <summary>Called when the final round begins.</summary>
    /// <param name="best">The best trial.</param>
    /// <param name="trainings">How many trainings the round has.</param>
    public virtual void FinalStarted(TrialRecord best, int trainings)
    {
    }

    /// <summary>Called with each training of the final round.</summary>
    /// <param name="configuration"><c>best</c> or <c>default</c>.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="figure">The name of the figure.</param>
    /// <param name="value">Its value.</param>
    public virtual void FinalEnded(string configuration, int seed, string figure, double value)
    {
    }

    /// <summary>Called with a worker that has crashed and is replaced; by default it is a <see cref="Message"/>.</summary>
    /// <param name="worker">Its number, from 1.</param>
    /// <param name="code">The exit code of its process.</param>
    /// <param name="text">The same for people.</param>
    public virtual void WorkerLost(int worker, int code, string text) => Message(text);

    /// <summary>Called with messages for people, such as a warning.</summary>
    public virtual void Message(string text)
    {
    }
}

/// <summary>What a worker does at the moment.</summary>
/// <param name="Worker">Its number, from 1.</param>
/// <param name="Trial">Its trial; <see langword="null"/> between two.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">The epochs of the trial.</param>
/// <param name="Done">How much of the epoch is done, 0 to 1.</param>
public sealed record WorkerProgress(int Worker, int? Trial, int Epoch, int Epochs, double Done)
{
    /// <summary>The trial as the study has it, with its parameters and what it has reported;
    /// <see langword="null"/> between two trials, and while the study does not know yet that it runs.</summary>
    public TrialRecord? Record { get; init; }
}
