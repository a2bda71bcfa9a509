using System.Globalization;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>A sheet of samples after each epoch, always of the same noise, so that people see them get better: <c>samples/epoch-0001.png</c>.
/// Steps that make no images have none.</summary>
/// <remarks>Of a long training the first ten epochs stay, 40 of the others, and always the last one. A sheet that is not to stay goes when the next
/// one comes, because a training may end early. The second fit of a training's stages writes <c>samples.2</c>, and so on.</remarks>
/// <param name="folder">The folder <c>samples</c>.</param>
internal sealed class EpochSheets(string folder) : Callback
{
    private const int Columns = 8, All = 50, First = 10, Seed = 0;
    private int planned = All, fits;
    private IMakesSamples? maker;

    private string Current => fits == 1 ? folder : string.Create(CultureInfo.InvariantCulture, $"{folder}.{fits}");

    /// <summary>Whether the sheet of an epoch stays.</summary>
    public static bool Stays(int epoch, int epochs)
    {
        long Place(int at) => (long)(at - First) * (All - First) / (epochs - First);
        return epochs <= All || epoch <= First || Place(epoch) > Place(epoch - 1);
    }

    public override void Starting(TrainingStep step, IReadOnlyList<EpochReport> done)
    {
        fits++;
        maker = step is IMakesSamples makes && SampleSheet.CanDraw(makes.SampleShape) ? makes : null;
    }

    public override void StepEnded(TrainingProgress progress) => planned = progress.Epochs;

    public override bool EpochEnded(EpochReport epoch)
    {
        if (maker is not null)
        {
            Directory.CreateDirectory(Current);
            SampleSheet.Write(FileOf(epoch.Epoch), maker.MakeSamples(Columns * Columns, Seed), maker.SampleShape, Columns, maker.SamplePeak);
            if (epoch.Epoch > 1 && !Stays(epoch.Epoch - 1, planned))
            {
                File.Delete(FileOf(epoch.Epoch - 1));
            }
        }

        return true;
    }

    private string FileOf(int epoch) => Path.Combine(Current, string.Create(CultureInfo.InvariantCulture, $"epoch-{epoch:0000}.png"));
}
