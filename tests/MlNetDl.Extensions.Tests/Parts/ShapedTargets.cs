using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using MlNetDl.Training.Optimizers;
using TorchSharp;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A task whose target has any shape, of a vector column of six numbers.</summary>
public sealed record Shaped : LearningTask
{
    /// <summary>The default target's shape.</summary>
    public required string Shape { get; init; }

    /// <summary>The shape of a target before it; none by default.</summary>
    public string? Before { get; init; }

    /// <summary>Numbers that the reader writes.</summary>
    public int Written { get; init; } = 6;

    /// <summary>Whether the default target is standardised.</summary>
    public bool Standardized { get; init; }

    /// <inheritdoc/>
    public override bool StandardizesTargets => Standardized;

    /// <inheritdoc/>
    public override LabelForm Label => new Form(this);

    /// <inheritdoc/>
    public override Loss DefaultLoss => new MeanSquaredError();

    /// <inheritdoc/>
    public override int Outputs(LabelInfo label) => 1;

    /// <inheritdoc/>
    public override Layer ScoringLayer(TargetScale scale) => new Identity();

    /// <inheritdoc/>
    public override ScoreForm Scores => ScoreForm.Values;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [new ValuesColumn(OutputColumns.Score, "")];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> TrainingMetrics => [];

    /// <inheritdoc/>
    public override IReadOnlyList<Metric> EvaluationMetrics => [];

    /// <inheritdoc/>
    public override ScoredValue Read(ReadOnlySpan<float> scores, LabelInfo label) => new(scores[0], []);

    private sealed class Form(Shaped task) : LabelForm
    {
        public override string Expected => "six numbers";

        public override bool IsClassIndex => false;

        public override DataKind TextKind => DataKind.Single;

        public override IReadOnlyList<TargetPart> Targets(LabelInfo label)
        {
            var main = new TargetPart(Batch.DefaultTarget, Layers.Contracts.Shape.Parse(task.Shape));
            return task.Before is null ? [main] : [new("before", Layers.Contracts.Shape.Parse(task.Before)), main];
        }

        public override LabelInfo? Foretell(SchemaShape.Column column) => new() { IsVector = true };

        public override LabelInfo? Describe(DataViewSchema.Column column) => new() { Width = 6, IsVector = true };

        public override LabelInfo Describe(Examples examples) => new() { Width = 6, IsVector = true };

        public override IReadOnlyList<string> Classes(LabelInfo label) => [];

        public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
        {
            var get = row.GetGetter<VBuffer<float>>(column);
            VBuffer<float> values = default;
            return target =>
            {
                get(ref values);
                for (int i = 0; i < Math.Min(target.Length, task.Written); i++)
                {
                    target[i] = values.GetItemOrDefault(i);
                }
            };
        }
    }
}

/// <summary>A step that trains nothing and tells what targets it got.</summary>
public sealed record SeesTargets : StepSpec
{
    /// <summary>Dimensions, type and values of the first batch's default target.</summary>
    internal string[] Seen { get; private set; } = [];

    /// <summary>The values of the first batch's targets, by name.</summary>
    internal Dictionary<string, float[]> Values { get; } = [];

    /// <inheritdoc/>
    public override TrainingStep Start(StepStart start) => new Step(this, start);

    private sealed class Step(SeesTargets sees, StepStart start) : TrainingStep
    {
        public override IReadOnlyDictionary<string, TorchNetwork> Networks => start.Networks;

        public override IReadOnlyList<OptimizerRun> Optimizers => [];

        public override IReadOnlyList<Figure> Figures => [new("loss", Goal.Minimize)];

        public override IReadOnlyDictionary<string, double> RunningMetrics => new Dictionary<string, double> { ["loss"] = 0 };

        public override double[] RunningSums { get; set; } = [];

        public override StepResult Run(IBatchSource batches, StepPosition at)
        {
            var batch = batches.Next()!;
            var target = batch.Target!;
            foreach (var (name, values) in batch.Targets)
            {
                sees.Values[name] = values.to(torch.float32).contiguous().data<float>().ToArray();
            }

            // Rows come shuffled in memory: in order of their first value here.
            var rows = sees.Values[Batch.DefaultTarget].Chunk((int)(target.numel() / target.shape[0]))
                .OrderBy(r => r[0])
                .SelectMany(r => r);
            sees.Seen =
            [
                $"[{string.Join(", ", target.shape)}]",
                $"{target.dtype}",
                string.Join(' ', rows.Select(v => v.ToString(CultureInfo.InvariantCulture))),
            ];
            return new(0, batch.Count);
        }

        public override IReadOnlyDictionary<string, double> Evaluate(IEnumerable<Batch> batches) => RunningMetrics;
    }
}

/// <summary>A task whose class is the second of two targets.</summary>
public sealed record SecondClass : ClassTask
{
    /// <inheritdoc/>
    public override LabelForm Label { get; } = new Form();

    private sealed class Form : LabelForm
    {
        private static readonly ClassLabel Key = new();

        public override string Expected => Key.Expected;

        public override bool IsClassIndex => true;

        public override DataKind TextKind => Key.TextKind;

        public override IReadOnlyList<TargetPart> Targets(LabelInfo label) => [TargetPart.Values(1, "first"), TargetPart.Class()];

        public override LabelInfo? Foretell(SchemaShape.Column column) => Key.Foretell(column);

        public override LabelInfo? Describe(DataViewSchema.Column column) => Key.Describe(column);

        public override LabelInfo Describe(Examples examples) => Key.Describe(examples);

        public override IReadOnlyList<string> Classes(LabelInfo label) => Key.Classes(label);

        public override int ClassOf(ReadOnlySpan<float> target) => (int)target[1];

        public override torch.Tensor? ClassesOf(torch.Tensor targets) => Key.ClassesOf(targets);

        public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label) =>
            throw new NotSupportedException("Of sets in memory only.");
    }
}
