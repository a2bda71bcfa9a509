using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>Rows with what is known of their columns: what training data is prepared from.</summary>
internal abstract class LabelledRows : RowSource
{
    /// <summary>What the label is; the default without one.</summary>
    public abstract LabelInfo Label { get; }

    /// <summary>For an image column, how images are prepared.</summary>
    public abstract ImageInput? Image { get; }

    /// <summary>Whether the features are normalised already.</summary>
    public abstract bool IsNormalized { get; }

    /// <summary>Rows left out for a missing label or feature; known after the first pass.</summary>
    public abstract long Skipped { get; }

    /// <summary>What tokens the rows are of, which are cut or filled up to the same number then.</summary>
    public abstract TokenKind Tokens { get; }

    /// <summary>Rows that were longer than the network takes and were cut; known after the first pass.</summary>
    public abstract long Cut { get; }
}
