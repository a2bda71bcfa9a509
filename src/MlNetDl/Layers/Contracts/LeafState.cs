using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl.Layers.Contracts;

/// <summary>All that a leaf's forward pass needs beside its inputs: its weights, the mode, and the precision to compute
/// in.</summary>
/// <remarks>
/// One per set of weights: leaves that share weights share it. It neither derives from a type of TorchSharp nor holds
/// one by value: hosts that only score have no TorchSharp.dll, and ML.NET looks at every type of this assembly when
/// it loads a model.
/// </remarks>
public sealed class LeafState : IDisposable
{
    private readonly Leaf leaf;
    private readonly Dictionary<string, Tensor> weights = [];
    private readonly Dictionary<string, Tensor> cast = [];
    private readonly Dictionary<string, Tensor> viewed = [];

    /// <summary>Makes the weights that <paramref name="leaf"/> declares, in declared order, and fills them
    /// from torch's generator.</summary>
    /// <exception cref="Configuration.ComponentException">The code of the leaf or of an initializer failed.</exception>
    public LeafState(Leaf leaf, IReadOnlyList<Shape> inputs, Device device) : this(leaf, inputs, device, "")
    {
    }

    internal LeafState(Leaf leaf, IReadOnlyList<Shape> inputs, Device device, string path)
    {
        this.leaf = leaf;
        Module = leaf is IModuleLeaf module
            ? LeafCode.Of(leaf, nameof(IModuleLeaf.CreateModule), path, () => module.CreateModule(inputs))
            : null;
        Module?.to(device);
        foreach (var parameter in LeafCode.Parameters(leaf, inputs, path))
        {
            weights.Add(parameter.Name, LeafCode.Of(
                leaf,
                Module is null ? $"the start of '{parameter.Name}'" : nameof(IModuleLeaf.CreateModule),
                path,
                () => Module is null ? Create(parameter, device) : Owned(Module, leaf, parameter)));
        }
    }

    /// <summary>The torch module of an <see cref="IModuleLeaf"/>; <see langword="null"/> for other leaves.</summary>
    public nn.Module? Module { get; }

    /// <summary>Whether the network is being trained: dropout drops, batch normalisation uses and
    /// updates batch statistics.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>Whether the leaf may write its output over its first input, because no other step reads that, now or in
    /// the backward pass. It saves memory traffic.</summary>
    /// <remarks>It may not while a hook looks on, because the hook may keep the values that it saw.</remarks>
    public bool MayOverwriteInput { get => field && View is null; init; }

    /// <summary>The replacement of a stored weight while a hook is set; <see langword="null"/> hands out the stored
    /// ones.</summary>
    /// <remarks>Set before each leaf runs, so that leaves with shared weights may see different ones.</remarks>
    internal Func<string, Tensor, Tensor>? View
    {
        get;
        set
        {
            field = value;
            DropCasts();
        }
    }

    /// <summary>Precision in which weights are handed out; the stored ones stay float32.</summary>
    public Precision Precision { get; set; }

    /// <summary>The weights, as stored, by parameter name.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => weights;

    /// <summary>The weight of that parameter name, in the precision to compute in; differentiable, and cast
    /// once a step.</summary>
    /// <exception cref="ArgumentException">The leaf declares no such parameter.</exception>
    public Tensor this[string parameter]
    {
        get
        {
            var weight = AsFloat32(parameter);
            if (Precision == Precision.Float32)
            {
                return weight;
            }

            if (!cast.TryGetValue(parameter, out var value) || value.IsInvalid)
            {
                cast[parameter] = value = weight.to(ScalarType.BFloat16);
            }

            return value;
        }
    }

    /// <summary>The weight of that parameter name in float32 whatever the precision, for leaves that compute in it;
    /// statistics that a leaf changes are in <see cref="Weights"/>.</summary>
    /// <exception cref="ArgumentException">The leaf declares no such parameter.</exception>
    public Tensor AsFloat32(string parameter)
    {
        if (!weights.TryGetValue(parameter, out var stored))
        {
            throw new ArgumentException($"{leaf.GetType().Name} asks for its weight '{parameter}', but declares "
                + $"{(weights.Count == 0 ? "none" : string.Join(", ", weights.Keys))}; let Parameters give it.");
        }

        if (View is null)
        {
            return stored;
        }

        if (!viewed.TryGetValue(parameter, out var value))
        {
            viewed[parameter] = value = View(parameter, stored);
        }

        return value;
    }

    /// <summary>Forgets weights that were cast or replaced: to be called after the stored ones have changed, and at the
    /// end of a step.</summary>
    public void DropCasts()
    {
        cast.Clear();
        viewed.Clear();
    }

    /// <summary>Sets the mode.</summary>
    public void SetTraining(bool training)
    {
        Training = training;
        Module?.train(training);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Module?.Dispose();
        foreach (var tensor in weights.Values)
        {
            tensor.Dispose();
        }
    }

    private static Tensor Create(Parameter parameter, Device device)
    {
        using var none = no_grad();
        var tensor = empty(parameter.Dims.ToArray(), ScalarType.Float32, device).DetachFromDisposeScope();
        parameter.Init.Fill(tensor, parameter);
        tensor.requires_grad = parameter.Trainable;
        return tensor;
    }

    private static Tensor Owned(nn.Module module, Leaf leaf, Parameter parameter) => (module.named_parameters()
        .Where(p => p.name == parameter.Name)
        .Select(p => (Tensor)p.parameter).FirstOrDefault()
        ?? module.named_buffers().Where(b => b.name == parameter.Name).Select(b => b.buffer).FirstOrDefault()
        ?? throw new InvalidOperationException($"{leaf.GetType().Name} declares parameter '{parameter.Name}', which "
            + "its torch module does not have."))
        .DetachFromDisposeScope();
}
