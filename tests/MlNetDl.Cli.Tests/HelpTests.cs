namespace MlNetDl.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Application.Commands.Select(c => c.Name)];

    [Fact]
    public void Help_names_every_command_with_examples_and_the_exit_codes()
    {
        var (code, output, _) = Tool.Run("--help");
        Assert.Equal(0, code);
        string[] expected = [.. Application.Commands.Select(c => $"  {c.Name} "), "Examples:", "130 cancelled"];
        Assert.All(expected, word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    [Fact]
    public void The_tool_alone_says_how_to_begin_and_names_each_command_once()
    {
        var (code, output, error) = Tool.Run();
        Assert.Equal((0, "", Tool.Run("--help").Output), (code, error, output));
        var begin = output[..output.IndexOf("Experiments:", StringComparison.Ordinal)];
        Assert.All(["mldl new --data", "mldl check", "mldl run"], line => Assert.Contains($"  {line}", begin, StringComparison.Ordinal));
        Assert.All(Application.Commands, c => Assert.Equal(2, output.Split($"\n  {c.Name} ").Length));
        Assert.DoesNotContain("Further:", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_help_with_its_examples_and_takes_json(string command)
    {
        var (code, output, _) = Tool.Run(command, "--help");
        Assert.Equal(0, code);
        Assert.All(
            Definition(command).Examples,
            example => Assert.Contains($"  {example}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal));
        Assert.Contains("--json", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_example_is_a_command_line_of_its_command(string command)
    {
        Assert.NotEmpty(Definition(command).Examples);
        foreach (var example in Definition(command).Examples)
        {
            // Behind them stand a remark, or what a shell does with the output.
            var words = example.Split("   ")[0].Split(" > ")[0].Split(' ');
            Assert.Equal(["mldl", command], words[..2]);
            Assert.Empty(Application.Parse(words[1..], new("mldl"), TextWriter.Null, TextWriter.Null, []).Errors);
        }
    }

    private static ToolCommand Definition(string name) => Application.Commands.Single(c => c.Name == name);

    [Fact]
    public void Help_loads_neither_torch_nor_ml_net()
    {
        // The runtime says what it loads; the library itself stays out as well.
        using var folder = new TemporaryFolder();
        var (code, output, error) = ChildProcess.Dotnet(Tool.Dll, "--help");
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
