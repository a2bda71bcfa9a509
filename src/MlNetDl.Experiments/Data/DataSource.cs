using MlNetDl.Configuration;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Where an experiment's data comes from: what <c>data</c> names in YAML. A new kind is a record that derives
/// from this one, and a line that registers it: <c>DataSources.All.Register&lt;Mine&gt;()</c>.</summary>
/// <remarks>In a file <c>type</c> names the kind. A kind that has a member of its own name is told by that
/// key alone: <c>folder: photos</c>.</remarks>
public abstract record DataSource : ICheckedRecord
{
    /// <summary>Reads the data, both parts.</summary>
    /// <param name="task">What is learnt from it; <see langword="null"/> for a model that is
    /// trained without labels.</param>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">It does not suit the task, or what is said of it.</exception>
    public abstract LoadedData Load(LearningTask? task);

    /// <summary>Refuses data that cannot be meant, as far as that is soon seen: without decoding or loading much.
    /// Nothing by default.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It does not suit the task, or what is said of it.</exception>
    public virtual void Check(LearningTask? task)
    {
    }

    /// <summary>What the training is validated with: a share of the training part such as <c>0.2</c>, or a file or folder of the same kind. By default
    /// <c>training.validationFraction</c> says it, and a folder's own part <c>val</c> is taken.</summary>
    public ValidationData? Validation { get; init; }

    /// <summary>Whether the data brings a validation part with it, apart from the training part; where <see cref="Validation"/> names one, and a
    /// folder that has one.</summary>
    internal virtual bool HasValidationPart => Validation?.Path is not null;

    /// <summary>The share that is held out for validation; <see langword="null"/> where the data does not say.</summary>
    internal virtual double? ValidationFraction => Validation?.Fraction;

    /// <summary>Whether <see cref="Validation"/> may name a file or folder; not by default.</summary>
    protected virtual bool TakesValidationPath => false;

    /// <summary>Problems of the validation part with what else is said of it.</summary>
    /// <param name="fraction">The share that the training holds out.</param>
    /// <param name="folds">The folds of a search.</param>
    internal IEnumerable<RecordProblem> ValidationProblems(double fraction, int? folds)
    {
        if (Validation?.Path is { } path && !TakesValidationPath)
        {
            yield return new("validation", $"names '{path}', but of data of this kind only a share can be held out, such as 0.2.");
        }
        else if (folds is not null && Validation?.Path is not null)
        {
            yield return new("validation", "is named beside search.folds, each of which is held out in turn; leave one of the two out.");
        }
        else if (ValidationFraction is { } own && !own.Equals(fraction))
        {
            yield return new("validation", string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"is {own}, but training.validationFraction is {fraction}: both mean the share that is held out; leave one of the two out."));
        }
        else if (ValidationFraction is null && HasValidationPart && fraction > 0)
        {
            yield return new("validation", string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{(Validation?.Path is { } named ? $"names '{named}'" : "is not said, and the data has a validation part of its own")}, but "
                + $"training.validationFraction {fraction} holds rows out as well; leave that out{(Validation is null
                    ? $", or write data.validation: {fraction} to hold out a share instead" : "")}."));
        }
    }

    /// <summary>Reads the data, and names the source where its code fails.</summary>
    /// <exception cref="ComponentException">The code of a source of somebody else failed.</exception>
    internal LoadedData Read(LearningTask? task) => Told(nameof(Load), () => Load(task)
        ?? throw new ComponentException(this, nameof(Load), "it returned null; return the data, or throw what is wrong with it."));

    /// <summary>The data by its full paths, and names the source where its code fails.</summary>
    /// <exception cref="ComponentException">The code of a source of somebody else failed.</exception>
    internal DataSource Located() => Told(nameof(WithFullPaths), () => WithFullPaths()
        ?? throw new ComponentException(this, nameof(WithFullPaths), "it returned null; return the data itself where it has no paths."));

    /// <summary>A path that means the same in every folder. One that is left empty stays so.</summary>
    private protected static string? Full(string? path) => string.IsNullOrEmpty(path) ? path : Path.GetFullPath(path);

    /// <summary>The same data where a path that leads nowhere from the current folder leads somewhere from that of the experiment's file.
    /// Itself by default, for data without paths.</summary>
    /// <param name="beside">The choice of paths.</param>
    internal virtual DataSource Beside(PathsBeside beside) => this;

    /// <summary>Checks the data, and names the source where its code fails.</summary>
    /// <exception cref="ComponentException">The code of a source of somebody else failed.</exception>
    internal void Question(LearningTask? task) => Told(nameof(Check), () =>
    {
        Check(task);
        return true;
    });

    /// <summary>Digests of its files, by the keys that name them. A run whose data has changed since is not continued.
    /// None by default, as for data that cannot change. A digest is <see langword="null"/> for a file that is not given
    /// or cannot be read.</summary>
    /// <seealso cref="DataFingerprint"/>
    public virtual IEnumerable<(string Key, string? Print)> Fingerprint() => [];

    /// <summary>Name of the test part for <c>mldl evaluate --data</c>: a data set, a folder or a file. By default
    /// <see langword="null"/>: then the configuration of the run names it.</summary>
    public virtual string? TestData => null;

    /// <summary>The same data by paths that mean the same in every folder: what a run's configuration says, so that it can be
    /// continued from anywhere. Relative paths count from the current folder. Itself by default, for data without
    /// paths.</summary>
    public virtual DataSource WithFullPaths() => this;

    /// <summary>The same data with all its training examples, where this one takes a sample: what the best configuration of a
    /// sweep is trained on in the end. By default itself, without a share that is held out for validation.</summary>
    public virtual DataSource ToWhole() => ValidationFraction is null ? this : this with { Validation = null };

    /// <summary>The validation part by its full path.</summary>
    private protected ValidationData? FullValidation => Validation?.Path is { } path ? new(null, Full(path)) : Validation;

    /// <summary>Problems beside the ranges of its members. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];

    /// <summary>Problems of this data with a task: keys that the task needs. None by default.</summary>
    /// <param name="task">What is learnt from it; <see langword="null"/> for a model that is
    /// trained without labels.</param>
    public virtual IEnumerable<RecordProblem> ProblemsWith(LearningTask? task) => [];

    // What the contract names says what is wrong with the data, and so does what the sources of this library throw.
    private T Told<T>(string member, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (GetType().Assembly != typeof(DataSource).Assembly
            && e is not (ComponentException or ConfigurationException or IOException or InvalidDataException or OperationCanceledException))
        {
            throw new ComponentException(this, member, e);
        }
    }
}
