using System.CommandLine;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl verify-results</c>.</summary>
internal static class VerifyResultsCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var folder = new Argument<string>("folder") { Description = "A folder of experiments, or one YAML file." };
        var update = new Option<bool>("--update") { Description = "Record the results instead of comparing." };
        return scope.With(new Command("verify-results", "Runs experiments again and compares with the results recorded beside them.") { folder, update },
            (parsed, stop) => Verify(scope, parsed.GetValue(folder)!, parsed.GetValue(update), parsed.GetValue(scope.JsonOption), stop));
    }

    private static JsonArray Verify(CommandScope scope, string folder, bool update, bool json, CancellationToken stop)
    {
        var text = json ? scope.Error : scope.Output;
        var results = new List<Verification>();
        foreach (var yaml in ResultsVerifier.Find(folder))
        {
            text.WriteLine(yaml);
            var result = ResultsVerifier.Verify(yaml, update, (experiment, path) =>
            {
                using var progress = new TrainingProgressView(text, experiment);
                return new ExperimentRunner(path, progress).Run(experiment, stop);
            });
            text.WriteLine($"  {(result.Reproduced ? "ok" : "FAILED")}: {result.Differences}");
            results.Add(result);
        }

        var report = new JsonArray([.. results.Select(r => (JsonNode)new JsonObject { ["experiment"] = r.Experiment, ["reproduced"] = r.Reproduced, ["figures"] = r.Differences })]);
        int failed = results.Count(r => !r.Reproduced);
        return failed == 0 ? report : throw new WorkFailedException($"{failed} of {results.Count} results were not reproduced.", report);
    }
}
