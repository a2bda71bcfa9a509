using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>What each exit of a network says of each row, as if no row left before: from that follows what any thresholds
/// do.</summary>
internal sealed class ExitedRows
{
    private readonly List<bool> rightAtEnd = [];
    private readonly List<int> classes = [];
    private readonly IReadOnlyList<string> names;
    private readonly bool isHeldOut;

    private ExitedRows(IReadOnlyList<ExitOfRows> exits, long macs, long macsWithout, IReadOnlyList<string> names, bool isHeldOut) =>
        (Exits, Macs, MacsWithout, this.names, this.isHeldOut) = (exits, macs, macsWithout, names, isHeldOut);

    /// <summary>The exits in order of the network.</summary>
    public IReadOnlyList<ExitOfRows> Exits { get; }

    /// <summary>Multiply–adds of a row that passes all exits.</summary>
    public long Macs { get; }

    /// <summary>Multiply–adds of a row in the network without exits.</summary>
    public long MacsWithout { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => rightAtEnd.Count;

    /// <summary>The share of rows that are right where none leaves.</summary>
    public double AccuracyWithout => (double)rightAtEnd.Count(r => r) / Count;

    /// <summary>Follows the validation rows of a stage, or without any its training rows.</summary>
    /// <param name="context">The model and the data.</param>
    /// <param name="who">Who asks, for messages.</param>
    /// <param name="by">How sure an exit is of a row; <see langword="null"/> for the network's own rule.</param>
    /// <exception cref="ArgumentException">The network has no exits, or the task has no classes.</exception>
    public static ExitedRows Of(StageContext context, string who, ExitRule? by = null)
    {
        Refuse(context, who);
        var (name, network) = context.Model.Networks.Single();
        var open = WithThresholds(network, by, _ => null);
        var plan = open.Plan().ForScoring();
        var exits = plan.Steps.Where(s => s.Leaf is HardRows).Select(s => new ExitOfRows(s, MacsUpTo(plan, s))).ToList();
        var classes = context.Task!.Label.Classes(context.Label);
        var rows = new ExitedRows(exits, plan.Steps.Sum(s => s.Macs), MacsOfMain(plan), classes.Count > 0 ? classes : ["no", "yes"],
            context.Validation is not null);
        using var torch = new TorchNetwork(open, TorchSession.Device(context.Options.Device));
        torch.LoadWeights(context.Model.Weights[name]);
        torch.SetTraining(false);
        torch.Hook = new ExitWatch(exits, context.Task);
        using var none = no_grad();
        using var batches = (context.Validation ?? context.Data).Epoch(0).GetEnumerator();
        while (true)
        {
            context.Stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            if (!batches.MoveNext())
            {
                break;
            }

            rows.Add(context.Task, torch.Forward(batches.Current.Inputs)[Network.DefaultOutput], batches.Current);
        }

        return rows.Count > 0 ? rows : throw new ArgumentException($"{who} got no rows to look at; hold some out (training.validationFraction).");
    }

    /// <summary>Refuses a model without exits, and one whose outputs are no classes.</summary>
    /// <exception cref="ArgumentException">It is so.</exception>
    public static void Refuse(StageContext context, string who)
    {
        var model = context.Model;
        if (model.Networks.Count > 1)
        {
            throw new ArgumentException($"{who} works on a model of one network, but this has {string.Join(" and ", model.Networks.Keys)}.");
        }

        if (!model.Networks.Values.Single().Plan().Steps.Any(s => s.Leaf is HardRows))
        {
            throw new ArgumentException($"{who} needs a network with early exits, but this one has none; wrap it: network: {{ type: earlyExit, network: "
                + "…, exits: [ { after: … } ] }.");
        }

        if (context.Task?.Scores is not (ScoreForm.Probabilities or ScoreForm.Logit))
        {
            throw new ArgumentException($"{who} asks how sure exits are of a row's class, but "
                + (context.Task is null ? "the model is trained without labels."
                    : $"{context.Task.GetType().Name} predicts {(context.Task.Scores == ScoreForm.Values ? "values" : "several labels a row")}."));
        }
    }

    /// <summary>The network with other thresholds.</summary>
    public static Network WithThresholds(Network network, ExitRule? by, Func<HardRows, double?> threshold) => network with
    {
        Root = LayerTree.Map(network.Root, (_, leaf) => leaf is HardRows rows ? rows with { By = by ?? rows.By, Threshold = threshold(rows) } : leaf),
    };

    /// <summary>Where each row leaves by such thresholds: the number of the exit, or that behind the last.</summary>
    public int LeavesAt(int row, IReadOnlyList<double?> thresholds)
    {
        for (int i = 0; i < Exits.Count; i++)
        {
            if (thresholds[i] is { } threshold && Exits[i].Leaves(row, threshold))
            {
                return i;
            }
        }

        return Exits.Count;
    }

    /// <summary>The rows that are right and the multiply–adds of a row in the mean.</summary>
    public (int Right, double Macs) Outcome(IReadOnlyList<double?> thresholds)
    {
        int right = 0;
        double macs = 0;
        for (int row = 0; row < Count; row++)
        {
            int at = LeavesAt(row, thresholds);
            right += IsRight(row, at) ? 1 : 0;
            macs += at == Exits.Count ? Macs : Exits[at].Macs;
        }

        return (right, macs / Count);
    }

    /// <summary>All figures by such thresholds.</summary>
    public ExitReport Report(IReadOnlyList<double?> thresholds)
    {
        var at = Enumerable.Range(0, Count).Select(row => LeavesAt(row, thresholds)).ToList();
        var (right, macs) = Outcome(thresholds);
        return new()
        {
            By = Exits[0].Leaf.By,
            Exits = [.. Enumerable.Range(0, Exits.Count + 1).Select(Figures)],
            Rows = Count,
            IsHeldOut = isHeldOut,
            Accuracy = (double)right / Count,
            AccuracyWithout = AccuracyWithout,
            Macs = macs,
            MacsWithout = MacsWithout,
            Classes = names,
        };

        ExitFigures Figures(int exit)
        {
            var here = Enumerable.Range(0, Count).Where(row => at[row] == exit).ToList();
            var ofClass = new long[names.Count];
            here.ForEach(row => ofClass[classes[row]]++);
            bool isLast = exit == Exits.Count;
            return new(
                isLast ? Network.DefaultOutput : Exits[exit].Leaf.Exit,
                isLast ? null : thresholds[exit],
                here.Count,
                (double)here.Count / Count,
                here.Count == 0 ? null : here.Average(row => IsRight(row, exit) ? 1.0 : 0),
                Enumerable.Range(0, Count).Average(row => IsRight(row, exit) ? 1.0 : 0),
                isLast ? Macs : Exits[exit].Macs,
                ofClass);
        }
    }

    private bool IsRight(int row, int exit) => exit == Exits.Count ? rightAtEnd[row] : Exits[exit].Right[row];

    private void Add(LearningTask task, Tensor output, Batch batch)
    {
        var target = (batch.Target ?? throw new InvalidOperationException($"The batch has no target named '{Batch.DefaultTarget}'.")).reshape(-1);
        var truth = target.to(ScalarType.Int64).cpu().data<long>().ToArray();
        rightAtEnd.AddRange(Rights(ExitWatch.Predicted(task, output)));
        classes.AddRange(truth.Select(t => (int)t));
        foreach (var exit in Exits)
        {
            exit.Right.AddRange(Rights(exit.Predicted));
        }

        IEnumerable<bool> Rights(long[] predicted) => predicted.Zip(truth, (p, t) => p == t);
    }

    // A row that leaves has passed all before: the exits before too.
    private static long MacsUpTo(Plan plan, PlanStep step) => plan.Steps.TakeWhile(s => !ReferenceEquals(s, step)).Sum(s => s.Macs);

    // What the last running value needs, if exits are passed by.
    private static long MacsOfMain(Plan plan)
    {
        var needed = new HashSet<int> { plan.Outputs[0].Slot };
        long macs = 0;
        foreach (var step in plan.Steps.Reverse().Where(s => s.Outputs.Any(needed.Contains)))
        {
            macs += step.Macs;
            needed.UnionWith(step.Leaf is HardRows or MergeRows ? step.Inputs.Take(1) : step.Inputs);
        }

        return macs;
    }
}
