using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MlNetDl.Experiments;
using MlNetDl.Search;
using MlNetDl.Search.Storage;

namespace MlNetDl.Sweeps.Trained;

/// <summary>A sweep that <c>mldl run</c> has trained, or is to train.</summary>
/// <param name="Arm">Which of the compared searches it is.</param>
/// <param name="Seed">Of the trainings and of what the sampler draws.</param>
/// <param name="Folder">Its run folder.</param>
internal sealed record TrainedRun(string Arm, int Seed, string Folder)
{
    /// <summary>Trains it; a folder whose sweep is done is left as it is.</summary>
    public void Train(string mldl, string file, IReadOnlyList<string> overrides)
    {
        var seed = Seed.ToString(CultureInfo.InvariantCulture);
        Call(mldl, ["run", file, "--output", Folder, "--quiet", .. overrides, $"training.seed={seed}", $"search.sampler.seed={seed}"]);
        Console.Error.WriteLine($"{Folder} is done");
    }

    /// <summary>Its trials, in the order in which they ended.</summary>
    public IReadOnlyList<TrialRecord> Trials()
    {
        using var store = new SqliteStore(Path.Combine(Folder, "study.db"));
        using var study = Study.Load(store, "search", new());
        return [.. study.History.Finished];
    }

    /// <summary>The figures of its best model on the test data.</summary>
    public IReadOnlyDictionary<string, double> Tested(string mldl, string file) =>
        JsonNode.Parse(Call(mldl, ["evaluate", Path.Combine(Folder, "best", "model.zip"), "--data", file, "--json"]))!.AsObject()
            .Where(f => f.Value is JsonValue).ToDictionary(f => f.Key, f => (double)f.Value!);

    private static string Call(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new ArgumentException($"'{program}' could not be started; name the tool by --mldl.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new ArgumentException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}; what it said stands above.");
        }

        return output;
    }
}
