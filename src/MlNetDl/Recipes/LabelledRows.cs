using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>Rows with the properties of their columns. Training data is prepared from them.</summary>
internal abstract class LabelledRows : RowSource
{
    /// <summary>The label: its width, and the names of its classes; the default where there is none.</summary>
    public abstract LabelInfo Label { get; }

    /// <summary>For an image column, how images are prepared.</summary>
    public abstract ImageInput? Image { get; }

    /// <summary>The names of the features of a vector; empty where they have none.</summary>
    public virtual ValueList<string> FeatureNames => [];

    /// <summary>The inputs of a row where there are several; empty where there is one.</summary>
    public virtual ValueList<FeaturePart> Parts => [];

    /// <summary>Whether the features are normalised already.</summary>
    public abstract bool IsNormalized { get; }

    /// <summary>The number of rows left out for a missing label or feature. It is known after the first pass.</summary>
    public abstract long Skipped { get; }

    /// <summary>The kind of tokens, where rows are cut or filled up to one length.</summary>
    public abstract TokenKind Tokens { get; }

    /// <summary>The number of rows that were cut, because they were longer than the network takes. It is known after
    /// the first pass.</summary>
    public abstract long Cut { get; }
}
