using MlNetDl.Data;
using MlNetDl.Generative;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;
using MlNetDl.Recipes;
using MlNetDl.Training;

namespace MlNetDl.Tests.Recipes;

/// <summary>Rows of which nothing can be learned.</summary>
[Collection("torch")]
public sealed class ConstantRowsTests
{
    [Theory]
    [InlineData(40, "All 40 rows")]
    [InlineData(1, "There is one row")]
    public void Rows_that_do_not_differ_are_told(int count, string told)
    {
        var heard = new Heard();
        var rows = new Examples(Shape.Vector(3), Enumerable.Range(0, count * 3).Select(i => i % 3 / 4f).ToArray());
        var model = new Vae { Latent = 1, Encoder = new Mlp { Hidden = [4] }, Decoder = new Mlp { Hidden = [4] } };
        var options = new TrainingOptions { Epochs = 1, Threads = 1 };
        new Recipe { Model = model, Training = options, Callbacks = [heard] }.Run(rows);
        Assert.Contains(heard.Messages, m => m.StartsWith($"warning: {told}", StringComparison.Ordinal));
        heard.Messages.Clear();
        var others = rows with { Features = Enumerable.Range(0, 9).Select(i => i / 9f).ToArray() };
        new Recipe { Model = model, Training = options, Callbacks = [heard] }.Run(others);
        Assert.DoesNotContain(heard.Messages, m => m.StartsWith("warning", StringComparison.Ordinal));
    }

    private sealed class Heard : Callback
    {
        public List<string> Messages { get; } = [];

        public override void Message(string text) => Messages.Add(text);
    }
}
