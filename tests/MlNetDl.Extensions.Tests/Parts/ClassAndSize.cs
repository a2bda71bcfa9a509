using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>A task whose label has two named targets: the class, and beside it a size that is learned too (Caruana
/// 1997, multitask learning).</summary>
public sealed record ClassAndSize : ClassTask
{
    private static readonly ClassAndSizeLabel Form = new();

    /// <inheritdoc/>
    public override LabelForm Label => Form;
}

/// <summary>A key, and a number in the column <c>Size</c>.</summary>
public sealed class ClassAndSizeLabel : LabelForm
{
    /// <summary>The further target and its column.</summary>
    public const string Size = "Size";

    private static readonly ClassLabel Key = new();

    /// <inheritdoc/>
    public override string Expected => Key.Expected;

    /// <inheritdoc/>
    public override bool IsClassIndex => true;

    /// <inheritdoc/>
    public override DataKind TextKind => Key.TextKind;

    /// <inheritdoc/>
    public override IReadOnlyList<string> FurtherColumns => [Size];

    /// <inheritdoc/>
    public override IReadOnlyList<TargetPart> Targets(LabelInfo label) => [TargetPart.Class(), TargetPart.Values(1, Size)];

    /// <inheritdoc/>
    public override LabelInfo? Foretell(SchemaShape.Column column) => Key.Foretell(column);

    /// <inheritdoc/>
    public override LabelInfo? Describe(DataViewSchema.Column column) => Key.Describe(column);

    /// <inheritdoc/>
    public override LabelInfo Describe(Examples examples) => Key.Describe(examples);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes(LabelInfo label) => Key.Classes(label);

    /// <inheritdoc/>
    public override int ClassOf(ReadOnlySpan<float> target) => Key.ClassOf(target);

    /// <inheritdoc/>
    public override Tensor? ClassesOf(Tensor targets) => Key.ClassesOf(targets);

    /// <inheritdoc/>
    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        var (read, getSize) = (Key.Reader(row, column, label), row.GetGetter<float>(row.Schema[Size]));
        return target =>
        {
            read(target[..1]);
            getSize(ref target[1]);
        };
    }
}

/// <summary>A hook that adds the squared error of an output against the target of its name.</summary>
public sealed record AlsoLearns : FitHook
{
    /// <summary>Name of the output and of the target.</summary>
    public required string Target { get; init; }

    /// <inheritdoc/>
    public override StepHook Start(StageContext context) => new Hook(Target);

    private sealed class Hook(string target) : StepHook
    {
        public override void Start(TorchNetwork network, TrainingOptions options)
        {
            if (network.Plan.Outputs.All(o => o.Name != target))
            {
                throw new ArgumentException($"The network has no output '{target}'; tap it with TapRole.Training.");
            }
        }

        public override Tensor Loss(Batch batch, IReadOnlyDictionary<string, Tensor> outputs, Tensor loss, StepPosition at) =>
            loss + (outputs[target] - batch.Targets[target]).square().mean();
    }
}
