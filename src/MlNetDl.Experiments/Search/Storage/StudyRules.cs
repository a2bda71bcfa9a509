using System.Globalization;
using MlNetDl.Experiments.Search.Distributions;

namespace MlNetDl.Experiments.Search.Storage;

/// <summary>What every store refuses, with one form of message.</summary>
internal static class StudyRules
{
    /// <summary>The space that a study has after it was opened again.</summary>
    public static SearchSpace? SpaceToKeep(StoredStudy study, IReadOnlyList<Direction> directions, SearchSpace? space, int trials)
    {
        if (!study.Directions.SequenceEqual(directions))
        {
            throw new StudyException($"study '{study.Name}' has the directions {string.Join(", ", study.Directions)} but is now opened with {string.Join(", ", directions)}. Name the study differently, or go on with its directions.");
        }

        return trials == 0 || Equals(study.Space, space) ? space : throw SpaceChangedException.For(study.Name, study.Space, space);
    }

    /// <summary>Several processes may have opened the study with different spaces before it had trials: the last one's holds.</summary>
    public static void CheckSpace(string study, SearchSpace? space, SearchSpace? asked)
    {
        if (!Equals(space, asked))
        {
            throw SpaceChangedException.For(study, space, asked);
        }
    }

    public static void CheckSuggestion(string study, StoredTrial trial, string name, Distribution distribution, Distribution? known)
    {
        if (known is not null && known != distribution)
        {
            throw SpaceChangedException.For(study, name, known, distribution);
        }

        if (trial.Numbers.Any(n => n.Key == name))
        {
            throw new StudyException($"trial {trial.Number} of study '{study}' has parameter '{name}' already.");
        }
    }

    public static void CheckLease(Lease lease, string? token, TrialState state)
    {
        if (token != lease.Token)
        {
            throw new LeaseLostException($"attempt {lease.Attempt} of trial {lease.Number} is no longer this worker's: its lease ran out and the trial was taken over, or it was given back. Nothing was written.");
        }

        if (state != TrialState.Running)
        {
            throw new StudyException($"trial {lease.Number} has finished already ({state}) and takes nothing more.");
        }
    }

    public static StudyException ReportedTwice(Lease lease, long step, string key) =>
        new(string.Create(CultureInfo.InvariantCulture, $"trial {lease.Number} has reported '{key}' at step {step} already; each step is reported once."));

    /// <summary>Up to which step a checkpoint carries metrics over; without a checkpoint the next attempt starts anew.</summary>
    public static long? CarriedStep(string? checkpoint, long step) => checkpoint is null || step < 0 ? null : step;

    public static StudyException NoSuchStudy(long id) => new($"the store has no study {id}.");

    public static string LostText(StoredTrial trial, bool ended, bool again) =>
        $"attempt {trial.Attempt} by {trial.Worker} {(ended ? "was left by its process, which has ended" : "gave no sign of life until its lease ran out")}" + (again ? "; the trial is run again." : "; the trial fails.");

    public static string LostTooOften(int lost, string? worker) => $"its worker died or hung {lost} times, the last was {worker}; the trial is not run again.";

    /// <summary>A trial never finishes before it started, also when the clock was set back.</summary>
    public static DateTimeOffset NotBefore(DateTimeOffset now, DateTimeOffset? started) => started is { } from && from > now ? from : now;
}
