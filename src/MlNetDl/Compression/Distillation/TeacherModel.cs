using System.Runtime.InteropServices;
using MlNetDl.Files;
using MlNetDl.Onnx;
using static TorchSharp.torch;

namespace MlNetDl.Compression;

/// <summary>The meaning of a teacher's answers.</summary>
internal enum AnswerKind
{
    /// <summary>Logits of classes or of yes, or values, as they are.</summary>
    Plain,

    /// <summary>Probabilities of classes [N, K], or of yes [N, 1].</summary>
    Probabilities,
}

/// <summary>A teacher at work: ONNX Runtime scores the batches that the student sees.</summary>
internal sealed class TeacherModel : IDisposable
{
    private readonly OnnxModel model;
    private readonly IReadOnlyList<string> inputs;
    private readonly string output;
    private readonly Array[] buffers;

    /// <summary>A teacher; its session is made at the first batch.</summary>
    /// <param name="content">What was read.</param>
    /// <param name="inputs">The names of its inputs, in the order of the student's.</param>
    /// <param name="output">The name of the output that is taught.</param>
    /// <param name="threads">Threads of a call.</param>
    public TeacherModel(TeacherContent content, IReadOnlyList<string> inputs, string output, int? threads)
    {
        (Content, this.inputs, this.output) = (content, inputs, output);
        buffers = [.. inputs.Select(_ => Array.Empty<float>())];
        model = new(content.Onnx, new() { Threads = threads });
    }

    /// <summary>What was read.</summary>
    public TeacherContent Content { get; }

    /// <summary>The meaning of the answers.</summary>
    public AnswerKind Kind { get; init; }

    /// <summary>For each of the student's classes its place among the answers; <see langword="null"/> where they stand in one
    /// order.</summary>
    public long[]? ClassOrder { get; init; }

    /// <summary>For each of the teacher's features its place among the student's; <see langword="null"/> where they stand in one
    /// order.</summary>
    public long[]? FeatureOrder { get; init; }

    /// <summary>Vectors of features in the teacher's order.</summary>
    public static Tensor Ordered(Tensor features, long[]? order)
    {
        if (order is null)
        {
            return features;
        }

        using var places = tensor(order, device: features.device);
        return features.index_select(1, places);
    }

    /// <summary>The answers for a batch, with their dimensions.</summary>
    /// <param name="batch">The inputs of the batch.</param>
    /// <exception cref="InvalidOperationException">The teacher cannot score the batch, or not to finite
    /// numbers.</exception>
    public OnnxTensor Score(IReadOnlyList<Tensor> batch)
    {
        var answer = Run(inputs.Select((name, i) => KeyValuePair.Create(name, Filled(i, Ordered(batch[i], FeatureOrder)))).ToDictionary());
        if (answer.Data is not float[] values)
        {
            throw new InvalidOperationException($"{Content.Subject} gives '{output}' as "
                + $"{answer.Data.GetType().GetElementType()!.Name}; expected float32.");
        }

        if (Array.Exists(values, v => !float.IsFinite(v)))
        {
            throw new InvalidOperationException($"{Content.Subject} gives values that are no finite numbers for examples of "
                + "the student's data.");
        }

        return ClassOrder is { } order && values.Length > 0
            ? new(answer.Dims, values.Chunk(order.Length).SelectMany(row => order.Select(place => row[place])).ToArray())
            : answer;
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private OnnxTensor Run(Dictionary<string, OnnxTensor> inputs)
    {
        try
        {
            return model.Run(inputs)[output];
        }
        catch (Exception e) when (e is ArgumentException or ModelFormatException or NotSupportedException)
        {
            throw new InvalidOperationException($"{Content.Subject} cannot score a batch of the student: {e.Message}", e);
        }
    }

    // The batch is copied into memory that all batches share.
    private OnnxTensor Filled(int index, Tensor value)
    {
        using var scope = NewDisposeScope();
        var plain = value.detach().cpu().contiguous();
        long count = plain.numel();
        if (plain.dtype == ScalarType.Int64)
        {
            return Filled<long>(index, plain, count);
        }

        return plain.dtype == ScalarType.Bool
            ? Filled<bool>(index, plain, count)
            : Filled<float>(index, plain.to(ScalarType.Float32), count);
    }

    private OnnxTensor Filled<T>(int index, Tensor plain, long count) where T : unmanaged
    {
        if (buffers[index] is not T[] buffer || buffer.LongLength < count)
        {
            buffers[index] = buffer = new T[count];
        }

        MemoryMarshal.Cast<byte, T>(plain.bytes).CopyTo(buffer);
        return new(plain.shape.ToValueList(), buffer) { IsPrefix = true };
    }
}
