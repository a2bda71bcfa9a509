using System.Globalization;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <content>One trial at a time: ask, report, tell.</content>
public sealed partial class Study
{
    /// <summary>The next trial to run: one that another worker lost, else one that waits, else a new one.</summary>
    public Trial Ask() => TryAsk(int.MaxValue)!;

    /// <summary>The next trial to run, as long as its number is below <paramref name="trials"/>; <see langword="null"/>
    /// when there is none.</summary>
    /// <param name="trials">How many trials the study may have in total.</param>
    public Trial? TryAsk(int trials)
    {
        lock (Gate)
        {
            keeper.CatchUp();
            var started = Store.Start(stored.Id, new(Options.Worker, Options.Lease)
            {
                Space = history.Space,
                Limit = trials,
                MaxLost = Options.MaxLost,
            });
            if (started is null)
            {
                return null;
            }

            Sync();
            var trial = new Trial(this, started, history.Trials[started.Lease.Number]);
            try
            {
                keeper.Add(trial);
                trial.Begin();
                return trial;
            }
            catch (LeaseLostException)
            {
                // Taken over before it had its parameters.
                keeper.Remove(trial);
                return TryAsk(trials);
            }
            catch (Exception e)
            {
                keeper.Remove(trial);
                if (e is not StudyStoreException)
                {
                    // The sampler failed, not the trial.
                    Store.Release(trial.Lease);
                }

                throw;
            }
        }
    }

    /// <summary>Adds a trial that waits to run with some parameters fixed: a guess, a default, the best
    /// of another study.</summary>
    /// <param name="parameters">Values by name: numbers, or options of choices. What is left out is sampled.</param>
    /// <returns>Its number.</returns>
    /// <remarks>
    /// A declared space knows every parameter. Without one a parameter is known once a trial has asked for it: a value
    /// that turns out wrong only then fails its trial, with an error that says so, and one that the objective never
    /// asks for has no effect. Nor has one of a branch that the trial does not take, unless the fixed values themselves
    /// exclude the branch: that is refused here.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is none of its parameter's or of a branch that the other values
    /// exclude, or a declared space has no such parameter. Nothing was added.</exception>
    public int Enqueue(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var options = parameters.ToDictionary(p => p.Key, p => Fixed(p.Key, p.Value));
        foreach (var (name, option) in options)
        {
            var declared = history.Space is { } space
                ? space.Find(name) ?? throw new ArgumentException(
                    $"the space of study '{Name}' has no parameter '{name}'; it has "
                        + $"{string.Join(", ", space.Parameters.Select(p => p.Name))}.")
                : null;
            var distribution = declared?.Distribution ?? Locked(h => h.Parameters.GetValueOrDefault(name));
            if (distribution is not null && !distribution.TryNumber(option, out _))
            {
                throw new ArgumentException($"parameter '{name}': the value {option.Json} is not within {distribution}.");
            }

            if (declared is not null && Excluded(history.Space!, declared, options) is { } excluded)
            {
                throw new ArgumentException($"parameter '{name}' exists only when '{excluded.Parameter}' is "
                    + $"{string.Join(" or ", excluded.Values)}, but that is enqueued as {options[excluded.Parameter]}. "
                    + "Leave one of the two out.");
            }
        }

        return Store.Enqueue(stored.Id, options);
    }

    /// <summary>Takes a trial that waits out of the queue: it ends as <see cref="TrialState.Cancelled"/> and does not
    /// run. It keeps its number, and so counts towards the trials of <c>Optimize</c>; samplers and pruners are told
    /// nothing of it.</summary>
    /// <param name="number">Its number, as <see cref="Enqueue"/> gave it.</param>
    /// <exception cref="StudyException">The study has no such trial, or it runs or has finished;
    /// nothing was changed.</exception>
    public void Cancel(int number) => Store.Cancel(stored.Id, number);

    /// <summary>Records an intermediate value.</summary>
    /// <inheritdoc cref="Trial.Report"/>
    public void Report(Trial trial, long step, double value) => Mine(trial).Report(step, value);

