using System.Numerics.Tensors;
using MlNetDl.Compression;
using MlNetDl.Data;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>A real lesson: LeNet-5 teaches one hidden layer of 32 on 4,000 handwritten digits. Two seeds, as one may be
/// lucky.</summary>
[Collection("torch")]
public sealed class DistilledMnistTests
{
    private const int Tested = 2000;

    [Fact]
    public void Students_agree_more_with_their_teacher_than_those_without_one()
    {
        var digits = Datasets.Find("mnist")!;
        var train = digits.Load(false).Where(i => i < 4000);
        var test = digits.Load(true).Where(i => i < Tested);
        var teacher = Recipe(new LeNet5(), 3, 2, new Fit()).Run(train).Package;
        var classes = Classes(teacher);
        int taught = Agreement(new Fit(), new Distilled { Teacher = [Teacher.Of(teacher)] }), alone = Agreement(new Fit());
        Assert.True(taught > alone, $"{taught} of {2 * Tested} with the teacher, {alone} without");
        Assert.True(taught > 2 * 0.9 * Tested, $"{taught} of {2 * Tested}");

        int Agreement(params ValueList<Stage> stages) => new[] { 2, 3 }.Sum(seed =>
            Classes(Recipe(new Mlp { Hidden = [32] }, 10, seed, stages).Run(train).Package).Zip(classes).Count(c => c.First == c.Second));

        int[] Classes(ModelPackage package)
        {
            using var model = NeuralNetworkTransformer.Of(new(), package);
            var scores = model.Score(test);
            return [.. Enumerable.Range(0, Tested).Select(i => TensorPrimitives.IndexOfMax<float>(scores.AsSpan(i * 10, 10)))];
        }
    }

    private static Recipe Recipe(NetworkSpec network, int epochs, int seed, params ValueList<Stage> stages) => new()
    {
        Task = new MulticlassClassification(),
        Model = network,
        Training = new()
        {
            Epochs = epochs,
            BatchSize = 64,
            Threads = 1,
            Seed = seed,
            Device = "cpu",
            Optimizer = new Adam { LearningRate = 0.003 },
            Stages = stages,
        },
    };
}
