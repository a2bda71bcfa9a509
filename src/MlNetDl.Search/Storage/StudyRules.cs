using System.Globalization;
using MlNetDl.Search.Distributions;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Storage;

/// <summary>Rules that every store keeps, with one message for each.</summary>
internal static class StudyRules
{
    /// <summary>The space that a study has after it was opened again.</summary>
    public static SearchSpace? SpaceToKeep(StoredStudy study, IReadOnlyList<Goal> goals, SearchSpace? space, int trials)
    {
        if (!study.Goals.SequenceEqual(goals))
        {
            throw new StudyException($"study '{study.Name}' has the goals {string.Join(", ", study.Goals)} but is now opened with "
                + $"{string.Join(", ", goals)}. Name the study differently, or go on with its goals.");
        }

        if (trials != 0 && !Equals(study.Space, space))
        {
            throw SpaceChangedException.For(study.Name, study.Space, space);
        }

        return space;
    }

    /// <summary>Several processes may have opened the study with different spaces before it had trials: the
    /// last one's holds.</summary>
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
            throw new LeaseLostException(
                $"attempt {lease.Attempt} of trial {lease.Number} is no longer this worker's: its lease ran out and "
                    + "the trial was taken over or given up, or it was given back. Nothing was written.");
        }

        if (state != TrialState.Running)
        {
            throw new StudyException($"trial {lease.Number} has finished already ({state}) and takes nothing more.");
        }
    }

    /// <summary>A worker ends its trial in one of three ways.</summary>
    public static void CheckOutcome(Lease lease, TrialOutcome outcome)
    {
        if (outcome.State is not (TrialState.Complete or TrialState.Pruned or TrialState.Failed))
        {
            throw new ArgumentException(
                $"trial {lease.Number}: expected the outcome Complete, Pruned or Failed but got {outcome.State}.",
                nameof(outcome));
        }
    }

    /// <summary>Only what waits can be cancelled: a worker that runs a trial has work to lose, and what has finished
    /// is a result.</summary>
    public static void CheckWaits(string study, int number, StoredTrial? trial)
    {
        if (trial is null)
        {
            throw new StudyException($"study '{study}' has no trial {number} to cancel.");
        }

        if (trial.State == TrialState.Running)
        {
            throw new StudyException($"trial {number} of study '{study}' is run by {trial.Worker} and cannot be "
                + "cancelled; only a trial that waits can. Ask that worker to stop: it gives the trial back.");
        }

        if (trial.State != TrialState.Waiting)
        {
            throw new StudyException($"trial {number} of study '{study}' has finished already ({trial.State}) and cannot be cancelled.");
        }
    }

    /// <summary>A step has one value: the same again is no news, another is refused. Stores do not
    /// tell NaNs apart.</summary>
    public static void CheckSame(Lease lease, long step, string key, double before, double value)
    {
        if (BitConverter.DoubleToInt64Bits(before) != BitConverter.DoubleToInt64Bits(value)
            && !(double.IsNaN(before) && double.IsNaN(value)))
        {
            throw new StudyException(string.Create(CultureInfo.InvariantCulture,
                $"trial {lease.Number} has reported '{key}' at step {step} already, as {before}, and now reports "
                    + $"{value}; each step is reported once."));
        }
    }

    /// <summary>Up to which step a checkpoint carries metrics over; without a checkpoint the next
    /// attempt starts anew.</summary>
    public static long? CarriedStep(string? checkpoint, long step) => checkpoint is null || step < 0 ? null : step;

    public static StudyException NoSuchTrial(long study, int number) =>
        new(string.Create(CultureInfo.InvariantCulture, $"study {study} of the store has no trial {number}."));

    public static StudyException NoSuchStudy(long id) => new($"the store has no study {id}.");

    public static string LostText(StoredTrial trial, bool ended, bool again) =>
        $"attempt {trial.Attempt} by {trial.Worker} "
        + $"{(ended ? "was left by its process, which has ended" : "gave no sign of life until its lease ran out")}"
        + (again ? "; the trial is run again." : "; the trial fails.");

    /// <summary>The event of a trial's end, for ends that are worth one.</summary>
    public static (string Kind, string Text)? EndText(TrialOutcome outcome) => outcome.State switch
    {
        TrialState.Failed => ("failed", outcome.Error ?? ""),
        TrialState.Cancelled => ("cancelled", "taken out of the queue before it ran."),
        _ => null,
    };

    public static string LostTooOften(int lost, string? worker) =>
        $"its worker died or hung {lost} times, the last was {worker}; the trial is not run again.";

    /// <summary>A trial never finishes before it started, also when the clock was set back.</summary>
    public static DateTimeOffset NotBefore(DateTimeOffset now, DateTimeOffset? started) => started is { } from && from > now ? from : now;
}
