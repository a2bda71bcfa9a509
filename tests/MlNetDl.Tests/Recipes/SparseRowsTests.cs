using MlNetDl.Layers.Contracts;
using MlNetDl.Data;
using MlNetDl.Recipes;
using MlNetDl.Tasks;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Recipes;

/// <summary>Rows of which most values are 0 are kept without them, and train as any others.</summary>
[Collection("torch")]
public sealed class SparseRowsTests
{
    [Fact]
    public void Rows_come_back_as_they_were()
    {
        var random = new Random(3);
        float[][] rows = [.. Enumerable.Range(0, 200).Select(r =>
            Enumerable.Range(0, 5000).Select(_ => random.Next((r % 7) + 1) == 3 ? random.NextSingle() : 0).ToArray())];
        var sparse = new SparseRows(5000);
        foreach (var row in rows)
        {
            sparse.Add(row);
        }

        Assert.Equal(rows.Sum(r => r.Count(v => v != 0)), sparse.Values);
        var whole = new float[5000];
        for (int i = 0; i < rows.Length; i++)
        {
            sparse.CopyTo(i, whole);
            Assert.Equal(rows[i], whole);
        }

        using var scope = NewDisposeScope();
        var dense = sparse.Dense([17, 0, 199, 17], CPU);
        Assert.Equal([4, 5000], dense.shape);
        Assert.Equal([.. rows[17], .. rows[0], .. rows[199], .. rows[17]], dense.data<float>().ToArray());
    }

    [Theory]
    [InlineData(2000, 0.01, true)]
    [InlineData(2000, 0.5, false)]
    [InlineData(500, 0.01, false)]
    public void Long_rows_with_few_values_are_kept_without_their_zeros(int width, double share, bool isSparse)
    {
        var random = new Random(5);
        var rows = new Rows(Shape.Vector(width), [.. Enumerable.Range(0, 60).Select(_ =>
            Enumerable.Range(0, width).Select(_ => random.NextDouble() < share ? random.NextSingle() : 0).ToArray())]);
        var store = new ExampleStore(rows);
        foreach (var row in rows.Read())
        {
            store.Add(row);
        }

        Assert.Equal(isSparse, store.Sparse is not null);
        Assert.Equal(isSparse, store.Bytes < 60L * width * sizeof(float) / 2);
        using var scope = NewDisposeScope();
        var batches = BatchMaking.Of(store, new() { BatchSize = 16, Threads = 1 }, shuffle: true)(TargetScale.None, CPU)!;
        using var owner = batches as IDisposable;
        int seen = 0;
        foreach (var batch in batches.Epoch(0))
        {
            var places = batch.Rows!.data<long>().ToArray();
            Assert.Equal([.. places.SelectMany(p => rows.All[p])], batch.Inputs[0].data<float>().ToArray());
            Assert.Equal([.. places.Select(p => (float)(p % 2))], batch.Target!.reshape(-1).data<float>().ToArray());
            seen += places.Length;
        }

        Assert.Equal(60, seen);
    }

    private sealed class Rows(Shape shape, float[][] all) : LabelledRows
    {
        public float[][] All => all;

        public override Shape Shape => shape;

        public override long Count => all.Length;

        public override IReadOnlyList<TargetPart> Targets => [TargetPart.Values(1)];

        public override bool Weighted => false;

        public override LabelInfo Label => new();

        public override MlNetDl.Images.ImageInput? Image => null;

        public override bool IsNormalized => true;

        public override long Skipped => 0;

        public override MlNetDl.Models.TokenKind Tokens => default;

        public override long Cut => 0;

        public override IEnumerable<Row> Read() => all.Select((row, i) => new Row(row, new float[] { i % 2 }, 1));
    }
}
