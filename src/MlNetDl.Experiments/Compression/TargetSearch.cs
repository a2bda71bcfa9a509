using System.Text.Json;
using Microsoft.ML;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Files;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Reaches a target with each score of channels that suits the model, trains each shortly, and takes the best by the loss
/// on rows that are held out of the training part.</summary>
internal sealed class TargetSearch(
    ModelCompressor compressor, CompressionJob job, CompressionFolder place, SavedModel model, LoadedData data, Action<string> tell)
{
    /// <summary>The folder of the tries.</summary>
    public const string Folder = "tries";

    private const string TryFile = "try.json", AimsFile = "aims.json", Loss = "loss";

    // A share is of what the stage measures itself: a time differs from run to run, and a file has more than a graph in it.
    private const int Attempts = 3;

    // One slow measurement must not cost most of the channels.
    private const double MostStep = 0.15;

    private readonly SizeTarget target = SizeTarget.Of(job.Target!);

    /// <summary>The smaller model, and what was tried, best first. There is no model where no try has reached the target.</summary>
    /// <param name="present">The figure of the model as it is.</param>
    /// <param name="stop">Cancels; tries that are done are kept.</param>
    public (SavedModel? Best, IReadOnlyList<CompressionTry> Tries) Run(double present, CancellationToken stop)
    {
        var tries = new List<CompressionTry>();
        foreach (var entry in Catalogs.ChannelScores.Entries.Where(e => e.Preset.Count == 0 && IsTried(e.Type)))
        {
            stop.ThrowIfCancellationRequested();
            var folder = place[Path.Combine(Folder, entry.Name)];
            var file = Path.Combine(folder, TryFile);
            var done = File.Exists(file) ? JsonSerializer.Deserialize<CompressionTry>(File.ReadAllText(file), CompressionResult.Json) : null;
            if (done is null)
            {
                Directory.CreateDirectory(folder);
                tell($"{entry.Name}: looking for {job.Target}");
                done = Tried(entry, folder, present, stop);
                AtomicFile.WriteText(file, JsonSerializer.Serialize(done, CompressionResult.Json));
            }

            tell(done.Problem is { } problem ? $"{entry.Name}: {problem}" : $"{entry.Name}: {target.Figure} {target.Words(done.Figure!.Value)}");
            tries.Add(done);
        }

        tries = [.. tries.OrderBy(t => t.Problem is null ? 0 : 1).ThenBy(t => t.Validation.GetValueOrDefault(Loss, double.PositiveInfinity))];
        return (tries.FirstOrDefault(t => t.Problem is null) is { } best
            ? SavedModel.Load(Path.Combine(place[Path.Combine(Folder, best.Method)], SavedModel.Zip)) : null, tries);
    }

    private CompressionTry Tried(CatalogEntry entry, string folder, double present, CancellationToken stop)
    {
        var aims = Aims(folder);
        CompressionTry? last = null;
        int epochs = 0;
        double seconds = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt == aims.Count)
            {
                // A try that goes on aims as before, although the times that it measures are others.
                aims.Add(attempt == 0 ? target.AtMost : aims[^1] - Math.Min(1.2 * (last!.Figure!.Value - target.AtMost), MostStep * target.AtMost));
                AtomicFile.WriteText(Path.Combine(folder, AimsFile), JsonSerializer.Serialize(aims));
            }

            double aim = aims[attempt];
            if (aim <= 0)
            {
                break;
            }

            var training = CompressionJob.HoldingOut(job.Training) with
            {
                Stages =
                [
                    new FilterPruning
                    {
                        By = (ChannelScore)Activator.CreateInstance(entry.Type)!,
                        Of = target.Measure,
                        Amount = 1 - (aim / present),
                        FineTune = job.FineTune,
                    },
                ],
            };
            try
            {
                var checkpoint = Path.Combine(folder, $"{CompressionFolder.Checkpoint}{attempt}");
                var (small, reports) = compressor.Compressed(model, data, training, checkpoint, isQuiet: true, stop);
                epochs += reports.Sum(r => r.Epochs.Count);
                seconds += reports.Sum(r => r.Seconds);
                double figure = target.Of(small.Package);
                var validation = small.Package.Manifest.Training?.Validation ?? new Dictionary<string, double>();
                if (!double.IsFinite(validation.GetValueOrDefault(Loss)))
                {
                    return With(new(entry.Name, figure, validation, "its loss on held-out rows is no number"));
                }

                if (figure <= target.AtMost)
                {
                    small.Save(new MLContext(training.Seed), folder);
                    return With(new(entry.Name, figure, validation, null));
                }

                last = new(entry.Name, figure, validation, $"came to {target.Figure} {target.Words(figure)}, above {target.Words(target.AtMost)}");
            }
            catch (TrainingDivergedException e)
            {
                return With(new(entry.Name, null, new Dictionary<string, double>(), e.Message));
            }
            catch (PruningLimitException e)
            {
                double least = e.Least / e.Whole * present;
                return With(last ?? new(
                    entry.Name,
                    least,
                    new Dictionary<string, double>(),
                    $"leaves {target.Figure} {target.Words(least)} of {target.Words(present)} where as few channels stay as may"));
            }
            catch (ArgumentException e)
            {
                // The stage tells what the model lacks for this score.
                return With(last ?? new(entry.Name, null, new Dictionary<string, double>(), e.Message.Split(" (Parameter '")[0]));
            }
        }

        return With(last!);

        CompressionTry With(CompressionTry ended) => ended with { Epochs = epochs, Seconds = Math.Round(seconds, 2) };
    }

    private static List<double> Aims(string folder)
    {
        var file = Path.Combine(folder, AimsFile);
        return File.Exists(file) ? JsonSerializer.Deserialize<List<double>>(File.ReadAllText(file))! : [];
    }

    // What is drawn at random is a control, and a score of a host's own may need settings.
    private static bool IsTried(Type type) => type != typeof(RandomScore) && type.GetConstructor(Type.EmptyTypes) is not null;
}
