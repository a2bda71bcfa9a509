using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Augmentation;
using MlNetDl.Training.Optimizers;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>The contract of every augmentation: its changes follow from the random numbers it is given, row by row, and
/// evaluation never sees them.</summary>
/// <example><code>
/// AugmentationContract.Of(new Cutout { Size = 4 }).RunAll();
/// </code></example>
/// <remarks>The facts need a libtorch package beside the tests.</remarks>
public static class AugmentationContract
{
    /// <summary>The name of the statement that a row does not depend on what the others hold. Augmentations that mix
    /// rows leave it out.</summary>
    public const string RowByRow = "A row does not depend on what the others hold";

    private const int Rows = 6, Side = 8;

    private static readonly FactList<Augmentation> List = new(TorchRun.Do)
    {
        { "The same random numbers give the same batch, and others another", FollowsFromTheNumbers },
        { "It keeps the form of a batch: dimensions, types, names, and which rows they are", KeepsTheForm },
        { "It leaves the batch that it gets as it is", LeavesTheBatch },
        { "Pixels stay within 0 to 255", PixelsStayWithin },
        { RowByRow, RowsDoNotMeet },
        { "Training sees it, and validation does not", ValidationDoesNotSeeIt },
        { "Settings that are not a number, or far below 0, are refused", a => Settings.MustBeRefused(a, wholeNumber: int.MinValue) },
    };

    /// <summary>The facts of an augmentation, on images of 8×8 pixels.</summary>
    /// <param name="augmentation">The augmentation, with settings that change such images.</param>
    public static IReadOnlyList<ContractFact> Of(Augmentation augmentation)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        return [.. ComponentContract.Of(augmentation), .. List.Of(ComponentContract.NameOf(augmentation), augmentation)];
    }

    private static Batch Images(int rows = Rows, int channels = 3)
    {
        var pixels = randint(0, 256, [rows, channels, Side, Side], generator: new Generator(1)).to(ScalarType.Float32);
        return new([pixels], Scalars.Arange(rows, ScalarType.Int64), ones(rows)) { Rows = Scalars.Arange(rows, ScalarType.Int64) };
    }

    private static void FollowsFromTheNumbers(Augmentation augmentation)
    {
        Tensor Made(int seed) => augmentation.Apply(Images(), new Random(seed)).Inputs[0];
        Expect.True(Tensors.Same(Made(3), Made(3)), "the same random numbers give another batch. Draw from the given Random alone.");
        Expect.True(
            Enumerable.Range(4, 10).Any(seed => !Tensors.Same(Made(3), Made(seed))),
            "ten other seeds give the same batch; nothing is drawn.");
    }

    private static void KeepsTheForm(Augmentation augmentation)
    {
        foreach (var (rows, channels) in ((int, int)[])[(Rows, 3), (1, 3), (Rows, 1)])
        {
            var (before, after) = (Images(rows, channels), augmentation.Apply(Images(rows, channels), new Random(1)));
            Expect.Equal(before.Inputs.Count, after.Inputs.Count, "inputs of a batch");
            Expect.Equal(Tensors.Dims(before.Inputs[0]), Tensors.Dims(after.Inputs[0]), "dimensions of the images");
            Expect.Equal(before.Inputs[0].dtype, after.Inputs[0].dtype, "type of the images");
            Expect.Sequence(before.Targets.Keys, after.Targets.Keys, "names of the targets");
            Expect.Equal((long)rows, after.Target!.shape[0], "targets");
            Expect.True(after.Rows is { } numbers && Tensors.Same(before.Rows!, numbers), "the rows' numbers are others.");
            Expect.True(after.Weights is { } weights && Tensors.Same(before.Weights!, weights), "the rows' weights are others.");
        }
    }

    private static void LeavesTheBatch(Augmentation augmentation)
    {
        var batch = Images();
        for (int seed = 0; seed < 5; seed++)
        {
            augmentation.Apply(batch, new Random(seed));
        }

        Expect.True(
            Tensors.Same(Images().Inputs[0], batch.Inputs[0]) && Tensors.Same(Images().Target!, batch.Target!),
            "the batch that it got is changed in place; the next epoch would begin with it.");
    }

    private static void PixelsStayWithin(Augmentation augmentation)
    {
        foreach (int seed in Enumerable.Range(0, 10))
        {
            var images = augmentation.Apply(Images(), new Random(seed)).Inputs[0];
            Expect.True(Tensors.AreFinite(images), "pixels are not finite.");
            float least = images.min().item<float>(), greatest = images.max().item<float>();
            Expect.True(least >= 0 && greatest <= 255, FormattableString.Invariant($"pixels of 0 to 255 become {least} to {greatest}."));
        }
    }

    private static void RowsDoNotMeet(Augmentation augmentation)
    {
        var (one, other) = (Images(), Images());
        var mask = zeros(Rows, 1, 1, 1);
        mask[2] = 1;
        other = other with { Inputs = [where(mask.Gt(0), other.Inputs[0], other.Inputs[0].negative().Add(255))] };
        foreach (int seed in Enumerable.Range(0, 5))
        {
            var (first, second) = (
                augmentation.Apply(one, new Random(seed)).Inputs[0],
                augmentation.Apply(other, new Random(seed)).Inputs[0]);
            Expect.True(Tensors.Same(first[2], second[2]), "row 2 becomes something else when the other rows hold other images.");
        }
    }

    // Steps so small that no weight moves: two trainings then differ by their batches alone.
    private static void ValidationDoesNotSeeIt(Augmentation augmentation)
    {
        var random = new Random(1);
        byte[] pixels = new byte[16 * 3 * Side * Side];
        random.NextBytes(pixels);
        var examples = new Examples(Shape.Image(3, Side, Side), pixels, Enumerable.Range(0, 16).Select(i => (long)(i % 2)).ToArray());
        EpochReport Train(params Augmentation[] augmentations)
        {
            var training = new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 16,
                Threads = 1,
                Seed = 1,
                Device = "cpu",
                Optimizer = new Sgd { LearningRate = 1e-30 },
                Augmentations = augmentations.ToValueList(),
            };
            var recipe = new Recipe
            {
                Task = new MulticlassClassification(),
                Model = new Mlp { Hidden = [4] },
                Training = training,
            };
            return recipe.Run(examples, examples).Reports[0].Epochs[0];
        }

        var (plain, augmented) = (Train(), Train(augmentation));
        Expect.Equal(plain.Validation["loss"], augmented.Validation["loss"], "the loss of validation with it");
        Expect.True(plain.Training["loss"] != augmented.Training["loss"], "the loss of training is the same with it as without.");
    }
}
