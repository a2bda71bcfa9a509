using Microsoft.ML.OnnxRuntime;

namespace MlNetDl.Onnx;

/// <summary>Runs a model again and again on what it made before: the keys and values of a decoder's cache, the latents
/// of a diffusion. Values that are kept stay in ONNX Runtime's memory and are not copied.</summary>
/// <remarks>Made by <see cref="OnnxModel.StartLoop"/>. For one thread at a time; a model may have any
/// number of loops.</remarks>
public sealed class OnnxLoop : IDisposable
{
    private readonly OnnxSession session;
    private readonly IReadOnlyList<(string Output, string Input)> keep;
    private readonly Dictionary<string, OrtValue> kept = [];
    private bool disposed;

    internal OnnxLoop(OnnxSession session, IReadOnlyList<(string Output, string Input)> keep)
    {
        (this.session, this.keep) = (session, keep);
        using var lease = session.Use();
        var (inputs, outputs) = (lease.Session.InputNames, lease.Session.OutputNames);
        if (keep.FirstOrDefault(k => !outputs.Contains(k.Output) || !inputs.Contains(k.Input)) is { Output: not null } wrong)
        {
            var (made, taken) = (string.Join(", ", outputs), string.Join(", ", inputs));
            throw new ArgumentException(
                $"'{wrong.Output}' cannot be kept as '{wrong.Input}': the model makes {made} and takes {taken}.",
                nameof(keep));
        }

        if (keep.DistinctBy(k => k.Output).Count() < keep.Count || keep.DistinctBy(k => k.Input).Count() < keep.Count)
        {
            throw new ArgumentException(
                "An output is kept for one input, and an input gets one output; a name is given twice.", nameof(keep));
        }
    }

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">A tensor for each input that is not kept yet: all of them at the first call, the others
    /// later. One that is given takes the place of what was kept.</param>
    /// <param name="outputs">The outputs to copy out; without any, all that are not kept.</param>
    /// <returns>Those outputs by name.</returns>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of a type or shape that the model does not
    /// take; or it has no such output. Kept values stay.</exception>
    /// <exception cref="ObjectDisposedException">The loop or its model was disposed of.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs, params IReadOnlyList<string> outputs)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var lease = session.Use();
        var wanted = Wanted(lease.Session, outputs);
        var asked = wanted.Concat(keep.Select(k => k.Output)).Distinct().ToList();
        var carried = kept.Where(k => !inputs.ContainsKey(k.Key)).ToDictionary();
        var made = OnnxModel.Run(lease, inputs, carried, asked).ToDictionary();
        try
        {
            var copies = wanted.ToDictionary(name => name, name => OnnxTensor.Of(made[name]));
            foreach (var (output, input) in keep)
            {
                kept.Remove(input, out var old);
                old?.Dispose();
                kept.Add(input, made[output]);
                made.Remove(output);
            }

            return copies;
        }
        finally
        {
            foreach (var value in made.Values)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>Forgets what was kept: the next call begins anew.</summary>
    public void Reset()
    {
        foreach (var value in kept.Values)
        {
            value.Dispose();
        }

        kept.Clear();
    }

    /// <summary>Frees what was kept; the model stays.</summary>
    public void Dispose()
    {
        disposed = true;
        Reset();
    }

    private IReadOnlyList<string> Wanted(InferenceSession model, IReadOnlyList<string> outputs)
    {
        if (outputs.FirstOrDefault(o => !model.OutputNames.Contains(o)) is { } unknown)
        {
            throw new ArgumentException(
                $"The model has no output '{unknown}'; it makes {string.Join(", ", model.OutputNames)}.",
                nameof(outputs));
        }

        return outputs.Count > 0 ? [.. outputs.Distinct()] : [.. model.OutputNames.Where(o => keep.All(k => k.Output != o))];
    }
}
