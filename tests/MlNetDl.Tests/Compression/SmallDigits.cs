using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Training;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression;

/// <summary>A network of 1,776 weights that learns some digits, on which stages are tried.</summary>
internal static class SmallDigits
{
    public static Examples Rows { get; } = Datasets.Find("optdigits")!.Load(false).Take(640);

    public static Recipe Recipe(params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = new Mlp { Hidden = [24] },
        Training = new()
        {
            Epochs = 2,
            BatchSize = 64,
            Optimizer = new Adam { LearningRate = 5e-3 },
            Threads = 1,
            Seed = 3,
            Stages = stages,
        },
    };

    /// <summary>The zeros of kernels and matrices.</summary>
    public static long Zeros(ModelPackage package) => package.ReadWeights().Where(w => w.Dims.Count == 2).Sum(w => w.Data.LongCount(v => v == 0));

    /// <summary>The share of the rows whose class a model finds.</summary>
    public static double Accuracy(ModelPackage package)
    {
        using var model = NeuralNetworkTransformer.Of(new(), package);
        var scores = model.Score(Rows);
        return ((long[])Rows.Targets!).Index()
            .Average(t => scores.AsSpan(t.Index * 10, 10).IndexOf(scores.Skip(t.Index * 10).Take(10).Max()) == t.Item ? 1.0 : 0);
    }

    /// <summary>Cancelled at each of some steps and run again, a recipe leaves the bytes of one run.</summary>
    public static void MustResume(this Recipe recipe, TemporaryFolder folder, params int[] steps)
    {
        var whole = recipe.Run(Rows).Package.ToBytes();
        foreach (int step in steps)
        {
            var path = folder[$"checkpoint{step}"];
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() =>
                (recipe with { CheckpointPath = path, Stop = stop.Token, Callbacks = [new CancelAfter(step, stop)] }).Run(Rows));
            Assert.Equal(whole, (recipe with { CheckpointPath = path }).Run(Rows).Package.ToBytes());
        }
    }
}
