using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Experiments;
using MlNetDl.Metrics;
using MlNetDl.Search;

namespace MlNetDl.Commands.Views;

/// <summary>A sweep as a stream of events, one JSON object a line: for programs. docs/command-line.md lists them.</summary>
internal sealed class SweepEvents(TextWriter output, TimeProvider? clock = null) : SweepView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly HashSet<(int Trial, int Attempt)> begun = [];
    private SearchOptions? search;
    private SweepTally? tally;
    private DateTimeOffset next;

    /// <summary>The last event: what a sweep has found.</summary>
    public static string Result(RunResult result, TimeProvider? clock = null) =>
        Line("result", clock ?? TimeProvider.System, new { Result = JsonNode.Parse(result.ToJson()) });

    public override void Started(Experiment experiment, IReadOnlyList<TrialRecord> finished)
    {
        search = experiment.Search!;
        tally = new(search, finished, clock);
        Tell("started", new
        {
            experiment.Name,
            search.MaxTrials,
            search.Workers,
            Objective = search.Objective.ToDictionary(o => o.Figure, o => o.Goal),
            Space = search.Space.Keys,
            Finished = finished.Count,
        });
    }

    public override void TrialEnded(TrialRecord trial, IReadOnlyDictionary<string, object?> parameters, bool isBest)
    {
        tally!.Ended(trial);
        Tell("trialEnded", new
        {
            Trial = trial.Number,
            trial.State,
            Values = search!.Objective.Zip(trial.Values).ToDictionary(v => v.First.Figure, v => v.Second),
            Parameters = SweepText.Searched(parameters).ToDictionary(),
            trial.Proposal,
            IsBest = isBest,
            trial.IsFeasible,
            Infeasible = search.Broken(trial),
            Parent = SweepText.Parent(trial),
            Reports = trial.Reports.Count,
            Seconds = (trial.Finished - trial.Started)?.TotalSeconds,
            trial.Worker,
            trial.Error,
        });
    }

    public override void Working(IReadOnlyList<WorkerProgress> workers)
    {
        bool inFinal = tally!.FinalLeft is not null;
        foreach (var worker in inFinal ? [] : workers)
        {
            if (worker.Record is { } trial && begun.Add((trial.Number, trial.Attempt)))
            {
                Tell("trialStarted", new
                {
                    Trial = trial.Number,
                    trial.Attempt,
                    trial.Worker,
                    Parameters = SweepText.Searched(trial.Parameters).ToDictionary(),
                    trial.Proposal,
                    Parent = SweepText.Parent(trial),
                });
            }
        }

        if (clock.GetUtcNow() < next || workers.All(w => w.Trial is null))
        {
            return;
        }

        next = clock.GetUtcNow() + Interval;
        Tell("progress", new
        {
            tally.Finished,
            tally.FinalLeft,
            SecondsLeft = tally.Left(workers)?.TotalSeconds,
            Workers = workers.Where(w => w.Trial is not null).Select(w => new
            {
                Worker = Name(w.Worker),
                w.Trial,
                w.Epoch,
                w.Epochs,
                w.Done,
                Value = inFinal || w.Record is not { Reports.Count: > 0 } record ? (double?)null : record.Reports[^1].Value,
            }),
        });
    }

    public override void FinalStarted(TrialRecord best, int trainings)
    {
        tally!.BeginFinal(trainings);
        Tell("finalStarted", new { Trial = best.Number, Trainings = trainings });
    }

    public override void FinalEnded(string configuration, int seed, string figure, double value)
    {
        tally!.FinalEnded();
        Tell("finalEnded", new
        {
            Configuration = configuration,
            Seed = seed,
            Figure = figure,
            Value = value,
        });
    }

    public override void WorkerLost(int worker, int code, string text) => Tell("workerLost", new { Worker = Name(worker), Code = code, Text = text });

    public override void Message(string text) => Tell("message", new { Text = text });

    // As trials name the worker that ran them.
    private static string Name(int worker) => WorkerLauncher.NameOf(worker);

    private void Tell(string kind, object members)
    {
        output.WriteLine(Line(kind, clock, members));
        output.Flush();
    }

    private static string Line(string kind, TimeProvider clock, object members)
    {
        var line = new JsonObject
        {
            ["event"] = kind,
            ["time"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(members, Json)!.AsObject())
        {
            line[name] = value?.DeepClone();
        }

        return line.ToJsonString(Json);
    }
}
