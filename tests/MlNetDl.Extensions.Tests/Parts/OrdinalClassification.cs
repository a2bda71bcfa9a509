using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A task with a label form of its own: one of several levels that have an order, as text; K − 1 logits of
/// "above level k" (Frank and Hall 2001).</summary>
public sealed record OrdinalClassification : LearningTask
{
    /// <summary>The levels, the least first; two or more.</summary>
    public ValueList<string> Levels { get; init; } = [];

    public override LabelForm Label => new LevelLabel(Levels);

    public override Loss DefaultLoss => new CumulativeLoss();

    public override ScoreForm Scores => ScoreForm.Values;

    public override IReadOnlyList<OutputColumn> Columns =>
        [new VectorColumn(OutputColumns.Score, "Ordinal"), new LevelColumn(OutputColumns.PredictedLabel, Levels)];

    public override IReadOnlyList<Metric> TrainingMetrics => [new LevelError()];

    public override IReadOnlyList<Metric> EvaluationMetrics => [new LevelError()];

    public override IEnumerable<RecordProblem> Problems() =>
        Levels.Count < 2 || Levels.Distinct().Count() < Levels.Count
            ? [new("levels", $"must be two or more different names but are {Levels}.")]
            : [];

    public override int Outputs(LabelInfo label) => Levels.Count - 1;

    public override Layer ScoringLayer(TargetScale scale) => new Sigmoid();

    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label)
    {
        var values = scores.ToArray();
        return new(Levels[LevelOf(values)], [.. values.Select((v, i) => ($"above {Levels[i]}", (double)v))]);
    }

    /// <summary>The level that scores mean: how many of them are above a half.</summary>
    public static int LevelOf(ReadOnlySpan<float> scores)
    {
        int level = 0;
        foreach (float score in scores)
        {
            level += score > 0.5f ? 1 : 0;
        }

        return level;
    }
}

/// <summary>Its label: text, one of the levels; the target is the level's number from 0.</summary>
public sealed class LevelLabel(ValueList<string> levels) : LabelForm
{
    private readonly LabelInfo info = new() { ClassNames = levels };

    public override string Expected => $"text, one of {levels}";

    public override bool IsClassIndex => false;

    public override DataKind TextKind => DataKind.String;

    public override LabelInfo? Foretell(SchemaShape.Column column) =>
        column is { IsKey: false, Kind: SchemaShape.Column.VectorKind.Scalar } && column.ItemType is TextDataViewType ? info : null;

    public override LabelInfo? Describe(DataViewSchema.Column column) => column.Type is TextDataViewType ? info : null;

    public override LabelInfo Describe(Examples examples)
    {
        if (examples is not { TargetWidth: 1, Targets: float[] values }
            || !values.All(v => v >= 0 && v < levels.Count && v == (int)v))
        {
            throw new ArgumentException($"Targets must be numbers of levels, 0 to {levels.Count - 1}, as float[].");
        }

        return info;
    }

    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        var get = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> name = default;
        return target =>
        {
            get(ref name);
            target[0] = name.IsEmpty ? float.NaN : LevelOf(name.ToString());
        };
    }

    public override IReadOnlyList<string> Classes(LabelInfo label) => levels;

    public override int ClassOf(ReadOnlySpan<float> target) => (int)target[0];

    public override Tensor ClassesOf(Tensor targets) => targets.flatten().to(ScalarType.Int64);

    private int LevelOf(string name)
    {
        if (levels.AsSpan().IndexOf(name) is not (>= 0 and var level))
        {
            throw new InvalidOperationException($"The label '{name}' is none of the levels {levels}.");
        }

        return level;
    }
}

/// <summary>Its loss: binary cross-entropy of each "above level k".</summary>
public sealed record CumulativeLoss : Loss
{
    protected override Tensor PerExample(Tensor outputs, Tensor targets)
    {
        var above = targets.gt(arange(outputs.shape[1], device: outputs.device)).to(ScalarType.Float32);
        return nn.functional.binary_cross_entropy_with_logits(outputs, above, reduction: nn.Reduction.None).sum([1]);
    }

    protected override string? Misfit(Tensor outputs, Tensor targets) => outputs.dim() == 2
            && targets.dim() == 2
            && targets.shape[1] == 1
            && targets.shape[0] == outputs.shape[0]
            && targets.dtype == ScalarType.Float32
        ? null
        : $"expects outputs [N, K] and targets float32 [N, 1] but got {Text(outputs)} and {Text(targets)}.";
}

/// <summary>Its figure: how many levels the prediction is off, in the mean.</summary>
public sealed record LevelError : Metric
{
    public override string FigureName => "levelError";

    public override Goal Goal => Goal.Minimize;

    public override bool Takes(ScoreForm form) => form == ScoreForm.Values;

    protected override MetricRun Begin(ScoreForm form, int width) => new Run(form, width);

    private sealed class Run(ScoreForm form, int width) : MetricRun(form, width)
    {
        private double off;
        private double all;

        public override double Value => off / all;

        public override double[] State
        {
            get => [off, all];
            set
            {
                if (value is not [var first, var second])
                {
                    throw new ArgumentException($"Expected 2 sums but got {value.Length}.", nameof(value));
                }

                (off, all) = (first, second);
            }
        }

        protected override void Collect(in ScoredRows rows, int row, double weight)
        {
            // A score that is no number is on neither side of a half.
            off += rows.Row(row).ContainsAnyExceptInRange(float.MinValue, float.MaxValue)
                ? double.NaN
                : weight * Math.Abs(OrdinalClassification.LevelOf(rows.Row(row)) - rows.Target(row)[0]);
            all += weight;
        }
    }
}

/// <summary>Its column: the level as text.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Levels">The levels.</param>
public sealed record LevelColumn(string Name, ValueList<string> Levels) : OutputColumn(Name, "Ordinal", "PredictedLabel")
{
    public override DataViewType TypeOf(int outputs, LabelInfo label) => TextDataViewType.Instance;

    public override Delegate Getter(GraphRow row, LabelInfo label)
    {
        var values = row.Values();
        return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> target) =>
            target = Levels[OrdinalClassification.LevelOf(values())].AsMemory());
    }
}
