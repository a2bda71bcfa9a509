using MlNetDl.Configuration;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What <c>mldl study extend</c> has done.</summary>
/// <param name="MaxTrials">The new number of trials.</param>
internal sealed record ExtendedStudy(int MaxTrials);

/// <summary><c>mldl study extend</c>.</summary>
internal sealed class StudyExtend() : StudyAction<ExtendedStudy>("extend", "N", "raises search.maxTrials by N", most: 1)
{
    protected override ExtendedStudy Do(StudyCall call)
    {
        if (call.Arguments is not [var text])
        {
            throw new UsageException($"the number of further trials is missing: {Usage(call.Tool)}");
        }

        int trials = Whole(call, text, "number of trials", 1);
        int room = int.MaxValue - call.Folder.Experiment.Search!.MaxTrials;
        if (trials > room)
        {
            throw new UsageException($"{trials} trials more are too many; at most {room} fit.");
        }

        return new(call.Folder.Extend(trials));
    }

    protected override void Tell(ExtendedStudy result, StudyCall call)
    {
        call.Context.Output.WriteLine($"search.maxTrials is {result.MaxTrials} now. '{call.Tool} study resume {call.Folder.Path}' runs them.");
        StudyQueue.SayPatience(call);
    }
}

/// <summary><c>mldl study retry-failed</c>.</summary>
internal sealed class StudyRetryFailed()
    : StudyAction<IReadOnlyList<RetriedTrial>>("retry-failed", "", "enqueues failed trials anew, each once")
{
    protected override IReadOnlyList<RetriedTrial> Do(StudyCall call) => call.Folder.RetryFailed();

    protected override void Tell(IReadOnlyList<RetriedTrial> result, StudyCall call)
    {
        var output = call.Context.Output;
        if (result.Count == 0)
        {
            output.WriteLine("no trial has failed that was not tried again already.");
            return;
        }

        foreach (var trial in result)
        {
            output.WriteLine($"trial {trial.Failed} is tried again as trial {trial.Number}");
        }

        output.WriteLine($"search.maxTrials is {call.Folder.Experiment.Search!.MaxTrials} now. '{call.Tool} study resume {call.Folder.Path}' runs them.");
        StudyQueue.SayPatience(call);
    }
}

/// <summary>What <c>mldl study enqueue</c> has done.</summary>
/// <param name="Number">The number of the trial.</param>
/// <param name="Fits">Whether it is within <c>search.maxTrials</c>.</param>
internal sealed record EnqueuedTrial(int Number, bool Fits);

/// <summary><c>mldl study enqueue</c>.</summary>
internal sealed class StudyEnqueue()
    : StudyAction<EnqueuedTrial>("enqueue", "key=value...", "a configuration to try next", most: int.MaxValue)
{
    protected override EnqueuedTrial Do(StudyCall call)
    {
        if (call.Arguments.Count == 0)
        {
            throw new UsageException($"nothing is given to enqueue: {Usage(call.Tool)}, with names as in params.json of a trial.");
        }

        var values = new Dictionary<string, object?>();
        foreach (var argument in call.Arguments)
        {
            var (name, value) = Assignment(argument, call);
            if (!values.TryAdd(name, value))
            {
                throw new UsageException($"'{name}' is given twice; give it one value.");
            }
        }

        int number = call.Folder.Enqueue(values);
        return new(number, number < call.Folder.Experiment.Search!.MaxTrials);
    }

    protected override void Tell(EnqueuedTrial result, StudyCall call)
    {
        var folder = call.Folder;
        call.Context.Output.WriteLine(result.Fits
            ? $"trial {result.Number} waits. Who runs takes it next; otherwise '{call.Tool} study resume {folder.Path}' does."
            : $"trial {result.Number} waits, but search.maxTrials is {folder.Experiment.Search!.MaxTrials}, and numbers begin at 0: "
                + $"'{call.Tool} study extend {folder.Path} {result.Number - folder.Experiment.Search.MaxTrials + 1}' makes room for it.");
        StudyQueue.SayPatience(call);
    }

    private (string Name, object? Value) Assignment(string text, StudyCall call)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new UsageException($"'{text}' is no key=value: {Usage(call.Tool)}, with names as in params.json of a trial.");
        }

        try
        {
            return (text[..equals].Trim(), Yaml.ParseValue(text[(equals + 1)..]));
        }
        catch (ConfigurationException e)
        {
            throw new UsageException($"'{text}'{e.Problem}");
        }
    }
}

/// <summary>What actions that add trials have in common.</summary>
internal static class StudyQueue
{
    /// <summary>Says where further trials would not run.</summary>
    public static void SayPatience(StudyCall call)
    {
        if (call.Folder.IsOutOfPatience())
        {
            call.Context.Warn($"the search has ended by search.patience, {call.Folder.Experiment.Search!.Patience}, so that no further trial runs; "
                + $"'{call.Tool} run {Path.Combine(call.Folder.Path, RunFolder.ConfigurationFile)} search.patience=N "
                + $"--output {call.Folder.Path}' raises it.");
        }
    }
}
