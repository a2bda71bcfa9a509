using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Tests.Contracts;

/// <summary>Initializers are told the fans of what they fill.</summary>
[Collection("torch")]
public sealed class InitializerTests
{
    private static readonly Shape Image = Shape.Image(4, 9, 7);

    public static TheoryData<Initializer, Initializer> Rules => new()
    {
        { new FanInUniformInit(), new UniformInit(1 / Math.Sqrt(4 * 9)) },
        { new HeNormalInit(), new NormalInit(Math.Sqrt(2.0 / (4 * 9))) },
        { new HeNormalInit { Mode = FanMode.Out }, new NormalInit(Math.Sqrt(2.0 / (6 * 9))) },
        { new HeUniformInit(), new UniformInit(Math.Sqrt(6.0 / (4 * 9))) },
        { new HeUniformInit { Mode = FanMode.Out }, new UniformInit(Math.Sqrt(6.0 / (6 * 9))) },
        { new XavierNormalInit(), new NormalInit(Math.Sqrt(2.0 / ((4 * 9) + (6 * 9)))) },
        { new XavierUniformInit(), new UniformInit(Math.Sqrt(6.0 / ((4 * 9) + (6 * 9)))) },
        { new LeCunNormalInit(), new NormalInit(1 / Math.Sqrt(4 * 9)) },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_by_fans_is_the_plain_one_of_its_number_bit_for_bit(Initializer rule, Initializer plain) =>
        Assert.Equal(Weights(new Conv2d(6, 3) { WeightInit = plain }, Image), Weights(new Conv2d(6, 3) { WeightInit = rule }, Image));

    [Fact]
    public void Layers_start_as_in_PyTorch_unless_told_otherwise()
    {
        var (two, three) = (new UniformInit(1 / Math.Sqrt(2 * 9)), new UniformInit(1 / Math.Sqrt(3)));
        Assert.Equal(
            Weights(
                new Conv2d(6, 3)
                {
                    Groups = 2,
                    WeightInit = two,
                    BiasInit = two,
                },
                Image),
            Weights(new Conv2d(6, 3) { Groups = 2 }, Image));
        Assert.Equal(
            Weights(new Linear(5) { WeightInit = three, BiasInit = three }, Shape.Vector(3)), Weights(new Linear(5), Shape.Vector(3)));
    }

    [Fact]
    public void A_bias_has_the_fans_of_its_weight()
    {
        foreach (var (leaf, shape, fanIn, fanOut) in ((Leaf, Shape, double, double)[])
            [
                (new Conv2d(6, 3), Image, 36, 54), (new Conv2d(6, 3) { Groups = 2 }, Image, 18, 54), (new Linear(5), Shape.Vector(3), 3, 5),
                (new ConnectionTableConv2d([[0, 1], [1, 2, 3], [3]], 3), Image, 6.0 / 3 * 9, 6.0 / 4 * 9),
            ])
        {
            Assert.Equal([(fanIn, fanOut), (fanIn, fanOut)], leaf.Parameters([shape]).Select(p => (p.FanIn!.Value, p.FanOut!.Value)));
        }
    }

    [Fact]
    public void A_bias_starts_as_it_is_told()
    {
        Assert.Equal([1f, 1, 1], Weights(new Linear(3) { BiasInit = new ConstantInit(1) }, Shape.Vector(2)).TakeLast(3));
        var e = Assert.Throws<ArgumentException>(
            new Network(new Linear(3) { Bias = false, BiasInit = new ConstantInit(1) }, Shape.Vector(2)).Plan);
        Assert.Equal("network.root.biasInit fills the bias, but bias is false; leave one of the two out.", e.Message);
    }

    [Fact]
    public void A_parameter_of_one_dimension_has_no_fan_of_its_own()
    {
        var e = Assert.Throws<InvalidOperationException>(() => new Parameter("scale", [4], new HeNormalInit()).Fan(FanMode.In));
        Assert.StartsWith("HeNormalInit fills 'scale' [4] by its fan-in, which does not follow", e.Message, StringComparison.Ordinal);
        Assert.Equal(7, new Parameter("scale", [4], new HeNormalInit()) { FanIn = 7 }.Fan(FanMode.In));
    }

    [Fact]
    public void Yaml_names_them()
    {
        var network = ConfigurationDocument.Parse("""
            layers:
              - { type: conv2d, out: 6, kernel: 3, weightInit: { type: heNormal, mode: out }, biasInit: { type: constant, value: 1 } }
              - { type: linear, out: 2, weightInit: xavierUniform }
            """).Bind<CustomNetwork>();
        Assert.Equal(
            new Sequential(
                new Conv2d(6, 3) { WeightInit = new HeNormalInit { Mode = FanMode.Out }, BiasInit = new ConstantInit(1) },
                new Linear(2) { WeightInit = new XavierUniformInit() }),
            network.Layers);
    }

    [Fact]
    public void Every_initializer_of_the_library_stands_in_the_catalog() => Assert.Empty(
        typeof(Initializer).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Initializer)))
            .Except(Catalogs.Initializers.Entries.Select(e => e.Type)));

    private static float[] Weights(Leaf leaf, Shape input)
    {
        manual_seed(5);
        using var network = new TorchNetwork(new Network(leaf, input));
        return [.. network.ReadWeights().SelectMany(w => w.Data)];
    }
}
