using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>One experiment that was run again.</summary>
/// <param name="Experiment">Its YAML file.</param>
/// <param name="Reproduced">Whether its figures are those that are recorded.</param>
/// <param name="Figures">The figures, as text.</param>
internal sealed record VerifiedExperiment(string Experiment, bool Reproduced, string Figures);

/// <summary><c>mldl verify-results</c>.</summary>
internal sealed class VerifyResultsCommand() : ToolCommand<IReadOnlyList<VerifiedExperiment>>(
    "verify-results", "Runs experiments again and compares with the results recorded beside them.",
    "mldl verify-results experiments/lecture03-fitting",
    "mldl verify-results experiments --update")
{
    private readonly Argument<string> folder = new("folder") { Description = "A folder of experiments, or one YAML file." };
    private readonly Option<bool> update = new("--update") { Description = "Record the results instead of comparing." };

    protected override IEnumerable<Symbol> Symbols => [folder, update];

    protected override IReadOnlyList<VerifiedExperiment> Run(ToolContext context)
    {
        var results = new List<VerifiedExperiment>();
        foreach (var yaml in ResultsVerifier.Find(context.Get(folder)))
        {
            context.Progress.WriteLine(yaml);
            var result = ResultsVerifier.Verify(
                yaml, context.Get(update), (experiment, path) => Runs.Run(context, experiment, path));
            context.Progress.WriteLine($"  {(result.Reproduced ? "ok" : "FAILED")}: {result.Differences}");
            results.Add(new(result.Experiment, result.Reproduced, result.Differences));
        }

        int failed = results.Count(r => !r.Reproduced);
        if (failed != 0)
        {
            throw new WorkFailedException($"{failed} of {results.Count} results were not reproduced.", results);
        }

        return results;
    }
}
