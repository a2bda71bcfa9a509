using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Analysis;
using MlNetDl.Data;
using MlNetDl.Layers;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Losses;
using static TorchSharp.torch;

namespace MlNetDl.Extensions.Tests.Seams;

/// <summary>The objects of an image: a vector of keys, their classes, and beside it a vector of boxes,
/// four numbers each.</summary>
/// <remarks>A target has room for <paramref name="most"/> objects; class −1 fills it up.</remarks>
internal sealed class SeamObjects(int most) : LabelForm
{
    /// <summary>Values of an object in a target: class, left, top, right, bottom.</summary>
    public const int Size = 5;

    private const string Boxes = "Boxes";

    public override string Expected => "a vector of keys, the classes of the image's objects";

    public override bool IsClassIndex => false;

    public override DataKind TextKind => DataKind.String;

    public override IReadOnlyList<string> FurtherColumns => [Boxes];

    public override LabelInfo? Foretell(SchemaShape.Column column) =>
        column is { IsKey: true, Kind: not SchemaShape.Column.VectorKind.Scalar }
            ? new() { Width = Size * most, ClassNames = ["class"] }
            : null;

    public override LabelInfo? Describe(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { ItemType: KeyDataViewType })
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return new() { Width = Size * most, ClassNames = [.. names.DenseValues().Select(n => n.ToString())] };
    }

    public override LabelInfo Describe(Examples examples) => new() { Width = examples.TargetWidth, ClassNames = examples.ClassNames };

    public override IReadOnlyList<string> Classes(LabelInfo label) => [];

    public override ReadLabel Reader(DataViewRow row, DataViewSchema.Column column, LabelInfo label)
    {
        var (getClasses, getBoxes) = (row.GetGetter<VBuffer<uint>>(column), row.GetGetter<VBuffer<float>>(row.Schema[Boxes]));
        VBuffer<uint> classes = default;
        VBuffer<float> boxes = default;
        return target =>
        {
            getClasses(ref classes);
            getBoxes(ref boxes);
            if (classes.Length > most || boxes.Length != 4 * classes.Length)
            {
                throw new InvalidOperationException(
                    $"An image has {classes.Length} classes and {boxes.Length} numbers of boxes; give four for each of "
                        + $"at most {most} objects.");
            }

            target.Fill(-1);
            for (int i = 0; i < classes.Length; i++)
            {
                target[i * Size] = classes.GetItemOrDefault(i) - 1f;
                for (int k = 0; k < 4; k++)
                {
                    target[(i * Size) + 1 + k] = boxes.GetItemOrDefault((4 * i) + k);
                }
            }
        };
    }
}

/// <summary>Cross-entropy of a map for each class with 1 where an object begins; places with an object weigh as much as
/// all others together.</summary>
internal sealed record SeamSpotLoss : Loss
{
    protected override Tensor PerExample(Tensor outputs, Tensor targets)
    {
        var objects = targets.reshape(targets.shape[0], -1, SeamObjects.Size);
        var truth = zeros_like(outputs, requires_grad: false);
        var here = objects.select(2, 0).ge(0).nonzero(); // image, number
        if (here.shape[0] > 0)
        {
            var image = here.select(1, 0);
            var found = objects.index(TensorIndex.Tensor(image), TensorIndex.Tensor(here.select(1, 1))).to(ScalarType.Int64);
            var (channel, x, y) = (found.select(1, 0), found.select(1, 1), found.select(1, 2));
            truth.index_put_(1f, TensorIndex.Tensor(image), TensorIndex.Tensor(channel), TensorIndex.Tensor(y), TensorIndex.Tensor(x));
        }

        var losses = nn.functional.binary_cross_entropy_with_logits(outputs, truth, reduction: nn.Reduction.None).flatten(1);
        var spots = truth.flatten(1);
        return ((losses * spots).sum(1) / spots.sum(1).clamp_min(1)) + (losses * (1 - spots)).mean([1]);
    }

    protected override string? Misfit(Tensor outputs, Tensor targets) =>
        outputs.dim() == 4 && targets.dim() == 2 && targets.shape[1] % SeamObjects.Size == 0
            ? null
            : $"expected maps [N, C, H, W] and targets [N, {SeamObjects.Size}·objects].";
}

/// <summary>A map for each class; the saved graph makes objects of it.</summary>
internal sealed record SeamDetector : ModelSpec
{
    public override StepSpec Step => new Supervised();

    public override IReadOnlyDictionary<string, Network> Networks(ModelContext context) => new Dictionary<string, Network>
    {
        ["network"] = new(
            new Sequential([.. context.Preprocessing, new Conv2d(context.Label.ClassNames.Count, 1) { Name = "maps" }]),
            context.Input),
    };

    public override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks)
    {
        var trained = networks["network"];
        return [new(
            "model",
            trained with
            {
                Root = new Sequential(
                    trained.Root with { Name = "" }, new Sigmoid(), new SeamBrightSpots(0.5f) { White = 1 }),
            })];
    }
}
