using Microsoft.ML.OnnxRuntime;

namespace MlNetDl.Onnx;

/// <summary>Runs an ONNX model of any number of inputs and outputs, of any size where the model's dimensions are symbolic. Any number of threads may call it at once.</summary>
/// <remarks>The session is made at the first call. For the rows of a table <see cref="OnnxScorer"/> is faster: it copies nothing.</remarks>
public sealed class OnnxModel : IDisposable
{
    private readonly OnnxSession session;

    /// <summary>A model from the bytes of an <c>.onnx</c> file.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="options">Threads and execution provider; the defaults when <see langword="null"/>.</param>
    public OnnxModel(byte[] model, ScoringOptions? options = null) => session = new(model, options ?? ScoringOptions.Default, this);

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor for each of the model's inputs, by name.</param>
    /// <returns>The outputs by name.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of a type or shape that the model does not take.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="ModelFormatException">ONNX Runtime cannot load the model.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        using var lease = session.Use();
        var (expected, names) = (lease.Session.InputNames, inputs.Keys.ToList());
        if (names.Count != expected.Count || !expected.All(inputs.ContainsKey))
        {
            throw new ArgumentException($"The model takes the inputs {string.Join(", ", expected)} but got {string.Join(", ", names)}.", nameof(inputs));
        }

        var values = new List<OrtValue>();
        try
        {
            values.AddRange(names.Select(n => inputs[n].ToValue()));
            var outputNames = lease.Session.OutputNames;
            using var outputs = lease.Session.Run(lease.RunOptions, names, values, outputNames);
            return outputNames.Zip(outputs).ToDictionary(o => o.First, o => OnnxTensor.Of(o.Second));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ArgumentException($"The model cannot run on {string.Join(", ", inputs.Select(i => $"{i.Key} {i.Value.Dims}"))}: {e.Message}", nameof(inputs), e);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }

    /// <summary>Frees the session once no call uses it any more; further calls throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => session.Dispose();
}
