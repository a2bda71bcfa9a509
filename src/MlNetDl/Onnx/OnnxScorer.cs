using Microsoft.ML.OnnxRuntime;

namespace MlNetDl.Onnx;

/// <summary>Runs an ONNX model of one float32 input on ONNX Runtime. Any number of threads may call it at once.</summary>
/// <remarks>The session is made at the first call: loading a model costs nothing until it is used.</remarks>
public sealed class OnnxScorer : IDisposable
{
    private readonly Lock gate = new();
    private readonly byte[] model;
    private readonly ScoringOptions options;
    private readonly string[] outputNames;
    private readonly RunOptions runOptions = new();
    private InferenceSession? session;
    private bool disposed;

    /// <summary>A scorer of the given outputs.</summary>
    /// <param name="model">The bytes of an <c>.onnx</c> file.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="inputDims">Its dimensions without the batch.</param>
    /// <param name="outputs">Names and elements per row of the outputs.</param>
    /// <param name="options">Threads and execution provider.</param>
    public OnnxScorer(byte[] model, string input, IReadOnlyList<long> inputDims, IReadOnlyList<(string Name, int Width)> outputs, ScoringOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        (this.model, this.options, InputName, InputDims) = (model, options, input, inputDims);
        Outputs = outputs;
        outputNames = [.. outputs.Select(o => o.Name)];
        inputNames = [input];
    }

    private readonly string[] inputNames;

    /// <summary>Name of the input.</summary>
    public string InputName { get; }

    /// <summary>Dimensions of the input without the batch.</summary>
    public IReadOnlyList<long> InputDims { get; }

    /// <summary>Names and elements per row of the outputs.</summary>
    public IReadOnlyList<(string Name, int Width)> Outputs { get; }

    /// <summary>Scores <paramref name="rows"/> rows.</summary>
    /// <param name="input">At least rows × elements of one input.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="outputs">A buffer for each output, at least rows × its width.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="ModelFormatException">ONNX Runtime cannot load the model.</exception>
    public void Run(float[] input, int rows, params ReadOnlySpan<float[]> outputs)
    {
        var run = Session();
        long[] shape = [rows, .. InputDims];
        using var inputValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, input.AsMemory(0, Elements(shape)), shape);
        var outputValues = new OrtValue[outputs.Length];
        try
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                outputValues[i] = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, outputs[i].AsMemory(0, rows * Outputs[i].Width), [rows, Outputs[i].Width]);
            }

            run.Run(runOptions, inputNames, [inputValue], outputNames, outputValues);
        }
        finally
        {
            foreach (var value in outputValues)
            {
                value?.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            session?.Dispose();
            session = null;
            runOptions.Dispose();
        }
    }

    private static int Elements(long[] shape) => checked((int)shape.Aggregate(1L, (product, d) => product * d));

    private InferenceSession Session()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (session is { } ready)
        {
            return ready;
        }

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return session ??= OnnxSession.Create(model, options);
        }
    }
}
