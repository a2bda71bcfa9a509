using System.Text.Json.Serialization;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Networks;

namespace MlNetDl.Models;

/// <summary>The inputs, outputs and purpose of one graph of a <see cref="ModelPackage"/>.</summary>
/// <param name="Name">Its name in the package: <c>model</c>, <c>encoder</c>, <c>decoder</c>, <c>generator</c>,
/// …</param>
/// <param name="Inputs">Its inputs, in the order of the graph.</param>
/// <param name="Outputs">Its outputs, in the order of the graph.</param>
public sealed record GraphSignature(string Name, IReadOnlyList<GraphInput> Inputs, IReadOnlyList<GraphOutput> Outputs)
{
    /// <summary>Its purpose in a word: <see cref="GraphRole.Score"/> for a graph that a task reads, else the word of
    /// its model.</summary>
    public string Role { get; init => field = value ?? GraphRole.Score; } = GraphRole.Score;

    /// <summary>The network whose weights it holds; <see langword="null"/> where the weights' names say it.</summary>
    public string? WeightsOf { get; init; }

    /// <summary>Whether an output has rows of its own: several, or none, for a row of the inputs, such as the objects
    /// of an image.</summary>
    /// <remarks>Its first dimension is then a symbol that no input begins with, as in [D, 7] beside [N, 3, 224, 224],
    /// and each of its rows begins with the number of the input's row in the batch, counted from 0.</remarks>
    public bool HasOwnRows(GraphOutput output) => output.Shape is { Rank: 2, Type: ElementType.Float32 } shape
        && shape[0].Symbol is not null
        && shape[1].Size > 1
        && Inputs.All(i => i.Shape[0] != shape[0]);
}

/// <summary>An input of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Its shape, such as <c>[N, 1, 28, 28]</c> or <c>int64[N, T]</c>.</param>
public sealed record GraphInput(string Name, [property: JsonConverter(typeof(ShapeJson))] Shape Shape)
{
    /// <summary>The column that it is read from by default; <see langword="null"/> for an input that
    /// no column gives.</summary>
    public string? Column { get; init; }

    /// <summary>For an image column, how images are prepared; <see langword="null"/> for others.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>The kind of tokens that the model was trained on, where they came from a column. A column of another
    /// kind is refused. Rows with another number of tokens than the graph takes are cut, or filled with 0 at their end,
    /// as in training. Unknown by default: then any kind is read, and rows of another length are refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TokenKind Tokens { get; init; }

    /// <summary>Purpose of the graph; see <see cref="GraphRole"/>.</summary>
    public string Role { get; init => field = value ?? GraphRole.Feature; } = GraphRole.Feature;
}

/// <summary>The kind of a column's tokens.</summary>
public enum TokenKind
{
    /// <summary>Unknown.</summary>
    Unknown,

    /// <summary>The UTF-8 bytes of text, each plus 1.</summary>
    Text,

    /// <summary>Whole numbers, or keys, which count from 1.</summary>
    Numbers,
}

/// <summary>An output of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Its shape; dimensions behind the first may be symbolic.</param>
public sealed record GraphOutput(string Name, [property: JsonConverter(typeof(ShapeJson))] Shape Shape)
{
    /// <summary>The column that a transformer makes of it; <see langword="null"/> where the task says what columns
    /// there are, or where there is none.</summary>
    public string? Column { get; init; }
}
