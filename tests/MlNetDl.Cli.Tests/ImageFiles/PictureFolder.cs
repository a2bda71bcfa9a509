using Microsoft.ML;
using MlNetDl.Experiments;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Tests.Images;

namespace MlNetDl.Cli.Tests.ImageFiles;

/// <summary>A folder of small pictures that no two of are the same.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int made;

    public string this[string name] => folder[name];

    /// <summary>The data in a folder below.</summary>
    public ImageFolderData Data(string name = "photos") => new() { Folder = this[name] };

    public void Dispose() => folder.Dispose();

    /// <summary>Makes pictures of 4 x 4 pixels: <c>photos/cat/0.png</c> and so on.</summary>
    public PictureFolder With(string place, int count = 5, byte colourType = 2)
    {
        for (int i = 0; i < count; i++)
        {
            Write($"{place}/{i}.png", Picture(colourType));
        }

        return this;
    }

    /// <summary>Two classes, each of five pictures.</summary>
    public PictureFolder WithTwo(string place = "photos") => With($"{place}/cat").With($"{place}/dog");

    /// <summary>A file of any bytes.</summary>
    public PictureFolder Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
        return this;
    }

    /// <summary>A picture that no other one is equal to.</summary>
    public byte[] Picture(byte colourType = 2, int side = 4)
    {
        var rows = new byte[side * side * (colourType == 2 ? 3 : 1)];
        new Random(++made).NextBytes(rows);
        return Png.Encode(side, side, colourType, 8, rows);
    }

    /// <summary>What is said of data, without the path of this folder. What is said must be true: a small network is trained with the data, and every file of
    /// a folder is read or told to be left out.</summary>
    public string Said(DataSource data, LearningTask? task = null)
    {
        task ??= new MulticlassClassification();
        var loaded = data.Load(task);
        var said = Short(string.Join('\n', loaded.Warnings.Select(w => $"warning: {w}").Prepend(loaded.Description)));
        if (data is ImageFolderData { Validation.Path: null } folder)
        {
            AllFiles.MustBeIn(said, folder.Folder);
        }

        if (task.LearnsFromLabels)
        {
            Train(loaded);
        }

        return said;
    }

    /// <summary>The message by which data is refused, without the path of this folder.</summary>
    public string Refused(DataSource data, LearningTask? task = null) =>
        Short(Assert.ThrowsAny<Exception>(() =>
        {
            data.Load(task ?? new MulticlassClassification());
        }) is var e && e is IOException or InvalidDataException ? e.Message : throw e);

    private static void Train(LoadedData loaded)
    {
        var (model, network) = loaded.Fit(new MLContext(seed: 1), new()
        {
            Network = new Mlp { Hidden = [2] },
            Training = new() { Epochs = 1, Threads = 1 },
        });
        using (network)
        {
            var (scores, targets) = loaded.Score(model, network, DataPart.Test);
            int labels = network.Package.Manifest.Label.Width;
            Assert.Equal((loaded.Counts!.Value.Test * labels, true), (targets.Length, scores.All(float.IsFinite)));
        }
    }

    private string Short(string text) => text.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Replace('\\', '/');
}
