using MlNetDl.Search;
using MlNetDl.Search.Samplers;
using MlNetDl.Networks;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.RecordCurves;

/// <summary>What is searched: a multi-layer perceptron and how it is trained.</summary>
internal sealed record Configuration(
    string Optimizer, double LearningRate, int BatchSize, int Width, int Depth, double Dropout, double WeightDecay)
{
    /// <summary>Random ones. Learning rates reach from far too small to far too large, as they do where
    /// nobody knows better.</summary>
    public static IReadOnlyList<Configuration> Sample(int count, int seed)
    {
        using var study = Study.InMemory("record-curves", sampler: new RandomSampler { Seed = seed });
        return [.. Enumerable.Range(0, count).Select(_ => study.Ask()).Select(t => new Configuration(
            t.Choice("optimizer", "adam", "sgd"),
            t.LogUniform("learningRate", 1e-5, 1),
            t.Choice("batchSize", 32, 64, 128, 256),
            t.Integer("width", 8, 256, log: true),
            t.Integer("depth", 1, 3),
            t.Uniform("dropout", 0, 0.7),
            t.LogUniform("weightDecay", 1e-6, 1e-1)))];
    }

    public Mlp Network() => new() { Hidden = Enumerable.Repeat(Width, Depth).ToValueList(), Dropout = Dropout };

    public TrainingOptions Training(int epochs, int seed) => new()
    {
        Epochs = epochs,
        Seed = seed,
        BatchSize = BatchSize,
        Threads = 1,
        Device = "cpu",
        ValidationFraction = 0.3,
        Optimizer = Optimizer == "sgd"
            ? new Sgd { LearningRate = LearningRate, WeightDecay = WeightDecay }
            : new AdamW { LearningRate = LearningRate, WeightDecay = WeightDecay },
    };
}
