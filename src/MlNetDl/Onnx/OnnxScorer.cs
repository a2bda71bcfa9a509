using Microsoft.ML.OnnxRuntime;
using MlNetDl.Configuration;
using MlNetDl.Files;

namespace MlNetDl.Onnx;

/// <summary>Scores rows with an ONNX model of one float32 input, straight from and into the caller's buffers. Any
/// number of threads may call it at once.</summary>
/// <remarks>The session is made at the first call: loading a model costs nothing until it is used. For several inputs
/// or symbolic lengths see <see cref="OnnxModel"/>.</remarks>
public sealed class OnnxScorer : IDisposable
{
    private readonly OnnxSession session;
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly int inputWidth;

    /// <summary>A scorer of the given outputs.</summary>
    /// <param name="model">The bytes of an <c>.onnx</c> file.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="inputDims">Its dimensions without the batch.</param>
    /// <param name="outputs">Names and elements per row of the outputs, each [N, elements].</param>
    /// <param name="options">Threads and execution provider.</param>
    public OnnxScorer(
        byte[] model,
        string input,
        IReadOnlyList<long> inputDims,
        IReadOnlyList<(string Name, int Width)> outputs,
        ScoringOptions options)
    {
        RecordCheck.Require(options, "scoring");
        session = new(model, options, this);
        (InputDims, Outputs) = (inputDims, outputs);
        inputNames = [input];
        outputNames = [.. outputs.Select(o => o.Name)];
        inputWidth = checked((int)inputDims.Aggregate(1L, (product, d) => checked(product * d)));
    }

    /// <summary>Name of the input.</summary>
    public string InputName => inputNames[0];

    /// <summary>Dimensions of the input without the batch.</summary>
    public IReadOnlyList<long> InputDims { get; }

    /// <summary>Names and elements per row of the outputs.</summary>
    public IReadOnlyList<(string Name, int Width)> Outputs { get; }

    /// <summary>Scores <paramref name="rows"/> rows.</summary>
    /// <param name="input">At least rows × elements of one input.</param>
    /// <param name="rows">Number of rows, 1 or more.</param>
    /// <param name="outputs">A buffer for each output, at least rows × its width.</param>
    /// <exception cref="ArgumentException">A buffer is missing or too short.</exception>
    /// <exception cref="ObjectDisposedException">The scorer was disposed of.</exception>
    /// <exception cref="ModelFormatException">ONNX Runtime cannot load the model, or it has other inputs or outputs
    /// than this scorer was told.</exception>
    public void Run(float[] input, int rows, params ReadOnlySpan<float[]> outputs)
    {
        Check(input, rows, outputs);
        using var lease = session.Use();
        using var inputValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, input.AsMemory(0, rows * inputWidth), [rows, .. InputDims]);
        var outputValues = new OrtValue[outputs.Length];
        try
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                int width = Outputs[i].Width;
                outputValues[i] = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance, outputs[i].AsMemory(0, rows * width), [rows, width]);
            }

            lease.Session.Run(lease.RunOptions, inputNames, [inputValue], outputNames, outputValues);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException($"The ONNX model cannot score {rows} rows of [{string.Join(", ", InputDims)}]: {e.Message}", e);
        }
        finally
        {
            foreach (var value in outputValues)
            {
                value?.Dispose();
            }
        }
    }

    /// <summary>Frees the session once no call uses it any more; further calls throw
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => session.Dispose();

    private void Check(float[] input, int rows, ReadOnlySpan<float[]> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (input.Length < (long)rows * inputWidth)
        {
            throw new ArgumentException(
                $"{rows} rows of {inputWidth} values need {(long)rows * inputWidth}, but the "
                    + $"input holds {input.Length}.",
                nameof(input));
        }

        if (outputs.Length != Outputs.Count)
        {
            throw new ArgumentException(
                $"The scorer has {Outputs.Count} outputs ({string.Join(", ", outputNames)}) but got "
                    + $"{outputs.Length} buffers.",
                nameof(outputs));
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Length < (long)rows * Outputs[i].Width)
            {
                throw new ArgumentException(
                    $"{rows} rows of output '{Outputs[i].Name}' need {(long)rows * Outputs[i].Width} values, but the "
                        + $"buffer holds {outputs[i].Length}.",
                    nameof(outputs));
            }
        }
    }
}
