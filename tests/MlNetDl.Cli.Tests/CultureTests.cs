using System.Globalization;

namespace MlNetDl.Cli.Tests;

/// <summary>What the tool prints does not depend on the culture of the process.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CultureTests()
    {
        File.WriteAllText(folder["a.yaml"], "{ name: t, data: { dataset: optdigits }, network: { type: mlp, hidden: "
            + "[4], dropout: 0.25 }, training: { epochs: 1 } }");
        File.WriteAllText(folder["few.csv"], "a,y\n1.5,2.5\n2,3\n");
        File.WriteAllText(folder["table.yaml"], $"{{ name: t, task: regression, data: {{ csv: '{folder["few.csv"]}', "
            + "label: y, testFraction: 0.2 }, network: mlp }");
    }

    [Theory]
    [InlineData("list", "optimizers")]
    [InlineData("list", "sgd")]
    [InlineData("inspect", "resNet34", "--input", "3x224x224")]
    [InlineData("new", "images")]
    [InlineData("run", "a.yaml", "data.testFraction=1.25")]
    [InlineData("run", "table.yaml", "data.testFraction=1.25")]
    [InlineData("run", "table.yaml")]
    [InlineData("run", "a.yaml", "training.optimizer.learningRate=-0.5")]
    [InlineData("run", "a.yaml", "training.validationFraction=1.5")]
    [InlineData("run", "a.yaml", "network.dropout=1.5")]
    [InlineData("run", "a.yaml", "training.loss={ type: crossEntropy, labelSmoothing: 1.5 }")]
    public void The_same_is_printed_under_any_culture(params string[] args)
    {
        args = [.. args.Select(a => a.EndsWith(".yaml", StringComparison.Ordinal) ? folder[a] : a)];
        string[] output = args[0] == "run" ? ["--output", folder["run"]] : [];
        var expected = Tool.Run([.. args, .. output]);
        Assert.Equal(expected, Under(Cultures.German, () => Tool.Run([.. args, .. output])));
    }

    private static T Under<T>(CultureInfo culture, Func<T> action)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            return action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    public void Dispose() => folder.Dispose();
}
