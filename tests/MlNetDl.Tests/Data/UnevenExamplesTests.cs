using MlNetDl.Data;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Tests.Data;

public sealed class UnevenExamplesTests
{
    /// <summary>Cut to the features' count, rows would be lost without a word.</summary>
    [Theory]
    [InlineData(60, 40)]
    [InlineData(100, 40)]
    public void A_set_whose_targets_are_of_other_examples_is_not_split(int features, int targets)
    {
        var examples = new Examples(Shape.Vector(2), new float[features], new long[targets]);
        var e = Assert.Throws<ArgumentException>(() => examples.Split(0.25, seed: 0));
        Assert.StartsWith($"The features make {features / 2} examples, but beside them are {targets} values", e.Message, StringComparison.Ordinal);
    }
}
