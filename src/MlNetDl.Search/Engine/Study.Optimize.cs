using System.Runtime.CompilerServices;

namespace MlNetDl.Search;

/// <content>Runs an objective, trial after trial.</content>
public sealed partial class Study
{
    /// <summary>Runs an objective until the study has enough trials.</summary>
    /// <param name="objective">Returns a trial's value. An exception fails its trial, and the study goes on;
    /// <see cref="TrialPrunedException"/> prunes the trial.</param>
    /// <param name="trials">The number of trials that the study has in the end. Finished trials of earlier runs and of
    /// other processes count, and so do failed and cancelled ones. No bound when <see langword="null"/>, but that of the sampler: a
    /// grid ends with its last combination (<see cref="Samplers.Sampler.MostTrials"/>).</param>
    /// <param name="timeout">After this time no trial starts, and <see cref="Trial.Stop"/> of running trials is
    /// cancelled. No bound when <see langword="null"/>.</param>
    /// <param name="parallel">The number of trials that run at once in this process, each on its thread.</param>
    /// <param name="trialEnded">Called with each trial that this call has finished, on the thread that ran it. Return
    /// <see langword="false"/> to start no further trial here. By default nothing is called.</param>
    /// <param name="stop">Ends the search. Trials that obey <see cref="Trial.Stop"/> are given back and continued
    /// later.</param>
    /// <remarks>The method returns when all trials have finished, also those that other processes run. If such a
    /// process dies, its trials are taken over.</remarks>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled. What was recorded
    /// stays.</exception>
    /// <exception cref="StudyException">All trials have failed.</exception>
    /// <exception cref="SpaceChangedException">The objective asks for another space than the study has.</exception>
    /// <exception cref="SearchEndedException">The objective found that no trial can succeed.</exception>
    /// <exception cref="ArgumentException">The objective asks for an impossible parameter: an empty range, or a choice
    /// without options. This ends the search, because every trial would fail alike.</exception>
    /// <exception cref="SamplerException">The sampler cannot search such a study. Other exceptions of a sampler reach
    /// the caller too.</exception>
    /// <exception cref="StudyStoreException">The store cannot be used any more.</exception>
    [OverloadResolutionPriority(1)] // An objective that only throws fits this and the next.
    public void Optimize(
        Func<Trial, double> objective,
        int? trials = null,
        TimeSpan? timeout = null,
        int parallel = 1,
        Func<TrialRecord, bool>? trialEnded = null,
        CancellationToken stop = default) =>
        new StudyLoop(
            desk,
            trial => ValueTask.FromResult<IReadOnlyList<double>>([objective(trial)]),
            trials,
            timeout,
            parallel,
            trialEnded,
            stop)
            .Run();

    /// <summary>Runs an objective with several values until the study has enough trials.</summary>
    /// <inheritdoc cref="Optimize(Func{Trial, double}, int?, TimeSpan?, int, Func{TrialRecord, bool}, CancellationToken)"/>
    public void Optimize(
        Func<Trial, IReadOnlyList<double>> objective,
        int? trials = null,
        TimeSpan? timeout = null,
        int parallel = 1,
        Func<TrialRecord, bool>? trialEnded = null,
        CancellationToken stop = default) =>
        new StudyLoop(desk, trial => ValueTask.FromResult(objective(trial)), trials, timeout, parallel, trialEnded, stop).Run();

    /// <summary>Runs an asynchronous objective until the study has enough trials.</summary>
    /// <inheritdoc cref="Optimize(Func{Trial, double}, int?, TimeSpan?, int, Func{TrialRecord, bool}, CancellationToken)"/>
    [OverloadResolutionPriority(1)]
    public Task OptimizeAsync(
        Func<Trial, Task<double>> objective,
        int? trials = null,
        TimeSpan? timeout = null,
        int parallel = 1,
        Func<TrialRecord, bool>? trialEnded = null,
        CancellationToken stop = default) =>
        new StudyLoop(
            desk, async trial => [await objective(trial).ConfigureAwait(false)], trials, timeout, parallel, trialEnded, stop)
            .RunAsync();

    /// <summary>Runs an asynchronous objective with several values until the study has enough trials.</summary>
    /// <inheritdoc cref="Optimize(Func{Trial, double}, int?, TimeSpan?, int, Func{TrialRecord, bool}, CancellationToken)"/>
    public Task OptimizeAsync(
        Func<Trial, Task<IReadOnlyList<double>>> objective,
        int? trials = null,
        TimeSpan? timeout = null,
        int parallel = 1,
        Func<TrialRecord, bool>? trialEnded = null,
        CancellationToken stop = default) =>
        new StudyLoop(
            desk, async trial => await objective(trial).ConfigureAwait(false), trials, timeout, parallel, trialEnded, stop)
            .RunAsync();
}
