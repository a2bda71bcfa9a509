using System.Globalization;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>Hands out the trials of a study and takes their results.</summary>
internal sealed class TrialDesk(StudyState study, LeaseKeeper keeper)
{
    public StudyOptions Options => study.Options;

    public TimeProvider Clock => study.Store.Clock;

    /// <summary>After how many trials the sampler has nothing new to propose; <see langword="null"/> where it always has.</summary>
    public int? MostTrials() => study.Locked(h => Options.Sampler.MostTrials(h));

    public Trial? TryAsk(int trials)
    {
        lock (study.Gate)
        {
            keeper.CatchUp();
            var started = study.Store.Start(study.Id, new(Options.Worker, Options.Lease)
            {
                Space = study.Known.Space,
                Limit = trials,
                MaxLost = Options.MaxLost,
            });
            if (started is null)
            {
                return null;
            }

            study.Sync();
            var trial = new Trial(study, started, study.Known.Trials[started.Lease.Number]);
            try
            {
                keeper.Add(trial);
                trial.Begin();
                return trial;
            }
            catch (LeaseLostException)
            {
                // Another worker took the trial over before it had its parameters.
                keeper.Remove(trial);
                return TryAsk(trials);
            }
            catch (Exception e)
            {
                keeper.Remove(trial);
                if (e is not StudyStoreException)
                {
                    // The sampler failed and not the trial, so another attempt may run it.
                    study.Store.Release(trial.Lease);
                }

                throw;
            }
        }
    }

    public void Tell(Trial trial, IReadOnlyList<double> values)
    {
        if (values.Count == 0 && study.Known.Goals.Count == 1)
        {
            if (trial.Record.Reports is not { Count: > 0 } reports)
            {
                throw new ArgumentException($"trial {trial.Number} of study '{study.Title}' has no value: neither was one "
                    + "told nor an intermediate one reported.");
            }

            values = [reports[^1].Value];
        }

        if (values.Count != study.Known.Goals.Count)
        {
            throw new ArgumentException($"study '{study.Title}' has {study.Known.Goals.Count} objectives but trial {trial.Number} "
                + $"got {values.Count} values.");
        }

        if (values.Any(double.IsNaN))
        {
            var text = string.Join(", ", values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
            End(
                trial,
                new(
                    TrialState.Failed,
                    [],
                    [],
                    values.Count == 1 ? "the objective returned NaN." : $"the objective returned NaN: {text}."));
        }
        else
        {
            End(trial, new(TrialState.Complete, [.. values], trial.Violations()));
        }
    }

    public void TellPruned(Trial trial) => End(
        trial,
        new(
            TrialState.Pruned,
            trial.Record.Reports is { Count: > 0 } reports && study.Known.Goals.Count == 1 ? [reports[^1].Value] : [],
            trial.ViolationsSoFar()));

    public void TellFailed(Trial trial, string error) => End(trial, new(TrialState.Failed, [], [], error));

    public void TellFailed(Trial trial, Exception reason)
    {
        TellFailed(trial, $"{reason.GetType().Name}: {reason.Message}");
        study.Store.AddEvent(study.Id, trial.Number, "exception", reason.ToString());
    }

    public void Release(Trial trial)
    {
        try
        {
            study.Store.Release(Mine(trial).Lease);
        }
        finally
        {
            // A trial that could not be given back is free when its lease runs out.
            keeper.Remove(trial);
        }
    }

    /// <summary>Returns the trial, which must belong to this study.</summary>
    /// <exception cref="ArgumentException">The trial belongs to another study.</exception>
    public Trial Mine(Trial trial)
    {
        if (trial.Lease.StudyId != study.Id || !trial.IsOf(study))
        {
            throw new ArgumentException(
                $"trial {trial.Number} is of another study than '{study.Title}'; tell the study that was asked for it.");
        }

        return trial;
    }

    /// <summary>Whether another process or caller runs a trial below the limit.</summary>
    public bool OthersRun(int limit) => study.Locked(h => h.Running.Any(t => t.Number < limit && !keeper.Holds(t.Number)));

    /// <summary>Throws where all trials have failed: the objective is broken, and its author may not have looked at the
    /// trials.</summary>
    /// <exception cref="StudyException">All trials have failed.</exception>
    public void MustHaveSucceeded()
    {
        var last = study.Locked(h => h.Finished.Count > 0 && h.Finished.All(t => t.State == TrialState.Failed) ? h.Finished[^1] : null);
        if (last is not null)
        {
            throw new StudyException(
                $"all finished trials of study '{study.Title}' have failed, the last one (number {last.Number}) with: "
                + $"{last.Error?.TrimEnd('.')}. Mend what makes them fail. Failed trials count, so ask for more trials then, or take another study.");
        }
    }

    /// <summary>The trial as it ended; <see langword="null"/> where it was given back or lost.</summary>
    public TrialRecord? Ended(Trial trial) =>
        study.Locked(h => h.Trials[trial.Number]) is { IsFinished: true } ended && ended.Attempt == trial.Lease.Attempt ? ended : null;

    public void EndRenewal(Trial trial) => keeper.Remove(trial);

    private void End(Trial trial, TrialOutcome outcome)
    {
        study.Store.Finish(Mine(trial).Lease, outcome);
        keeper.Remove(trial);
        if (outcome.State == TrialState.Complete && trial.Record.Fixed.Count > 0
            && study.Locked(h => HistoryWarnings.Unused(h, trial.Record)) is { } unused)
        {
            study.Store.AddEvent(study.Id, trial.Number, "warning", unused);
        }
    }
}
