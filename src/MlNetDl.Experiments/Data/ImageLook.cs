namespace MlNetDl.Experiments;

/// <summary>What data of images has, part by part, before an image is opened.</summary>
internal abstract class ImageLook
{
    /// <summary>The part to train on.</summary>
    public abstract ImagePart Train { get; }

    /// <summary>The part to validate with; <see langword="null"/> where there is none.</summary>
    public abstract ImagePart? Validation { get; }

    /// <summary>The part to test with; <see langword="null"/> where it is held out.</summary>
    public abstract ImagePart? Test { get; }

    /// <summary>What was seen, each in a few words.</summary>
    public abstract IReadOnlyList<string> Notes { get; }

    /// <summary>What looks wrong; nothing by default.</summary>
    public virtual IReadOnlyList<string> Warnings => [];

    /// <summary>All files that are read.</summary>
    public IEnumerable<string> Files => new[] { Train, Validation, Test }.OfType<ImagePart>().SelectMany(p => p.Files);
}
