using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>Gradients as values, for losses that are made of gradients (a gradient penalty, Gulrajani et al. 2017,
/// arXiv:1704.00028, eq. 3).</summary>
/// <remarks>
/// The one way to them here: <c>autograd.grad</c> of TorchSharp ends the process where it fails. This goes through
/// <c>backward</c> with the inputs named, whose errors are exceptions. torch then warns once a process, on the error
/// stream, of a cycle between a tensor and its <c>grad</c>; there is none, as <c>grad</c> is put back.
/// </remarks>
public static class Gradients
{
    /// <summary>The gradients of <paramref name="scalar"/> with respect to <paramref name="inputs"/>; nobody's
    /// <c>grad</c> is changed, and the graph is kept.</summary>
    /// <param name="scalar">One value, computed from the inputs with gradients on.</param>
    /// <param name="inputs">Tensors that require gradients: leaves, or values on the way.</param>
    /// <param name="create">Whether the gradients are differentiable themselves: what a second derivative
    /// needs.</param>
    /// <returns>A gradient for each input, of its shape.</returns>
    /// <exception cref="ArgumentException">The scalar is none or does not require gradients; an input does not, is
    /// given twice, or has no part in the scalar.</exception>
    /// <exception cref="InvalidOperationException">The graph was freed by a backward pass before, or a value it needs
    /// was changed in place since.</exception>
    public static IReadOnlyList<Tensor> Of(Tensor scalar, IReadOnlyList<Tensor> inputs, bool create = false)
    {
        Check(scalar, inputs);
        var before = inputs.Select(input => input.grad).ToList();
        try
        {
            SetGradients(inputs, _ => null);
            scalar.backward(create_graph: create, retain_graph: true, inputs: [.. inputs]);
            return [.. inputs.Select((input, i) => input.grad ?? throw new ArgumentException(
                $"The scalar does not depend on input {i} [{string.Join(", ", input.shape)}]; "
                    + "compute it from this very tensor.",
                nameof(inputs)))];
        }
        catch (System.Runtime.InteropServices.ExternalException e)
        {
            const string Remedy = "torch cannot take these gradients; run the forward pass again, and let earlier "
                + "backward passes retain the graph.";
            throw new InvalidOperationException($"{Remedy} {e.Message.Split('\n')[0]}", e);
        }
        finally
        {
            SetGradients(inputs, i => before[i]);
        }
    }

    private static void Check(Tensor scalar, IReadOnlyList<Tensor> inputs)
    {
        if (scalar.IsInvalid)
        {
            throw new ArgumentException("The scalar was disposed of.", nameof(scalar));
        }

        if (scalar.numel() != 1)
        {
            throw new ArgumentException(
                $"Gradients are taken of one value but got [{string.Join(", ", scalar.shape)}]; sum it first.",
                nameof(scalar));
        }

        if (!scalar.requires_grad)
        {
            throw new ArgumentException(
                "The scalar does not require gradients: it depends on nothing that does, or was computed under no_grad.", nameof(scalar));
        }

        if (inputs.Count == 0)
        {
            throw new ArgumentException("Name at least one input to take gradients with respect to.", nameof(inputs));
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].IsInvalid)
            {
                throw new ArgumentException($"Input {i} was disposed of.", nameof(inputs));
            }

            if (!inputs[i].requires_grad)
            {
                throw new ArgumentException(
                    $"Input {i} does not require gradients; set requires_grad before the scalar is computed.",
                    nameof(inputs));
            }

            if (inputs.Take(i).Any(other => ReferenceEquals(other, inputs[i])))
            {
                throw new ArgumentException($"Input {i} is given twice.", nameof(inputs));
            }
        }
    }

    private static void SetGradients(IReadOnlyList<Tensor> inputs, Func<int, Tensor?> gradient)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            inputs[i].grad = gradient(i);
        }
    }
}
