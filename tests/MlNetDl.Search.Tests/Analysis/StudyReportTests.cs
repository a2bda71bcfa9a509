using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlNetDl.Search;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;
using MlNetDl.Metrics;

namespace MlNetDl.Search.Tests.Analysis;

public sealed partial class StudyReportTests
{
    private static readonly StudyReportOptions Quick = new() { Importances = [new PedAnova(), new FunctionalAnova { Trees = 4 }] };

    private static string Html(History history) => StudyReport.ToHtml(history, new StudyOptions(), Quick);

    private static XElement Page(string html) => XDocument.Parse(html).Root!;

    [Fact]
    public void The_page_is_well_formed_and_has_each_id_once()
    {
        foreach (var history in new[]
        {
            Made.Mixed(),
            History.Of([]),
            Made.Function(40, [new Uniform(0, 1), new LogUniform(1e-3, 1)], x => x[0]),
            Two(),
        })
        {
            var page = Page(Html(history));
            var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            Assert.All(
                page.Descendants().Attributes("clip-path").Select(a => ClipPath().Match(a.Value).Groups[1].Value),
                id => Assert.Contains(id, ids));
        }
    }

    [Fact]
    public void The_page_says_steps_and_bounds()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new("low", new Uniform(0, 0.55, 0.1)), new("high", new Integer(1, 9)) { AtLeast = "low" },
                new("middle", new Uniform(0, 9)) { AtLeast = "low", AtMost = "high" },
            ],
        }.Checked();
        using var study = Study.InMemory("study", sampler: new RandomSampler(), space: space);
        study.Optimize(t => t.Record.Numbers["low"] + t.Record.Numbers["high"], trials: 12);
        var html = Html(study.History);
        Assert.Contains("0 to 0.5, step 0.1", html, StringComparison.Ordinal);
        Assert.Contains("1 to 9, whole, at least low", html, StringComparison.Ordinal);
        Assert.Contains("0 to 9, at least low, at most high", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_are_analysed_as_whole_numbers_are()
    {
        var steps = Made.Function(60, [new Uniform(0, 2, 0.1), new Uniform(0, 1)], x => x[0] + x[1]);
        var whole = Made.Function(60, [new Integer(0, 20), new Uniform(0, 1)], x => (x[0] / 10) + x[1]);
        foreach (ImportanceEvaluator evaluator in (ImportanceEvaluator[])[new PedAnova(), new FunctionalAnova { Trees = 4 }])
        {
            Assert.Equal(
                evaluator.Evaluate(whole).Importances.Select(i => (i.Parameter, Math.Round(i.Importance, 6))),
                evaluator.Evaluate(steps).Importances.Select(i => (i.Parameter, Math.Round(i.Importance, 6))));
        }
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        var page = Page(Html(Made.Mixed()));
        Assert.Empty(page.Descendants().Attributes("src"));
        Assert.Empty(page.Descendants("link"));
        Assert.Empty(page.Descendants("iframe"));
        Assert.All(page.Descendants().Attributes("href"), a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
        var text = Html(Made.Mixed()).Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal);
        Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_the_study_is_never_markup()
    {
        var html = Html(Made.Mixed());
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Equal(2, Script().Count(html));
        Assert.Contains("mixed <script>alert(1)</script>", Page(html).Descendants("h1").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void All_trials_are_in_it_with_all_digits()
    {
        var history = Made.Mixed();
        var csv = Page(Html(history)).Descendants("script").Single(s => (string?)s.Attribute("id") == "csv").Value;
        Assert.Equal(TrialList.Of(history).ToCsv(), JsonSerializer.Deserialize<string>(csv));
    }

    [Fact]
    public void The_summary_says_what_came_out()
    {
        var page = Page(Html(Made.Mixed()));
        var facts = page.Descendants("div")
            .Where(d => (string?)d.Attribute("class") == "fact")
            .ToDictionary(d => d.Element("h2")!.Value, d => string.Join('|', d.Elements("p").Select(p => p.Value)));
        Assert.Equal("2|value of trial 4", facts["Best"]);
        Assert.Equal("8|4 complete, 1 waiting, 1 running, 1 pruned, 1 failed", facts["Trials"]);
        Assert.Equal("7.0 s|12.0 s of work by 1 worker", facts["Duration"]);
        Assert.StartsWith("tpe|", facts["Sampler"], StringComparison.Ordinal);
        Assert.StartsWith("none", facts["Pruner"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_trial_is_listed_and_counted_and_takes_no_time()
    {
        using var study = Study.InMemory("queue");
        study.Release(study.Ask());
        study.Enqueue(new Dictionary<string, object?>());
        study.Cancel(0);
        study.Cancel(1);
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 5);
        var history = study.History;
        Assert.Contains("3 complete, 2 cancelled", Html(history), StringComparison.Ordinal);
        Assert.Equal([2, 3, 4], Timeline.Of(history).Bars.Select(b => b.Number));
        Assert.StartsWith("number,state,value,", TrialList.Of(history).ToCsv(), StringComparison.Ordinal);
        Assert.Contains("\n1,cancelled,,,0,0,,,", TrialList.Of(history).ToCsv(), StringComparison.Ordinal);
        Assert.Contains("\"state\": \"cancelled\"", TrialList.Of(history).ToJson(), StringComparison.Ordinal);
        Assert.Equal(3, OptimizationHistory.Of(history).Points.Count);
    }

    [Fact]
    public void Every_plot_has_a_title_and_says_how_to_read_it()
    {
        var figures = Page(Html(Two())).Descendants("figure").ToList();
        Assert.All(figures, f => Assert.NotEmpty(f.Element("h3")!.Value));
        Assert.All(figures, f => Assert.EndsWith(".", f.Element("figcaption")!.Value, StringComparison.Ordinal));
        var titles = figures.Select(f => f.Element("h3")!.Value).ToList();
        Assert.Contains("Pareto front", titles);
        Assert.Contains("Optimisation history of value1", titles);
        Assert.Contains("Slice of value0 by a", titles);
        Assert.Equal(titles.Count, titles.Distinct().Count());
    }

    [Fact]
    public void The_two_importances_say_what_they_ask_and_the_history_what_it_lacks()
    {
        var figures = Page(Html(Made.Mixed()))
            .Descendants("figure")
            .ToDictionary(f => f.Element("h3")!.Value, f => f.Element("figcaption")!.Value);
        Assert.EndsWith(
            " Only complete trials have a value: 1 pruned, 1 failed are not shown.",
            figures["Optimisation history"],
            StringComparison.Ordinal);
        Assert.EndsWith(" Axes stand in the order of PED-ANOVA.", figures["Parallel coordinates"], StringComparison.Ordinal);
        figures = Page(Html(Two())).Descendants("figure").ToDictionary(f => f.Element("h3")!.Value, f => f.Element("figcaption")!.Value);
        Assert.DoesNotContain("not shown", figures["Optimisation history of value0"], StringComparison.Ordinal);
        Assert.Contains("the best trials differ", figures["What makes value1 good (PED-ANOVA)"], StringComparison.Ordinal);
        Assert.Contains("over the whole space", figures["What moves value1 (fANOVA)"], StringComparison.Ordinal);
    }

    [Fact]
    public void Components_have_the_names_that_YAML_has()
    {
        foreach (var (sampler, pruner, name) in new (Sampler, TrialPruner, string)[]
        {
            (new CmaEsSampler(), new SuccessiveHalvingPruner(), "cmaEs successiveHalving"),
            (new Nsga2Sampler(), new NoPruner(), "nsga2 none"),
            (new Own(), new WilcoxonPruner(), "Own wilcoxon"),
        })
        {
            var facts = Page(
                StudyReport.ToHtml(Made.Mixed(), new StudyOptions { Sampler = sampler, Pruner = pruner }, Quick))
                .Descendants("div")
                .Where(d => (string?)d.Attribute("class") == "fact")
                .ToDictionary(d => d.Element("h2")!.Value, d => d.Elements("p").First().Value);
            Assert.Equal(name, $"{facts["Sampler"]} {facts["Pruner"]}");
        }
    }

    [Fact]
    public void The_same_trials_give_the_same_text() => Assert.Equal(Html(Made.Mixed()), Html(Made.Mixed()));

    [Fact]
    public void It_is_written_from_a_running_study()
    {
        using var folder = new TemporaryFolder();
        using var study = Study.InMemory("running");
        study.Optimize(t => t.Uniform("x", 0, 1), trials: 12);
        study.Ask().Uniform("x", 0, 1);
        StudyReport.Write(study, folder["deep/study.html"], Quick);
        Assert.Contains("12 complete, 1 running", File.ReadAllText(folder["deep/study.html"]), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder["deep"]));
    }

    [Fact]
    public void When_writing_fails_nothing_is_written_over()
    {
        using var folder = new TemporaryFolder();
        using var study = Study.InMemory("study");
        File.WriteAllText(folder["study.html"], "old");
        Assert.Throws<ArgumentException>(() => StudyReport.Write(study, folder["study.html"], Quick with { Importances = [] }));
        Assert.Throws<InvalidOperationException>(
            () => StudyReport.Write(study, folder["study.html"], Quick with { Importances = [new Broken()] }));
        Assert.Equal("old", File.ReadAllText(folder["study.html"]));
        Assert.Single(Directory.GetFiles(folder.Path));
        Directory.CreateDirectory(folder["folder.html"]);
        Assert.ThrowsAny<SystemException>(() => StudyReport.Write(study, folder["folder.html"], Quick));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    private static History Two() => History.Of(
        [.. Enumerable.Range(0, 20)
            .Select(i => Made.Trial(
                i, [i, i * 7 % 20], ("a", new Uniform(0, 1), i / 20.0), ("b", Choice.Of("x", "y"), i % 2)))],
        [Goal.Minimize, Goal.Maximize]);

    [GeneratedRegex(@"#([\w-]+)")]
    private static partial Regex ClipPath();

    [GeneratedRegex("<script")]
    private static partial Regex Script();

    private sealed record Own : Sampler
    {
        public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) => 0;
    }

    private sealed record Broken : ImportanceEvaluator
    {
        public override ParameterImportances Evaluate(History history, int objective = 0) => throw new InvalidOperationException("broken");
    }
}
