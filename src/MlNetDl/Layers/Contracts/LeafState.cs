using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>What a leaf's forward pass needs beside its inputs: its weights, the mode, and the type to compute in.</summary>
/// <remarks>One per set of weights: leaves that share weights share it. Make it outside any dispose scope.</remarks>
public sealed class LeafState : nn.Module
{
    private readonly Dictionary<string, Tensor> weights = [];
    private readonly Dictionary<string, Tensor> cast = [];

    /// <summary>Makes the weights that <paramref name="leaf"/> declares, in declared order, and fills them from torch's generator.</summary>
    public LeafState(Leaf leaf, IReadOnlyList<Shape> inputs, Device device) : base(leaf.GetType().Name)
    {
        Module = leaf.CreateModule(inputs);
        if (Module is not null)
        {
            Module.to(device);
            register_module("inner", Module);
        }

        foreach (var parameter in leaf.Parameters(inputs))
        {
            weights.Add(parameter.Name, Module is null ? Create(parameter, device) : Owned(Module, leaf, parameter));
        }
    }

    /// <summary>The torch module of a leaf that has one; see <see cref="Leaf.CreateModule"/>.</summary>
    public nn.Module? Module { get; }

    /// <summary>Whether the network is being trained: dropout drops, batch normalisation uses and updates batch statistics.</summary>
    public bool Training => training;

    /// <summary>Float32 weights are handed out in this type; float32 by default, bfloat16 for mixed precision (the stored weights stay float32).</summary>
    public ScalarType ComputeType { get; set; } = ScalarType.Float32;

    /// <summary>The weights, as stored, by parameter name.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => weights;

    /// <summary>The weight of that parameter name, in the type to compute in; differentiable, and cast once a step.</summary>
    public Tensor this[string parameter]
    {
        get
        {
            var stored = weights[parameter];
            if (ComputeType == ScalarType.Float32)
            {
                return stored;
            }

            if (!cast.TryGetValue(parameter, out var value) || value.IsInvalid)
            {
                cast[parameter] = value = stored.to(ComputeType);
            }

            return value;
        }
    }

    /// <summary>Forgets the cast weights: to be called after the stored ones have changed, and at the end of a step.</summary>
    public void DropCasts() => cast.Clear();

    private Tensor Create(Parameter parameter, Device device)
    {
        using var none = no_grad();
        var tensor = empty(parameter.Dims.ToArray(), ScalarType.Float32, device);
        parameter.Init.Fill(tensor);
        if (parameter.Trainable)
        {
            var trainable = new TorchSharp.Modules.Parameter(tensor);
            register_parameter(parameter.Name, trainable);
            return trainable;
        }

        register_buffer(parameter.Name, tensor);
        return tensor;
    }

    private static Tensor Owned(nn.Module module, Leaf leaf, Parameter parameter) =>
        module.named_parameters().Where(p => p.name == parameter.Name).Select(p => (Tensor)p.parameter).FirstOrDefault()
        ?? module.named_buffers().Where(b => b.name == parameter.Name).Select(b => b.buffer).FirstOrDefault()
        ?? throw new InvalidOperationException($"{leaf.GetType().Name} declares parameter '{parameter.Name}', which its torch module does not have.");
}
