using MlNetDl.Experiments;
using MlNetDl.Search;

namespace MlNetDl.Cli.Tests.Sweeps;

/// <summary>A temporary folder that holds a configuration, <c>a.yaml</c>, and the sweeps that a test runs with real worker
/// processes. The sweep of a test is in <c>run</c> where the test names no other folder.</summary>
internal sealed class SweepTestFolder : IDisposable
{
    /// <summary>The head of a configuration: few digits and a small network. A search follows.</summary>
    public const string Digits = """
        name: digits
        data: { dataset: optdigits, take: 400 }
        network: { type: mlp, hidden: [16] }
        training: { epochs: 2, batchSize: 64, validationFraction: 0.25 }

        """;

    private readonly TemporaryFolder folder = new();

    /// <summary>Starts workers as the tool does.</summary>
    public static WorkerLauncher Launcher => new("dotnet", "exec", Tool.Dll, "worker", "--supervised");

    public string Path => folder.Path;

    public string this[string name] => folder[name];

    public void Dispose() => folder.Dispose();

    /// <summary>Writes a text as <c>a.yaml</c> and reads it with changes of its values.</summary>
    public Experiment Load(string yaml, params string[] overrides)
    {
        File.WriteAllText(folder["a.yaml"], yaml);
        return Experiment.Load(folder["a.yaml"], overrides);
    }

    public RunResult Run(Experiment experiment, string name = "run", SweepView? view = null, CancellationToken stop = default) =>
        new SweepRunner(folder[name], Launcher, view).Run(experiment, stop);

    public IReadOnlyList<TrialRecord> Trials(string name = "run")
    {
        using var study = OpenStudy(name);
        return study.Trials;
    }

    /// <summary>Each trial as a text with its parameters, values and reports to the last bit.</summary>
    public IReadOnlyList<string> TrialTexts(string name = "run") => [.. Trials(name).Select(t =>
        $"{t.Number} {t.State} {string.Join(' ', t.Numbers.Select(n => $"{n.Key}={n.Value:R}"))} {string.Join(' ', t.Values)} "
        + string.Join(' ', t.Reports.Select(r => $"{r.Step}:{r.Value:R}")))];

    public Study OpenStudy(string name = "run") => Study.Load(folder[$"{name}/study.db"], "search");

    /// <summary>The files of a name, with <c>*</c> and <c>?</c>, in a folder and all below it.</summary>
    public IEnumerable<string> Files(string under, string name) =>
        Directory.EnumerateFiles(folder[under], name, SearchOption.AllDirectories);

    /// <summary>Writes a table of sixty rows with a number <c>x</c> and a class <c>y</c>, which is yes in every other row.</summary>
    public void WriteTable(string name, string otherClass = "no") => File.WriteAllText(
        folder[name], "x,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{(i % 2 == 0 ? "yes" : otherClass)}\n")));

    /// <summary>Waits until something is so, for two minutes at most.</summary>
    /// <param name="isSo">Says whether it is so.</param>
    /// <param name="look">Is called before each further question.</param>
    public static void Until(Func<bool> isSo, Action? look = null)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 1200, "did not happen within two minutes");
            Thread.Sleep(100);
            look?.Invoke();
        }
    }
}
