using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <summary>A sample as a network of its own, with random inputs.</summary>
internal sealed class LayerCase
{
    // Seeds of weights, of inputs, and of what a pass draws.
    private const int WeightSeed = 11, InputSeed = 12, PassSeed = 13;

    private readonly LayerSample sample;
    private readonly ValueList<NetworkInput> inputs;

    public LayerCase(LayerSample sample)
    {
        this.sample = sample;
        var leaf = sample.Layer as Leaf;
        if (leaf is Join { With.Count: 0 } join && sample.Inputs.Count > 1)
        {
            leaf = join with { With = Enumerable.Range(1, sample.Inputs.Count - 1).Select(i => $"input{i}").ToValueList() };
        }

        string[] names = [Network.DefaultInput, .. leaf?.Wires ?? []];
        if (names.Length != sample.Inputs.Count)
        {
            throw new ArgumentException(
                $"{sample.Layer.GetType().Name} takes {names.Length} inputs ({string.Join(", ", names)}), but the "
                    + $"sample has {sample.Inputs.Count} shapes.");
        }

        inputs = names.Zip(sample.Inputs, (name, shape) => new NetworkInput(name, shape)).ToValueList();
        Subject = leaf ?? sample.Layer;
        Network = Around(Subject);
    }

    /// <summary>The layer as it stands in the network.</summary>
    public Layer Subject { get; }

    /// <summary>The sample's network: what the layer publishes are outputs too.</summary>
    public Network Network { get; }

    public double Tolerance => sample.Tolerance;

    public LayerSample Sample => sample;

    /// <summary>A network around a layer in the sample's place, with layers before and behind it.</summary>
    public Network Around(Layer layer, Layer? before = null, params IEnumerable<Layer> behind)
    {
        var published = (layer as PublishingLeaf)?.Publishes ?? [];
        Layer[] taps = [.. published.Select(wire => new Tap($"{wire} of it", new Read(wire)) { Role = TapRole.Output })];
        return new(new Sequential([.. before is null ? [] : (Layer[])[before], layer, .. taps, .. behind]), inputs);
    }

    /// <summary>The network with its weights, always the same.</summary>
    public static TorchNetwork Start(Network network)
    {
        manual_seed(WeightSeed);
        return new(network);
    }

    /// <summary>Random inputs, always the same.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="length">What symbolic sizes are.</param>
    public Tensor[] Inputs(int rows = 3, int length = 5)
    {
        manual_seed(InputSeed);
        return [.. sample.Inputs.Select(s => Random(s, rows, length))];
    }

    /// <summary>A pass that draws the same whenever it is made.</summary>
    public static IReadOnlyDictionary<string, Tensor> Pass(TorchNetwork network, IReadOnlyList<Tensor> inputs, int seed = PassSeed)
    {
        manual_seed(seed);
        return network.Forward(inputs);
    }

    /// <summary>A scalar of all outputs that are numbers, by fixed random directions.</summary>
    public static Func<Tensor> Scalar(TorchNetwork network, IReadOnlyList<Tensor> inputs)
    {
        var directions = Pass(network, inputs).Values.Where(o => o.is_floating_point()).Select(o => randn_like(o)).ToList();
        return () => Pass(network, inputs).Values.Where(o => o.is_floating_point())
            .Zip(directions, (output, direction) => (output * direction).sum()).Aggregate((a, b) => a.Add(b));
    }

    private Tensor Random(Shape shape, int rows, int length)
    {
        long[] sizes = [.. shape.Dims.Select((d, i) => d.Size ?? (i == 0 ? rows : length))];
        return shape.Type == ElementType.Int64 ? randint(0, sample.Tokens, sizes, ScalarType.Int64) : randn(sizes);
    }
}
