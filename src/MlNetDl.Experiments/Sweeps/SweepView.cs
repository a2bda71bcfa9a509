using MlNetDl.Search;

namespace MlNetDl.Experiments;

/// <summary>Watches a sweep: derive and override what is needed. All calls come on one thread.</summary>
public abstract class SweepView
{
    /// <summary>Called once, when the folder is open.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="finished">How many trials an earlier run has finished.</param>
    public virtual void Started(Experiment experiment, int finished)
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

    /// <summary>Called with messages for people: a warning, a worker that was lost.</summary>
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
public sealed record WorkerProgress(int Worker, int? Trial, int Epoch, int Epochs, double Done);
