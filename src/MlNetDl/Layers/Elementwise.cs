using MlNetDl.Layers.Contracts;

namespace MlNetDl.Layers;

/// <summary>A leaf that maps every element by itself: shape and channels stay as they are.</summary>
public abstract record Elementwise : UnaryLeaf, ICouplesOneValue
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Type != ElementType.Float32)
        {
            throw new ShapeException($"{GetType().Name} expects float32 but got {input}; insert an Embedding or "
                + "another layer that makes floats.");
        }

        return input;
    }

    /// <inheritdoc/>
    public virtual bool CutEqualsMask => true;

    /// <inheritdoc/>
    public Channels Couple(Channels input, Shape shape, ChannelGroups groups) => input;
}
