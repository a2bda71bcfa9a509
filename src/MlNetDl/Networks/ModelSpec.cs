using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Networks;

/// <summary>A model: its networks by name, the step that trains them, and the graphs that are scored. What
/// <c>network</c> names in C# and YAML.</summary>
/// <remarks>Most models are one network: <see cref="NetworkSpec"/>. A model of several (an autoencoder, a GAN) derives
/// from this type.</remarks>
public abstract record ModelSpec : ICheckedRecord
{
    /// <summary>The networks that are trained, by name.</summary>
    /// <exception cref="ShapeException">The architecture does not take such an input.</exception>
    public abstract IReadOnlyDictionary<string, Network> Networks(ModelContext context);

    /// <summary>The graphs that are scored. A transformer runs the first by default.</summary>
    /// <param name="context">The demands of the data.</param>
    /// <param name="networks">The trained networks as they are now: a stage may have changed their trees.</param>
    public abstract IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks);

    /// <summary>The step that trains the networks where the options name none.</summary>
    public abstract StepSpec Step { get; }

    /// <summary>The task where an experiment names none; <see langword="null"/>, the default, for models that are
    /// trained without labels.</summary>
    public virtual LearningTask? DefaultTask => null;

    /// <summary>The form of a label that conditions what the model makes, read though there is no task; <see langword="null"/>, the default, for
    /// models that read no label then.</summary>
    public virtual LabelForm? ConditionLabel => null;

    /// <summary>The vector columns that a transformer of the first graph adds, where no task says it: pipelines ask
    /// before there is data.</summary>
    /// <remarks>They must be the <see cref="ModelGraph.OutputColumns"/> of the first graph, in any order; a
    /// training refuses others.</remarks>
    public virtual IReadOnlyList<string> Columns => [];

    /// <summary>The same with their types; vectors by default.</summary>
    internal virtual IReadOnlyList<OutputColumn> OutputColumns => [.. Columns.Select(name => new VectorColumn(name, ""))];

    /// <summary>Whether features are standardised where neither the data is normalised already nor anybody says it; yes by
    /// default. A model whose result depends on the units of the features says no.</summary>
    public virtual bool StandardizesFeatures => true;

    /// <summary>Problems beside the ranges of its members: broken rules between them. None by default.</summary>
    public virtual IEnumerable<RecordProblem> Problems() => [];
}
