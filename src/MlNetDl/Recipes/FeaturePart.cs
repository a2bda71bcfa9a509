using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>One of several inputs of a network. Rows carry all of them one after the other, as floats.</summary>
/// <param name="Name">The input's name, by which the network reads it.</param>
/// <param name="Column">The column that it comes from.</param>
/// <param name="Shape">Its shape in a batch.</param>
/// <param name="Start">Where its numbers begin in a row.</param>
internal sealed record FeaturePart(string Name, string Column, Shape Shape, int Start)
{
    /// <summary>For an image column, how images are prepared.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>The kind of tokens of a column of tokens.</summary>
    public TokenKind Tokens { get; init; }

    /// <summary>Whether the column is normalised already.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; } = checked((int)Shape.ElementsPerExample());

    /// <summary>The row with this part alone.</summary>
    public Row Of(Row row) => row with { Features = row.Features.Slice(Start, Width) };

    /// <summary>The input's tensor of a batch of rows.</summary>
    public Tensor Of(Tensor rows)
    {
        var part = rows.narrow(1, Start, Width).reshape([rows.shape[0], .. Shape.Dims.Skip(1).Select(d => d.Size!.Value)]);
        return Shape.Type == ElementType.Int64 ? part.to(ScalarType.Int64) : part;
    }

    /// <summary>Makes batches of several inputs of batches of whole rows.</summary>
    /// <param name="make">Makes the batches of whole rows.</param>
    /// <param name="parts">The inputs; empty for rows of one.</param>
    public static MakeBatches Split(MakeBatches make, ValueList<FeaturePart> parts) => parts.Count == 0 ? make
        : (scale, device) => make(scale, device) is { } batches ? new Batches(batches, parts) : null;

    private sealed class Batches(IBatches rows, ValueList<FeaturePart> parts) : IBatches, IDisposable
    {
        public long ExampleCount => rows.ExampleCount;

        public int BatchCount => rows.BatchCount;

        public IEnumerable<Batch> Epoch(int epoch, int skip = 0) =>
            rows.Epoch(epoch, skip).Select(batch => batch with { Inputs = [.. parts.Select(p => p.Of(batch.Inputs[0]))] });

        public void Dispose() => (rows as IDisposable)?.Dispose();
    }
}
