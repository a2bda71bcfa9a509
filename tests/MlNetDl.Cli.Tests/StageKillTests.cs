using System.Globalization;

namespace MlNetDl.Cli.Tests;

/// <summary>A chain of stages whose process is killed again and again leaves the bytes of one that was not.</summary>
/// <remarks>The environment variable MLNETDL_TORTURE raises the number of kills, and the length of the training with
/// it.</remarks>
public sealed class StageKillTests : IDisposable
{
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("MLNETDL_TORTURE"), CultureInfo.InvariantCulture, out int kills) ? kills : 5;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Killed_in_its_middle_it_leaves_the_same_bytes()
    {
        int epochs = 2 * Kills;
        File.WriteAllText(folder["a.yaml"], $$"""
            name: chain
            data: { dataset: optdigits }
            network: { type: mlp, hidden: [256, 128] }
            training:
              epochs: {{epochs}}
              batchSize: 32
              threads: 1
              optimizer: { type: adam, learningRate: 0.001 }
              validationFraction: 0.2
              restoreBestWeights: true
              stages:
                - fit
                - { type: magnitudePruning, amount: 0.8, schedule: agp, fineTune: { epochs: {{epochs}} } }
                - { type: filterPruning, by: taylor, amount: 0.5, schedule: iterative, fineTune: { epochs: {{Math.Max(1, epochs / 5)}} } }
            """);
        Tool.Json("run", folder["a.yaml"], "--output", folder["whole"]);
        int killed = 0, all = LinesOf("whole");
        while (!File.Exists(folder["torn/result.json"]))
        {
            using var process = Tool.Start(Environment.CurrentDirectory, "run", folder["a.yaml"], "--output", folder["torn"], "--quiet");
            _ = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            // By what it has done, and not by time, so that a fast machine is killed as often as a slow one.
            int at = 2 + (killed * (all - 4) / Kills);
            while (killed < Kills && LinesOf("torn") < at && !process.WaitForExit(5))
            {
            }

            if (killed < Kills && !process.HasExited)
            {
                process.Kill();
                killed++;
            }

            process.WaitForExit();
            Assert.True(killed < Kills || File.Exists(folder["torn/result.json"]) || process.ExitCode == 0 || process.ExitCode == 137, "ended in an error");
        }

        Assert.InRange(killed, Math.Min(Kills, 3), Kills);
        Assert.Equal(File.ReadAllBytes(folder["whole/model.onnx"]), File.ReadAllBytes(folder["torn/model.onnx"]));
        Assert.Equal(File.ReadAllBytes(folder["whole/model.zip"]), File.ReadAllBytes(folder["torn/model.zip"]));
    }

    // Epochs so far, a line each.
    private int LinesOf(string run)
    {
        try
        {
            using var file = new FileStream(folder[$"{run}/metrics.jsonl"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Count(c => c == '\n');
        }
        catch (IOException)
        {
            return 0;   // It is not there yet.
        }
    }
}
