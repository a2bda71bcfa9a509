using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests.Docs;

/// <summary>Every sampler and pruner has an example in its documentation, and that is code which runs.</summary>
public sealed partial class ComponentExamplesTests
{
    public static TheoryData<string> Samplers => [.. Kinds(typeof(Sampler))];

    public static TheoryData<string> Pruners => [.. Kinds(typeof(TrialPruner))];

    [Theory]
    [MemberData(nameof(Samplers))]
    public void The_example_of_a_sampler_runs(string name)
    {
        Assert.Equal(Code("Docs/SamplerExamples.cs", name), Documented("Samplers", name));
        var trials = Run(typeof(SamplerExamples), name);
        Assert.All(trials, t => Assert.Equal(TrialState.Complete, t.State));
        Assert.True(trials.Count >= 9);
    }

    [Theory]
    [MemberData(nameof(Pruners))]
    public void The_example_of_a_pruner_runs_and_prunes(string name)
    {
        Assert.Equal(Code("Docs/PrunerExamples.cs", name), Documented("Pruners", name));
        var trials = Run(typeof(PrunerExamples), name);
        Assert.All(trials, t => Assert.True(
            t.State is TrialState.Complete or TrialState.Pruned, $"trial {t.Number} is {t.State}: {t.Error}"));
        Assert.Equal(name != nameof(NoPruner), trials.Any(t => t.State == TrialState.Pruned));
        Assert.Contains(trials, t => t.State == TrialState.Complete);
    }

    private static IEnumerable<string> Kinds(Type kind) =>
        kind.Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(kind) && !t.IsAbstract).Select(t => t.Name);

    private static IReadOnlyList<TrialRecord> Run(Type examples, string name) =>
        (IReadOnlyList<TrialRecord>)examples.GetMethod($"{name}Example", BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null)!;

    // The body of a method, but for the line that gives the trials to the test.
    private static string Code(string file, string name)
    {
        var text = File.ReadAllText(Path.Combine(ChildProcess.Repository, "tests/MlNetDl.Search.Tests", file)).ReplaceLineEndings("\n");
        var body = Regex.Match(
            text,
            $@" {name}Example\(\)\n    \{{\n(.*?)        return study\.Trials;\n    \}}\n",
            RegexOptions.Singleline).Groups[1].Value;
        return string.Join('\n', body.Split('\n').Select(l => l.Length > 8 ? l[8..] : "")).TrimEnd('\n');
    }

    private static string Documented(string folder, string name)
    {
        var root = Path.Combine(ChildProcess.Repository, "src/MlNetDl.Search", folder);
        var file = Directory.EnumerateFiles(root, $"{name}.cs", SearchOption.AllDirectories).Single();
        var example = Example().Match(File.ReadAllText(file).ReplaceLineEndings("\n")).Groups[1].Value;
        return WebUtility.HtmlDecode(string.Join('\n', example.Split('\n').Select(l => l.Length > 4 ? l[4..] : "")).TrimEnd('\n'));
    }

    [GeneratedRegex(@"/// <example><code>\n(.*?)/// </code></example>\n", RegexOptions.Singleline)]
    private static partial Regex Example();
}
