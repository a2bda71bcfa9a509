using System.Globalization;
using System.Text.Json;
using MlNetDl.Files;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>One JSON line an epoch. The second fit of a training's stages writes <c>metrics.2.jsonl</c>, and so on.
/// A run that continues begins with the epochs of its checkpoint; later epochs are trained and written
/// again.</summary>
internal sealed class MetricsFile(string path) : Callback
{
    private static readonly JsonSerializerOptions Lines = new(RunResult.Json) { WriteIndented = false };
    private int fits;

    private string Current => fits == 1
        ? path
        : Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $".{fits}.jsonl"));

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
        fits++;
        AtomicFile.WriteText(Current, string.Concat(done.Select(Line)));
    }

    public override bool EpochEnded(EpochReport epoch)
    {
        File.AppendAllText(Current, Line(epoch));
        return true;
    }

    private static string Line(EpochReport epoch) => JsonSerializer.Serialize(epoch, Lines) + "\n";
}
