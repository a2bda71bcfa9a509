using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Torch;

/// <summary>A network with its weights in torch; runs the network's plan. It starts in training mode.</summary>
/// <remarks>Weights are named as everywhere else, <c>path.parameter</c>, and outlive the dispose scope in which they are made.</remarks>
public sealed class TorchNetwork : IDisposable
{
    private readonly Dictionary<string, LeafState> states = [];
    private readonly Plan scoring;
    private Precision precision;
    private bool training = true;

    /// <summary>Makes the weights and fills them from torch's generator (seed it before).</summary>
    /// <param name="network">The network.</param>
    /// <param name="device">Where the weights live; the CPU by default.</param>
    /// <exception cref="ShapeException">The tree does not fit its inputs.</exception>
    public TorchNetwork(Network network, Device? device = null)
    {
        Device = device ?? CPU;
        Plan = network.Plan();
        scoring = Plan.ForScoring();
        foreach (var step in Plan.Steps)
        {
            if (!states.ContainsKey(step.WeightsName))
            {
                states.Add(step.WeightsName, new LeafState(step.Leaf, step.InputShapes, Device) { MayOverwriteInput = Plan.Steps.Where(s => s.WeightsName == step.WeightsName).All(Overwrites) });
            }
        }
    }

    /// <summary>The steps it runs.</summary>
    public Plan Plan { get; }

    /// <summary>Where the weights live.</summary>
    public Device Device { get; }

    /// <summary>What activations and matrix products are computed in; weights, statistics and outputs are float32 in any case.</summary>
    public Precision Precision
    {
        get => precision;
        set
        {
            precision = value;
            foreach (var state in states.Values)
            {
                state.Precision = value;
            }
        }
    }

    /// <summary>The stored weight tensors by full name, in the plan's order; trainable ones and statistics.</summary>
    public IEnumerable<(string Name, Tensor Tensor, bool Trainable)> Tensors =>
        Plan.Parameters.Select(p =>
        {
            int dot = p.Name.LastIndexOf('.');
            return (p.Name, states[p.Name[..dot]].Weights[p.Name[(dot + 1)..]], p.Parameter.Trainable);
        });

    /// <summary>Sets the mode: training (dropout drops, batch statistics are used and kept, auxiliary heads run) or evaluation.</summary>
    public void SetTraining(bool on)
    {
        training = on;
        foreach (var state in states.Values)
        {
            state.SetTraining(on);
        }
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var state in states.Values)
        {
            state.Dispose();
        }
    }

    /// <summary>Runs the network; auxiliary heads only while training.</summary>
    /// <param name="inputs">One tensor for each of the network's inputs, in order, on <see cref="Device"/>.</param>
    /// <returns>The outputs by name, float32; <see cref="Network.DefaultOutput"/> is the last value.</returns>
    /// <exception cref="ShapeException">An input has another shape or type than the network's.</exception>
    public IReadOnlyDictionary<string, Tensor> Forward(params IReadOnlyList<Tensor> inputs)
    {
        Check(inputs);
        var plan = training ? Plan : scoring;
        var slots = new Tensor[plan.Slots];
        for (int i = 0; i < inputs.Count; i++)
        {
            slots[i] = inputs[i];
        }

        foreach (var step in plan.Steps)
        {
            var values = new Tensor[step.Inputs.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = Rounded(slots[step.Inputs[i]], step.Leaf);
            }

            slots[step.Output] = step.Leaf.Forward(values, states[step.WeightsName]);
        }

        foreach (var state in states.Values)
        {
            state.DropCasts();
        }

        return plan.Outputs.ToDictionary(o => o.Name, o => slots[o.Slot].dtype == ScalarType.BFloat16 ? slots[o.Slot].to(ScalarType.Float32) : slots[o.Slot]);
    }

    /// <summary>A copy of all weights in managed memory.</summary>
    public Weights ReadWeights() => new(Tensors.Select(t =>
    {
        using var scope = NewDisposeScope();
        return new WeightArray(t.Name, t.Tensor.shape.ToValueList(), t.Tensor.detach().cpu().contiguous().data<float>().ToArray());
    }));

    /// <summary>Replaces all weights.</summary>
    /// <exception cref="InvalidDataException">A weight is missing or has other dimensions; nothing was changed.</exception>
    public void LoadWeights(Weights weights)
    {
        weights.Check(Plan);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, target, _) in Tensors)
        {
            target.copy_(tensor(weights[name].Data).reshape(target.shape));
        }
    }

    // Raw features keep their digits until they are normalised: 10,001 and 10,000 are the same bfloat16.
    private Tensor Rounded(Tensor value, Leaf leaf) =>
        precision == Precision.BFloat16 && leaf is not Normalize && value.dtype == ScalarType.Float32 ? value.to(ScalarType.BFloat16) : value;

    // One reader, no output of the network, not an input of it, and made by a leaf whose backward pass does not need it.
    private bool Overwrites(PlanStep step)
    {
        int slot = step.Inputs[0];
        return Plan.Steps.Sum(s => s.Inputs.Count(i => i == slot)) == 1 && Plan.Outputs.All(o => o.Slot != slot)
            && Plan.Steps.FirstOrDefault(s => s.Output == slot) is { Leaf.BackwardNeedsOutput: false };
    }

    private void Check(IReadOnlyList<Tensor> inputs)
    {
        var expected = Plan.Network.Inputs;
        if (inputs.Count != expected.Count)
        {
            throw new ShapeException($"the network has {expected.Count} inputs ({string.Join(", ", expected.Select(i => i.Name))}) but got {inputs.Count} tensors.").At("");
        }

        var symbols = new Dictionary<string, long>();
        for (int i = 0; i < expected.Count; i++)
        {
            var (tensor, shape) = (inputs[i], expected[i].Shape);
            if (tensor.dtype != TypeOf(shape.Type) || !shape.Fits(tensor.shape))
            {
                throw new ShapeException($"expects {shape} but got {tensor.dtype}[{string.Join(", ", tensor.shape)}].").At(expected[i].Name);
            }

            foreach (var (dim, size) in shape.Dims.Zip(tensor.shape))
            {
                if (dim.Symbol is { } symbol && !symbols.TryAdd(symbol, size) && symbols[symbol] != size)
                {
                    throw new ShapeException($"dimension {symbol} is {size} here and {symbols[symbol]} in an input before.").At(expected[i].Name);
                }
            }
        }
    }

    private static ScalarType TypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => ScalarType.Float32,
        ElementType.Int64 => ScalarType.Int64,
        ElementType.Bool => ScalarType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
