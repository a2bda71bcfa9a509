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

    /// <inheritdoc/>
    protected override bool TakesValidationPath => true;
}