    /// <summary>Whether the pruner would stop the trial after its latest report.</summary>
    /// <inheritdoc cref="Trial.ShouldPrune"/>
    public bool ShouldPrune(Trial trial) => Mine(trial).ShouldPrune();

    /// <summary>Finishes a trial with the values of its objectives; without values, with its last report. A
    /// NaN fails it.</summary>
    /// <exception cref="ArgumentException">There are too few or too many values, or none and no report
    /// either.</exception>
    /// <exception cref="StudyException">The trial has finished already.</exception>
    /// <exception cref="LeaseLostException">Another worker has taken it over.</exception>
    public void Tell(Trial trial, params IReadOnlyList<double> values)
    {
        if (values.Count == 0 && history.Goals.Count == 1)
        {
            if (trial.Record.Reports is not { Count: > 0 } reports)
            {
                throw new ArgumentException($"trial {trial.Number} of study '{Name}' has no value: neither was one "
                    + "told nor an intermediate one reported.");
            }

            values = [reports[^1].Value];
        }

        if (values.Count != history.Goals.Count)
        {
            throw new ArgumentException($"study '{Name}' has {history.Goals.Count} objectives but trial {trial.Number} "
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

    /// <summary>Finishes a trial as pruned; its value is the last report.</summary>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void TellPruned(Trial trial) => End(
        trial,
        new(
            TrialState.Pruned,
            trial.Record.Reports is { Count: > 0 } reports && history.Goals.Count == 1 ? [reports[^1].Value] : [],
            trial.ViolationsSoFar()));

    /// <summary>Finishes a trial as failed.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="error">Why.</param>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void TellFailed(Trial trial, string error) => End(trial, new(TrialState.Failed, [], [], error));

    /// <summary>Finishes a trial as failed, as
    /// <see cref="Optimize(Func{Trial, double}, int?, TimeSpan?, int, CancellationToken)"/> does: its error is the
    /// exception's type and message, and the whole exception, with the place it came from, is an event <c>exception</c>
    /// in the store.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="reason">What the objective threw.</param>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void TellFailed(Trial trial, Exception reason)
    {
        TellFailed(trial, $"{reason.GetType().Name}: {reason.Message}");
        Store.AddEvent(stored.Id, trial.Number, "exception", reason.ToString());
    }

    /// <summary>Gives a trial back: it keeps its parameters, and whoever asks next takes it up.</summary>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void Release(Trial trial)
    {
        try
        {
            Store.Release(Mine(trial).Lease);
        }
        finally
        {
            // What could not be given back is left to its lease.
            keeper.Remove(trial);
        }
    }

    // A branch lies within others: its parameter is excluded with the one that decides on it.
    private static Condition? Excluded(
        SearchSpace space, SearchParameter parameter, Dictionary<string, Option> options) =>
        parameter.When.FirstOrDefault(w => options.TryGetValue(w.Parameter, out var other) && !w.Values.Contains(other))
        ?? parameter.When.Select(w => space.Find(w.Parameter) is { } above ? Excluded(space, above, options) : null)
            .FirstOrDefault(w => w is not null);

    private static Option Fixed(string name, object? value)
    {
        try
        {
            return Option.Of(value);
        }
        catch (Exception e) when (e is NotSupportedException or ArgumentException)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"parameter '{name}': the value {value} has no JSON "
                + $"form and can be no parameter's: {e.Message}"), e);
        }
    }

    private Trial Mine(Trial trial)
    {
        if (trial.Lease.StudyId != stored.Id || !trial.IsOf(this))
        {
            throw new ArgumentException(
                $"trial {trial.Number} is of another study than '{Name}'; tell the study that was asked for it.");
        }

        return trial;
    }

    private void End(Trial trial, TrialOutcome outcome)
    {
        Store.Finish(Mine(trial).Lease, outcome);
        keeper.Remove(trial);
    }
}
