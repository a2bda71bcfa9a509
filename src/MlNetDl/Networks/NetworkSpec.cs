using System.Text.Json.Serialization;
using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Networks;

/// <summary>An architecture with its options, to be built for an input and a number of outputs: a model of one network,
/// trained with labels.</summary>
public abstract record NetworkSpec : ModelSpec
{
    /// <summary>Name of the one network.</summary>
    public const string NetworkName = "network";

    /// <summary>Name of the one graph.</summary>
    public const string GraphName = "model";

    /// <summary>A saved model, a <c>.zip</c>, whose weights the network starts from; <see langword="null"/>, the default, draws them. The layers must be
    /// the same but for the head, which is drawn anew where the model has another task or other classes. The standardisation of features stays the
    /// model's.</summary>
    /// <remarks>A relative path counts from the current folder, and in an experiment's YAML from the file's folder, too. To go on with a model for the same
    /// classes, rather than to start another training from it, take <c>ContinueFrom</c>.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>Layers that stay as they are: <c>backbone</c>, all but the head, or paths of layers, each with all layers within it; <see langword="null"/>,
    /// the default, trains all. Weights and the statistics of normalisations are kept, and dropout goes on.</summary>
    /// <remarks>It makes sense where weights come <see cref="From"/> a model. Paths are those of <c>mldl inspect</c>.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueList<string>? Freeze { get; init; }

    /// <inheritdoc/>
    public sealed override StepSpec Step => new Supervised();

    /// <inheritdoc/>
    public sealed override LearningTask? DefaultTask => new MulticlassClassification();

    /// <summary>The input that it was made for, used to inspect it where none is given. 3 × 224 × 224 images by
    /// default.</summary>
    public virtual Shape UsualInput => Shape.Image(3, 224, 224);

    /// <summary>The layers that make features of the input: all but the head. No scaling of the input.</summary>
    /// <param name="input">Shape of the input, [N, …].</param>
    /// <exception cref="ShapeException">The architecture does not take such an input.</exception>
    public abstract Layer Backbone(Shape input);

    /// <summary>The layers that make outputs of the features: logits (or values), without softmax or sigmoid. By
    /// default one linear layer.</summary>
    /// <param name="input">Shape of the network's input, [N, …].</param>
    /// <param name="outputs">Classes, or values to predict.</param>
    /// <exception cref="ShapeException">The architecture does not give that many outputs.</exception>
    public virtual Layer Head(Shape input, int outputs) => new Linear(outputs) { Name = "output" };

    /// <summary>The whole tree: the head behind the backbone. An architecture with auxiliary heads within its
    /// backbone builds itself.</summary>
    /// <param name="input">Shape of the input, [N, …].</param>
    /// <param name="outputs">Classes, or values to predict.</param>
    /// <exception cref="ShapeException">The architecture does not take such an input, or does not give
    /// that many outputs.</exception>
    public virtual Layer Build(Shape input, int outputs)
    {
        var (backbone, head) = (Backbone(input), Head(input, outputs));
        return backbone is Sequential sequence ? sequence with { Children = [.. sequence.Children, head] } : new Sequential(backbone, head);
    }

    /// <summary>The network for that input.</summary>
    public Network ToNetwork(Shape input, int outputs) => new(Build(input, outputs), input);

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, Network> Networks(ModelContext context) => new Dictionary<string, Network>
    {
        // A layer named "" adds nothing to the path: the weights are named as in the architecture by itself.
        [NetworkName] = context.Inputs.Count > 0
            ? NamedInputs.Network(
                new Sequential(Build(context.Inputs[0].Shape, context.Outputs) with { Name = "" }), context.Inputs, context.InputPreprocessing)
            : new(new Sequential([.. context.Preprocessing, Build(context.Input, context.Outputs) with { Name = "" }]), context.Input),
    };

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ModelGraph> Graphs(ModelContext context, IReadOnlyDictionary<string, Network> networks) =>
        [ScoringGraph(context, networks[NetworkName])];

    /// <summary>The graph of a supervised network: its layers, and the one that makes the task's scores
    /// of their output.</summary>
    /// <exception cref="ArgumentException">There is no task.</exception>
    public static ModelGraph ScoringGraph(ModelContext context, Network network)
    {
        var task = context.Task ?? throw new ArgumentException("A network is trained with labels, but no task says what they are; give "
            + "one, or a model that needs none.");
        var last = task.ScoringLayer(context.Scale);
        // Behind the last child, so that the tree is no deeper and its weights keep their names.
        var root = network.Root is Sequential sequence
            ? sequence with { Children = [.. sequence.Children, last] }
            : new Sequential(network.Root with { Name = "" }, last);
        return new(GraphName, network with { Root = root });
    }
}
