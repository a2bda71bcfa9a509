namespace MlNetDl.Search.Analysis;

/// <summary>A box of the unit cube on which a tree is constant. For a choice a side is a set of options instead
/// of a range.</summary>
/// <param name="From">Where each side starts.</param>
/// <param name="To">Where each side ends.</param>
/// <param name="Options">The options of each choice; <see langword="null"/> for ranges.</param>
/// <param name="Value">The value on it.</param>
internal sealed record TreeLeaf(double[] From, double[] To, bool[]?[] Options, double Value)
{
    /// <summary>The length of a side: its share of the range, or of the options.</summary>
    public double Side(int parameter) => Options[parameter] is { } options
        ? (double)options.Count(o => o) / options.Length
        : To[parameter] - From[parameter];

    /// <summary>Whether a place, its options as indices, lies in the box. Its lower end belongs to the box before it.</summary>
    public bool Contains(double[] place)
    {
        for (int i = 0; i < place.Length; i++)
        {
            bool isIn = Options[i] is { } options
                ? options[(int)place[i]]
                : place[i] <= To[i] && (place[i] > From[i] || From[i] == 0);
            if (!isIn)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The share of the cube that the box is.</summary>
    public double Volume()
    {
        double volume = 1;
        for (int i = 0; i < From.Length; i++)
        {
            volume *= Side(i);
        }

        return volume;
    }
}
