using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <content>One trial at a time: ask, report, tell.</content>
public sealed partial class Study
{
    /// <summary>Returns the next trial to run: one that another worker lost, otherwise one that waits, otherwise a new
    /// one.</summary>
    public Trial Ask() => TryAsk(int.MaxValue)!;

    /// <summary>Returns the next trial to run whose number is below <paramref name="trials"/>; <see langword="null"/>
    /// when there is none.</summary>
    /// <param name="trials">The number of trials that the study may have in total.</param>
    public Trial? TryAsk(int trials) => desk.TryAsk(trials);

    /// <summary>Adds a trial that waits to run with some parameters fixed: a guess, a default, the best
    /// of another study.</summary>
    /// <param name="parameters">Values by name: numbers, or options of choices. The sampler proposes the
    /// others.</param>
    /// <returns>The trial's number.</returns>
    /// <remarks>
    /// A declared space knows every parameter. Without a declared space, a parameter is known once a trial has asked
    /// for it. A wrong value then fails its trial, with an error that says so. A value for a parameter that the
    /// objective never asks for has no effect: an event <c>warning</c> and <see cref="Warnings"/> say so, at once where
    /// its name is much like a known one. A value in a branch that the trial does not take has no effect either.
    /// If the fixed values themselves exclude that branch, they are refused here.
    /// </remarks>
    /// <exception cref="ArgumentException">A value does not belong to its parameter, or lies in a branch that the other
    /// values exclude, or a declared space has no such parameter. Nothing was added.</exception>
    public int Enqueue(IReadOnlyDictionary<string, object?> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var options = parameters.ToDictionary(p => p.Key, p => Option.Of("parameter", p.Key, p.Value));
        foreach (var (name, option) in options)
        {
            var declared = state.Known.Space is { } space
                ? space.Find(name) ?? throw new ArgumentException(
                    $"the space of study '{state.Title}' has no parameter '{name}'; it has "
                        + $"{string.Join(", ", space.Parameters.Select(p => p.Name))}.")
                : null;
            var distribution = declared?.Distribution ?? state.Locked(h => h.Parameters.GetValueOrDefault(name));
            if (distribution is not null && !distribution.TryNumber(option, out _))
            {
                throw new ArgumentException($"parameter '{name}': the value {option.Json} is not within {distribution}.");
            }

            if (declared is not null && Excluded(state.Known.Space!, declared, options) is { } excluded)
            {
                throw new ArgumentException($"parameter '{name}' exists only when '{excluded.Parameter}' is "
                    + $"{string.Join(" or ", excluded.Values)}, but that is enqueued as {options[excluded.Parameter]}. "
                    + "Leave one of the two out.");
            }
        }

        if (state.Known.Space is { } searched)
        {
            TrialBounds.Check(searched, options);
        }

        var warnings = state.Locked(h => options.Keys.Select(n => HistoryWarnings.Misspelt(h, n)).OfType<string>().ToList());
        int number = Store.Enqueue(Id, options);
        warnings.ForEach(w => Store.AddEvent(Id, number, "warning", w));
        return number;
    }

    /// <summary>Takes a waiting trial out of the queue. It ends as <see cref="TrialState.Cancelled"/> and does not run.
    /// It keeps its number, so it counts towards the trials of <c>Optimize</c>. Samplers and pruners do not see
    /// it.</summary>
    /// <param name="number">The trial's number, as <see cref="Enqueue"/> returned it.</param>
    /// <exception cref="StudyException">The study has no such trial, or the trial runs or has finished. Nothing was
    /// changed.</exception>
    public void Cancel(int number) => Store.Cancel(Id, number);

    /// <summary>Records an intermediate value.</summary>
    /// <inheritdoc cref="Trial.Report"/>
    public void Report(Trial trial, long step, double value) => desk.Mine(trial).Report(step, value);

    /// <summary>Whether the pruner would stop the trial after its latest report.</summary>
    /// <inheritdoc cref="Trial.ShouldPrune"/>
    public bool ShouldPrune(Trial trial) => desk.Mine(trial).ShouldPrune();

    /// <summary>Finishes a trial with the values of its objectives. Without values, its last report is its value. A NaN
    /// fails the trial.</summary>
    /// <exception cref="ArgumentException">There are too few or too many values, or none and no report
    /// either.</exception>
    /// <exception cref="StudyException">The trial has finished already.</exception>
    /// <exception cref="LeaseLostException">Another worker has taken the trial over.</exception>
    public void Tell(Trial trial, params IReadOnlyList<double> values) => desk.Tell(trial, values);

    /// <summary>Finishes a trial as pruned; its value is the last report.</summary>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void TellPruned(Trial trial) => desk.TellPruned(trial);

    /// <summary>Finishes a trial as failed.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="error">The reason, for people to read.</param>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void TellFailed(Trial trial, string error) => desk.TellFailed(trial, error);

    /// <summary>Finishes a trial as failed, as
    /// <see cref="Optimize(Func{Trial, double}, int?, TimeSpan?, int, Func{TrialRecord, bool}, CancellationToken)"/> does: its error is the
    /// exception's type and message, and the whole exception, with the place it came from, is an event <c>exception</c>
    /// in the store.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="reason">The exception that the objective threw.</param>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void TellFailed(Trial trial, Exception reason) => desk.TellFailed(trial, reason);

    /// <summary>Gives a trial back. It keeps its parameters, and the next worker that asks for a trial continues
    /// it.</summary>
    /// <inheritdoc cref="Tell" path="/exception"/>
    public void Release(Trial trial) => desk.Release(trial);

    // A branch may lie within another. Its parameter is then excluded with the parameter that decides on the outer
    // branch.
    private static Condition? Excluded(
        SearchSpace space, SearchParameter parameter, Dictionary<string, Option> options) =>
        parameter.When.FirstOrDefault(w => options.TryGetValue(w.Parameter, out var other) && !w.Values.Contains(other))
        ?? parameter.When.Select(w => space.Find(w.Parameter) is { } above ? Excluded(space, above, options) : null)
            .FirstOrDefault(w => w is not null);
}
