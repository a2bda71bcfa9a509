using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Images in files: what folders and lists of them have in common.</summary>
public abstract record ImageData : DataSource
{
    /// <summary>The key that says how much memory images may take.</summary>
    internal const string MemoryKey = "memoryBudgetMB";

    /// <summary>The size and colours that the network takes. By default they follow from the images to train on.</summary>
    public ImageOptions Image { get; init; } = new();

    /// <summary>Share of each class, or of all images, that is held out for the test where the data has no test part of its own, above 0
    /// and below 1; a fifth. It does not depend on the training's seed.</summary>
    [Above(0), Below(1)]
    public double TestFraction { get; init; } = 0.2;

    /// <summary>What becomes of images that cannot be read; they are refused by default, all at once.</summary>
    public BadFiles BadFiles { get; init; }

    /// <summary>Megabytes that decoded images of all parts may take in memory, 0 or more; by default a quarter of the memory that is free when they are
    /// read. Images beyond it are decoded again in every epoch, ahead of the training, which is the same, bit for bit.</summary>
    [AtLeast(0)]
    public int? MemoryBudgetMB { get; init; }

    /// <summary>The class that means yes, for a task of yes and no; by default the usual words tell: yes, true, positive and 1.</summary>
    public string? Positive { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<RecordProblem> ProblemsWith(LearningTask? task)
    {
        if (Image is { Channels: { } channels and not (1 or 3) })
        {
            yield return new("image.channels", $"is {channels}, but images are grey (1) or have three colours (3).");
        }

        if (Positive is not null && task?.Label is not YesNoLabel)
        {
            yield return new("positive", "names the class that means yes, but the task is none of yes and no; write task: binary, or leave it out.");
        }
    }

    /// <summary>The memory that decoded images may take.</summary>
    internal MemoryBudget Memory => MemoryBudgetMB is { } megabytes ? new((long)megabytes << 20) : MemoryBudget.OfMachine();

    /// <summary>The folder or file that the images are found by, and its key.</summary>
    private protected abstract (string Key, string Path) Place { get; }

    /// <summary>The same data at another place.</summary>
    private protected abstract ImageData At(string path);

    /// <summary>Looks at what is there, without opening an image.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It does not suit the task, or what is said of it.</exception>
    private protected abstract ImageLook Look(LearningTask? task);

    /// <inheritdoc/>
    public sealed override LoadedData Load(LearningTask? task) => new ImageLoading(this, task, Look(task)).Load();

    /// <inheritdoc/>
    /// <remarks>No image is opened.</remarks>
    public sealed override void Check(LearningTask? task) => _ = new ImageLoading(this, task, Look(task));

    /// <inheritdoc/>
    public sealed override DataSource WithFullPaths() => At(Full(Place.Path)!) with { Validation = FullValidation };

    internal sealed override DataSource Beside(PathsBeside beside) =>
        At(beside.Of($"data.{Place.Key}", Place.Path)!) with { Validation = ValidationBeside(beside) };

    /// <inheritdoc/>
    internal sealed override bool HasValidationPart => Validation is { } said ? said.Path is not null : HasOwnValidation;

    /// <inheritdoc/>
    internal sealed override bool MayHaveValidationPart => HasValidationPart || (Validation is null && !Path.Exists(Place.Path));

    /// <summary>Whether what is there has a part to validate with; not where it cannot be read.</summary>
    private protected abstract bool HasOwnValidation { get; }

    /// <inheritdoc/>
    protected sealed override bool TakesValidationPath => true;

    /// <summary>What somebody asks of data before it is loaded; nothing where it cannot be read: whoever loads it tells so.</summary>
    private protected static T? Seen<T>(Func<T> look)
        where T : class
    {
        try
        {
            return look();
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
