using System.Reflection;

namespace MlNetDl.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Help_names_every_command_with_examples_and_the_exit_codes()
    {
        var (code, output, _) = Tool.Run("--help");
        Assert.Equal(0, code);
        Assert.All(["run", "new", "evaluate", "predict", "inspect", "list", "schema", "verify-results", "Examples:", "130 cancelled"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("new")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("inspect")]
    [InlineData("list")]
    [InlineData("schema")]
    [InlineData("verify-results")]
    public void Every_command_has_help_with_an_example_and_takes_json(string command)
    {
        var (code, output, _) = Tool.Run(command, "--help");
        Assert.Equal(0, code);
        Assert.Contains($"  mldl {command}", output, StringComparison.Ordinal);
        Assert.Contains("--json", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_loads_neither_torch_nor_ml_net()
    {
        // The runtime says what it loads; the library itself stays out as well.
        using var folder = new TemporaryFolder();
        var (code, output, error) = ChildProcess.Dotnet(Assembly.GetExecutingAssembly().Location.Replace("MlNetDl.Cli.Tests.dll", "mldl.dll", StringComparison.Ordinal), "--help");
        Assert.True(code == 0, error);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        var references = typeof(Application).Assembly.GetReferencedAssemblies().Select(a => a.Name).ToList();
        Assert.DoesNotContain("TorchSharp", references);
        Assert.DoesNotContain("Microsoft.ML.Core", references);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("run")]
    [InlineData("list", "dragons")]
    [InlineData("evaluate", "model.zip")]
    [InlineData("inspect", "mlp", "--classes", "many")]
    public void Wrong_usage_exits_2_and_points_to_help(params string[] args)
    {
        var (code, _, error) = Tool.Run(args);
        Assert.Equal(2, code);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }
}
