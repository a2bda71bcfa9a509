using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests;

/// <summary>Sheets of samples that a run leaves after its epochs.</summary>
public sealed class EpochSheetsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public EpochSheetsTests() => File.WriteAllText(folder["digits.yaml"], """
        name: digits
        data: { dataset: optdigits, take: 600 }
        network: { type: vae, latent: 3, peak: 16, encoder: { type: mlp, hidden: [16] }, decoder: { type: mlp, hidden: [16] } }
        training: { epochs: 4, threads: 1 }
        """);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_that_is_cancelled_and_resumed_leaves_the_same_sheets_bit_for_bit()
    {
        var experiment = Experiment.Load(folder["digits.yaml"]);
        new ExperimentRunner(folder["whole"]).Run(experiment);
        using (var stop = new CancellationTokenSource())
        {
            Assert.Throws<OperationCanceledException>(
                () => new ExperimentRunner(folder["parts"], new StopAfter(2, stop)).Run(experiment, stop.Token));
            Assert.Equal(2, Sheets("parts").Count);
        }

        new ExperimentRunner(folder["parts"]).Run(experiment);
        var (whole, parts) = (Sheets("whole"), Sheets("parts"));
        Assert.Equal(["epoch-0001.png", "epoch-0002.png", "epoch-0003.png", "epoch-0004.png"], whole.Select(s => s.Name));
        Assert.Equal(whole.Select(s => s.Name), parts.Select(s => s.Name));
        Assert.All(whole.Zip(parts), pair => Assert.Equal(pair.First.Bytes, pair.Second.Bytes));
        // They change from epoch to epoch.
        Assert.NotEqual(whole[0].Bytes, whole[3].Bytes);
    }

    [Fact]
    public void The_last_sheet_is_what_the_saved_model_makes_of_the_same_noise()
    {
        Tool.Json("run", folder["digits.yaml"], "--output", folder["run"]);
        Tool.Json("generate", folder["run/model.zip"], "--count", "64", "--seed", "0", "--output", folder["made.png"]);
        using var sheet = Microsoft.ML.Data.MLImage.CreateFromFile(folder["run/samples/epoch-0004.png"]);
        using var made = Microsoft.ML.Data.MLImage.CreateFromFile(folder["made.png"]);
        Assert.Equal((made.Width, made.Height), (sheet.Width, sheet.Height));
        // Torch and ONNX Runtime may round apart.
        Assert.All(made.Pixels.ToArray().Zip(sheet.Pixels.ToArray()), p => Assert.InRange(p.First - p.Second, -1, 1));
    }

    [Fact]
    public void Of_a_long_training_the_first_ten_forty_others_and_the_last_stay()
    {
        Assert.All(Enumerable.Range(1, 50), epoch => Assert.True(EpochSheets.Stays(epoch, 50)));
        Assert.All(new[] { 51, 77, 1000 }, epochs =>
        {
            var stay = Enumerable.Range(1, epochs).Where(epoch => EpochSheets.Stays(epoch, epochs)).ToList();
            Assert.Equal(50, stay.Count);
            Assert.Equal(Enumerable.Range(1, 10), stay.Take(10));
            Assert.Equal(epochs, stay[^1]);
            int widest = stay.Skip(10).Zip(stay.Skip(11), (a, b) => b - a).Max(), narrowest = stay.Skip(10).Zip(stay.Skip(11), (a, b) => b - a).Min();
            Assert.InRange(widest - narrowest, 0, 1);
        });
    }

    [Fact]
    public void Sheets_that_are_not_to_stay_go_with_the_next_one()
    {
        Tool.Json("run", folder["digits.yaml"], "--output", folder["long"], "training.epochs=60", "data.take=20");
        Assert.Equal(
            Enumerable.Range(1, 60).Where(epoch => EpochSheets.Stays(epoch, 60)).Select(epoch => $"epoch-{epoch:0000}.png"),
            Sheets("long").Select(s => s.Name));
    }

    private List<(string Name, byte[] Bytes)> Sheets(string run) => [.. Directory.GetFiles(folder[$"{run}/samples"]).Order(StringComparer.Ordinal)
        .Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))];
}
