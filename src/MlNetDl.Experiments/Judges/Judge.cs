using MlNetDl.Configuration;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Figures by which a trained model is judged beside those of its task, on the test part: what <c>judges</c> of an experiment names. A new
/// kind is a record that derives from this one, and a line that registers it: <c>Judges.All.Register&lt;Mine&gt;()</c>.</summary>
/// <remarks>No choice of the training depends on them.</remarks>
public abstract record Judge : ICheckedRecord
{
    /// <summary>The figures by name.</summary>
    /// <param name="model">The model, and the data.</param>
    /// <exception cref="InvalidDataException">The data does not suit.</exception>
    public abstract IReadOnlyDictionary<string, double> Figures(JudgedModel model);

    /// <summary>What its figures begin with, as <c>name.figure</c>, to tell two judges of one kind apart; <see langword="null"/>, the default, for
    /// nothing.</summary>
    public string? Name { get; init; }

    /// <summary>The same judge by paths that mean the same in every folder; itself by default, for judges without paths.</summary>
    public virtual Judge WithFullPaths() => this;

    /// <summary>Digests of files that it names, by the keys that name them: a run whose files have changed since is not continued. None by
    /// default.</summary>
    public virtual IEnumerable<(string Key, string? Print)> Fingerprint() => [];

    /// <summary>Looks whether what it names is there, before anything is trained. Nothing by default.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It does not suit.</exception>
    public virtual void Check()
    {
    }

    /// <summary>Why it cannot judge models of a kind; <see langword="null"/> where it can. Asked before anything is trained.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="data">On what.</param>
    public abstract string? ProblemWith(ModelSpec network, DataSource data);

    /// <inheritdoc/>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}
