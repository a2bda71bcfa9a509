using MlNetDl.Analysis;

namespace MlNetDl.Tasks;

/// <summary>The values that an output of a graph has for the row at hand.</summary>
/// <remarks>Where the output has rows of its own (objects of an image): the values of all that belong to this row, one
/// after the other, without the row's number; none where there are none. The span is good until the next row. Calling
/// it makes sure that the row is scored.</remarks>
public delegate ReadOnlySpan<float> RowValues();

/// <summary>The row at hand as a graph scored it: where the getter of an <see cref="OutputColumn"/> reads.</summary>
/// <remarks>A cursor takes its getters once and calls them at each row, which costs no look-up and no memory.</remarks>
public abstract class GraphRow
{
    /// <summary>The values of an output for the row at hand.</summary>
    /// <param name="output">One of the column's <see cref="OutputColumn.Reads"/>.</param>
    /// <exception cref="ArgumentException">No column of the model reads such an output.</exception>
    public abstract RowValues Values(string output = Network.DefaultOutput);

    /// <summary>Values of every row of an output; 0 where that is known only with the row.</summary>
    /// <param name="output">One of the column's <see cref="OutputColumn.Reads"/>.</param>
    /// <exception cref="ArgumentException">No column of the model reads such an output.</exception>
    public abstract int Width(string output = Network.DefaultOutput);

    /// <summary>Width and height in pixels of the row's image, before it was brought to the graph's size; (0, 0) where
    /// the image is missing.</summary>
    /// <exception cref="InvalidOperationException">The graph reads no image.</exception>
    public abstract Func<(int Width, int Height)> SourceSize();
}
