using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Files;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Tests.Compression.Distillation;
using MlNetDl.Training;

namespace MlNetDl.Tests.Compression;

/// <summary>Weights in fewer bits, and linear layers whose rows find their own scale.</summary>
[Collection("torch")]
public sealed class StoredWeightsTests
{
    private static readonly Examples Digits = Datasets.Find("optdigits")!.Load(false).Take(640);
    private static readonly Lazy<ModelPackage> Fitted = new(() => Run(null, new Fit()));

    /// <summary>The share of the float graph's bytes, and how far scores may be off.</summary>
    public static TheoryData<Stage, double, float> Stages => new()
    {
        { new HalfPrecision(), 0.56, 0.01f },
        { new HalfPrecision { As = HalfForm.BFloat16 }, 0.56, 0.05f },
        { new WeightOnly(), 0.36, 0.05f },
        { new WeightOnly { Bits = 4 }, 0.36, 0.6f },
        { new DynamicInt8(), 0.5, 0.05f },
    };

    [Theory]
    [MemberData(nameof(Stages))]
    public void The_graph_is_smaller_and_scores_what_its_weights_say(Stage stage, double share, float off)
    {
        var stored = Run(Fitted.Value, stage);
        Assert.InRange((double)stored.Graphs[ModelPackage.MainGraph].Length / Fitted.Value.Graphs[ModelPackage.MainGraph].Length, 0, share);
        var (before, after) = (Scores(Fitted.Value), Scores(stored));
        float most = before.Zip(after).Max(s => Math.Abs(s.First - s.Second));
        Assert.InRange(most, 1e-7f, off);
        // Read again it is the same, bit for bit.
        Assert.Equal(after, Scores(ModelPackage.Read(stored.ToBytes())));
        // Readers find the weights that the graph computes with.
        var (exact, rounded) = (Fitted.Value.ReadWeights(), stored.ReadWeights());
        Assert.All(exact, w => Assert.Equal(w.Dims, rounded[w.Name].Dims));
        Assert.InRange(exact.Max(w => w.Data.Zip(rounded[w.Name].Data).Max(v => Math.Abs(v.First - v.Second))), 1e-7f, 0.2f);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_row_scores_the_same_in_any_batch(Stage stage, double share, float off)
    {
        Assert.True(share > 0 && off > 0);
        using var one = NeuralNetworkTransformer.Of(new(), Run(Fitted.Value, stage), null, new() { BatchSize = 1 });
        using var many = one.WithScoring(new() { BatchSize = 64 });
        Assert.All(many.Score(Digits.Take(70)).Zip(one.Score(Digits.Take(70))), s => Assert.Equal(s.First, s.Second, 1e-6f));
    }

    [Fact]
    public void Four_bits_take_half_a_byte_in_the_model_file()
    {
        var (eight, four) = (Run(Fitted.Value, new WeightOnly()), Run(Fitted.Value, new WeightOnly { Bits = 4 }));
        int weights = eight.ReadWeights().Where(w => w.Dims.Count > 1).Sum(w => w.Data.Length);
        Assert.InRange(eight.ToBytes().Length - four.ToBytes().Length, (weights / 2) - 800, (weights / 2) + 800);
        Assert.Equal(4, ModelPackage.Read(four.ToBytes()).Manifest.Format);
        Assert.Equal(2, ModelPackage.Read(eight.ToBytes()).Manifest.Format);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Contains("numbers are rounded once", Refused(new Fit(), new WeightOnly(), new HalfPrecision()), StringComparison.Ordinal);
        Assert.Contains("needs float weights", Refused(new Fit(), new HalfPrecision(), new MagnitudePruning()), StringComparison.Ordinal);
        Assert.Contains("is quantised already (float16)", Assert.Throws<ArgumentException>(() =>
            Run(Run(Fitted.Value, new HalfPrecision()), new Fit())).Message, StringComparison.Ordinal);
        Assert.Contains("finds no linear layer", Refused(new Fit { Epochs = 1 }, new DynamicInt8 { Keep = ["hidden1", "output"] }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new sbyte[] { -1, 1, 1, -1, 1, 1, 1, -1, -1 }, 3)]
    [InlineData(new sbyte[] { -1, 0, 1, -2, 0 }, 3)]
    [InlineData(new sbyte[] { -8, 7, 0, 3, -3 }, 4)]
    public void Integers_of_few_bits_are_packed_and_read_again(sbyte[] values, int bytes)
    {
        var packed = LevelBytes.Write(values)!;
        Assert.Equal(bytes, packed.Length);
        Assert.Equal(values, LevelBytes.Read("w", packed, values.Length).Select(b => (sbyte)b));
        Assert.Throws<ModelFormatException>(() => LevelBytes.Read("w", packed, values.Length + 8));
        Assert.Throws<ModelFormatException>(() => LevelBytes.Read("w", [3, .. packed.Skip(1)], values.Length));
        Assert.Throws<ModelFormatException>(() => LevelBytes.Read("w", [], values.Length));
    }

    [Fact]
    public void Others_are_left_as_they_are()
    {
        Assert.Null(LevelBytes.Write([1, 8]));
        Assert.Null(LevelBytes.Write([0, 0, 0]));
    }

    private static string Refused(params ValueList<Stage> stages) => Assert.Throws<ArgumentException>(() => Run(null, stages)).Message;

    private static ModelPackage Run(ModelPackage? from, params ValueList<Stage> stages) => new Recipe
    {
        Task = new MulticlassClassification(),
        Model = from is null ? new Mlp { Hidden = [64] } : null,
        ContinueFrom = from,
        Training = Lessons.Options with { Stages = stages },
    }.Run(Digits).Package;

    private static float[] Scores(ModelPackage package)
    {
        using var model = NeuralNetworkTransformer.Of(new(), package);
        return model.Score(Digits);
    }
}
