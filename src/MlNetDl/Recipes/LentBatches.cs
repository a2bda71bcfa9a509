using System.Globalization;
using MlNetDl.Data;
using MlNetDl.Tasks;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Checks the batches of a caller and moves them to the device of the networks. The caller frees what the
/// batches were made of.</summary>
/// <param name="batches">The batches.</param>
/// <param name="part">The part of the data, for messages.</param>
/// <param name="form">The form of the label; <see langword="null"/> without labels.</param>
/// <param name="label">The label: its width, and the names of its classes.</param>
/// <param name="device">The device of the networks.</param>
internal sealed class LentBatches(IBatches batches, string part, LabelForm? form, LabelInfo label, Device device) : IBatches
{
    private readonly int classes = form?.IsClassIndex == true ? form.Classes(label).Count : 0;

    public long ExampleCount => batches.ExampleCount;

    public int BatchCount => batches.BatchCount;

    public IEnumerable<Batch> Epoch(int epoch, int skip = 0)
    {
        using var rows = batches.Epoch(epoch, skip).GetEnumerator();
        long examples = 0;
        for (int came = skip; came < BatchCount; came++)
        {
            if (!rows.MoveNext())
            {
                throw Wrong(epoch, $"gave {came} batches, but IBatches.BatchCount says {BatchCount}");
            }

            var batch = rows.Current;
            if (Problem(batch) is { } problem)
            {
                throw Wrong(epoch, $"gave as batch {came + 1} one whose {problem}");
            }

            examples += batch.Count;
            // Nobody draws more batches than were promised. So the last promised one checks that no more follow.
            if (came == BatchCount - 1)
            {
                CheckEnd(rows.MoveNext(), examples, epoch, skip);
            }

            yield return Moved(batch);
        }
    }

    private void CheckEnd(bool hasMore, long examples, int epoch, int skip)
    {
        if (hasMore)
        {
            throw Wrong(epoch, $"gave more than the {BatchCount} batches that IBatches.BatchCount says"
                + (skip > 0 ? $"; it was asked to leave out the first {skip} (skip)" : ""));
        }

        if (skip == 0 && examples != ExampleCount)
        {
            throw Wrong(epoch, $"gave {examples} examples, but IBatches.ExampleCount says {ExampleCount}");
        }
    }

    // Torch would silently broadcast a weight or a target of another shape over the batch.
    private string? Problem(Batch? batch)
    {
        if (batch is null || batch.Inputs.Count == 0)
        {
            return batch is null ? "value is null" : "Inputs are empty";
        }

        long count = batch.Inputs[0].dim() == 0 ? 0 : batch.Inputs[0].shape[0];
        var apart = batch.Inputs.Select((t, i) => ($"Inputs[{i}]", Tensor: t))
            .Concat(batch.Targets.Select(t => ($"Targets[\"{t.Key}\"]", Tensor: t.Value)))
            .FirstOrDefault(t => t.Tensor.dim() == 0 || t.Tensor.shape[0] != count);
        return count == 0 ? "inputs have no row"
            : apart.Tensor is not null ? $"{apart.Item1} is {Text(apart.Tensor)} beside {count} rows of its first input"
            : batch.Weights is { } weights && !(weights.dtype == ScalarType.Float32 && weights.dim() == 1 && weights.shape[0] == count)
                ? $"Weights are {Text(weights)}; expected Float32[{count}]"
            : batch.Weights is { } given && !(given.isfinite().all().item<bool>() && given.Ge(0).all().item<bool>())
                ? "Weights are not all finite numbers of 0 or more"
            : Class(batch.Target);
    }

    private string? Class(Tensor? target)
    {
        if (classes == 0 || target is null)
        {
            return null;
        }

        if (target.dtype != ScalarType.Int64)
        {
            return $"target is {Text(target)}; expected class indices, Int64";
        }

        long least = target.min().item<long>(), greatest = target.max().item<long>();
        return least >= 0 && greatest < classes
            ? null
            : $"target has the class {(least < 0 ? least : greatest)}; there are {classes}, counted from 0";
    }

    private Batch Moved(Batch batch) => batch with
    {
        Inputs = [.. batch.Inputs.Select(i => i.to(device))],
        Targets = batch.Targets.ToDictionary(t => t.Key, t => t.Value.to(device)),
        Weights = batch.Weights?.to(device),
        Rows = batch.Rows?.to(device),
    };

    private static string Text(Tensor tensor) => $"{tensor.dtype}[{string.Join(", ", tensor.shape)}]";

    private InvalidOperationException Wrong(int epoch, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Epoch {epoch + 1} of your batches for {part} {what}."));
}
