using System.Text.Json.Nodes;
using MlNetDl.Commands;
using MlNetDl.Experiments;
using MlNetDl.Extensions.Tests.Parts;

namespace MlNetDl.Extensions.Tests;

/// <summary>The tool with a command of a host's own, and the tool as it is with parts of a host.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_tool_goes_by_the_name_of_its_program()
    {
        var (code, _, error) = Run("count-clases");
        Assert.Equal(2, code);
        Assert.Equal("owntool: 'count-clases' is no command of 'owntool': did you mean 'count-classes'?", error.Split(Environment.NewLine)[0]);
        Assert.Contains("Try 'owntool --help'", error, StringComparison.Ordinal);
        foreach (var call in (string[][])[["--help"], ["run", "--help"], ["study", "--help"], ["worker", "--help"], ["new", "multiclass"], ["list"]])
        {
            Assert.DoesNotContain("mldl ", Run(call).Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_tools_of_one_process_keep_their_names()
    {
        Assert.All(
            Enumerable.Range(0, 20).AsParallel().Select(i => (Name: $"tool{i}", Told: Run($"tool{i}", ["study", "stopp", "nowhere"]))),
            call => Assert.StartsWith($"{call.Name}: 'stopp' is no action of '{call.Name} study'", call.Told.Error, StringComparison.Ordinal));
        foreach (var name in (string[])["one", "other"])
        {
            var help = Run(name, ["worker", "--help"]).Output.ReplaceLineEndings(" ");
            Assert.Contains($"'{name} run' starts such workers itself", help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hosts_command_has_help_text_json_and_exit_codes()
    {
        var (code, output, _) = Run("--help");
        Assert.Equal(0, code);
        Assert.Contains("count-classes", output, StringComparison.Ordinal);
        Assert.Contains("  owntool count-classes runs/quickstart/best/model.zip", Run("count-classes", "--help").Output, StringComparison.Ordinal);

        new ExperimentRunner(folder["run"]).Run(Experiment.Load(DataSourceTests.Points(folder)));
        var model = folder["run/model.zip"];
        Assert.Equal((0, $"{model}: 2 classes"), (Run("count-classes", model).Code, Run("count-classes", model).Output.TrimEnd()));
        Assert.Equal(2, (int)JsonNode.Parse(Run("count-classes", model, "--json").Output)!["classCount"]!);

        Assert.Equal(2, Run("count-classes").Code);
        Assert.Contains("does not exist", Run("count-classes", "nowhere.zip").Error, StringComparison.Ordinal);
        new ExperimentRunner(folder["plants"]).Run(Experiment.Load(DataSourceTests.Plants(folder)));
        Assert.Equal((2, "owntool: The model has no classes; name one that was trained with task: multiclass."),
            (Run("count-classes", folder["plants/model.zip"]).Code, Run("count-classes", folder["plants/model.zip"]).Error.TrimEnd()));
        Assert.Equal(typeof(ClassesOfModel), new CountClasses().ResultType);
    }

    [Fact]
    public void Two_commands_of_one_name_are_refused() => Assert.Contains(
        "'count-classes'",
        Assert.Throws<ArgumentException>(() => Application.Run(
            ["list"], TextWriter.Null, TextWriter.Null, null, new CountClasses(), new CountClasses())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Parts_of_an_assembly_that_the_command_line_names_are_used_from_a_file()
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "mldl.dll");
        var yaml = DataSourceTests.Points(folder);
        var (code, _, error) = ChildProcess.Dotnet(tool, "run", yaml, "--output", folder["run"]);
        Assert.Equal(2, code);
        Assert.Contains("needs exactly one of the keys codes, csv, dataset, folder", error, StringComparison.Ordinal);

        var parts = typeof(PointList).Assembly.Location;
        (code, var output, error) = ChildProcess.Dotnet(tool, "run", yaml, "--output", folder["run"], "--load", parts);
        Assert.True(code == 0, error);
        Assert.Equal($"mldl: code of '{parts}' runs in this process, as --load says.", error.Trim());
        // What is to be done next is written out and works.
        var next = output.Split('\n').Single(line => line.Contains("mldl evaluate", StringComparison.Ordinal)).Trim().Split(' ');
        (code, output, error) = ChildProcess.Dotnet(tool, [.. next[1..], "--json"]);
        Assert.True(code == 0, error);
        Assert.Equal(49, (int)JsonNode.Parse(output)!["rows"]!);
    }

    [Theory]
    [InlineData("gone.dll", "there is no such file")]
    [InlineData("text.dll", "cannot be loaded")]
    public void What_is_no_assembly_is_wrong_usage(string name, string message)
    {
        File.WriteAllText(folder["text.dll"], "no assembly");
        var (code, _, error) = Run("list", "--load", folder[name]);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args) => Run("owntool", args);

    private static (int Code, string Output, string Error) Run(string name, string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Application.Run(args, output, error, name, new CountClasses());
        return (code, output.ToString(), error.ToString());
    }
}
