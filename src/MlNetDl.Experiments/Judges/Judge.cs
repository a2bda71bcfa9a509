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

    /// <summary>Why it cannot judge models of a kind; <see langword="null"/> where it can. Asked before anything is trained.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="data">On what.</param>
    public abstract string? ProblemWith(ModelSpec network, DataSource data);

    /// <inheritdoc/>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}
