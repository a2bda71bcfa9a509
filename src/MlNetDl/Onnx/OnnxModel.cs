using Microsoft.ML.OnnxRuntime;
using MlNetDl.Files;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Onnx;

/// <summary>Runs an ONNX model of any number of inputs and outputs, of any size where the model's dimensions are
/// symbolic. Any number of threads may call it at once.</summary>
/// <remarks>The session is made at the first call. For the rows of a table <see cref="OnnxScorer"/> is faster:
/// it copies nothing.</remarks>
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
    /// <exception cref="ArgumentException">An input is missing, unknown, or of a type or shape that the model
    /// does not take.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="ModelFormatException">ONNX Runtime cannot load the model.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        using var lease = session.Use();
        var made = Run(lease, inputs, new Dictionary<string, OrtValue>(), lease.Session.OutputNames);
        try
        {
            return made.ToDictionary(m => m.Key, m => OnnxTensor.Of(m.Value));
        }
        finally
        {
            foreach (var (_, value) in made)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>Starts to run the model again and again on what it made before, which is kept in ONNX Runtime's memory
    /// between the calls.</summary>
    /// <param name="keep">Which outputs are kept, and as which input the next call reads each.</param>
    /// <exception cref="ArgumentException">The model has no such output or input, or one is named twice.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed of.</exception>
    /// <exception cref="ModelFormatException">ONNX Runtime cannot load the model.</exception>
    public OnnxLoop StartLoop(params IReadOnlyList<(string Output, string Input)> keep) => new(session, keep);

    /// <summary>Frees the session once no call uses it any more; further calls throw
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => session.Dispose();

    /// <summary>Runs on tensors and on values that are kept; the caller disposes of what is made.</summary>
    internal static IReadOnlyList<KeyValuePair<string, OrtValue>> Run(
        OnnxSession.Lease lease,
        IReadOnlyDictionary<string, OnnxTensor> inputs,
        IReadOnlyDictionary<string, OrtValue> kept,
        IReadOnlyList<string> outputs)
    {
        var (expected, names) = (lease.Session.InputNames, inputs.Keys.Concat(kept.Keys).ToList());
        if (names.Count != expected.Count || expected.Except(names).Any())
        {
            throw new ArgumentException(
                $"The model takes the inputs {string.Join(", ", expected)} but got {string.Join(", ", names)}.",
                nameof(inputs));
        }

        var values = new List<OrtValue>();
        try
        {
            values.AddRange(inputs.Values.Select(tensor => tensor.ToValue()));
            return [.. outputs.Zip(lease.Session.Run(lease.RunOptions, names, [.. values, .. kept.Values], outputs), KeyValuePair.Create)];
        }
        catch (OnnxRuntimeException e)
        {
            var dims = inputs.Select(i => $"{i.Key} {i.Value.Dims}")
                .Concat(kept.Select(k => $"{k.Key} {k.Value.GetTensorTypeAndShape().Shape.ToValueList()} (kept)"));
            throw new ArgumentException($"The model cannot run on {string.Join(", ", dims)}: {e.Message}", nameof(inputs), e);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }
}
