using MlNetDl.Search.Distributions;

namespace MlNetDl.Search.Samplers;

/// <summary>Which parameters exist where others have which values.</summary>
internal abstract class Branches
{
    /// <summary>The parameters that decide whether others exist.</summary>
    public abstract IReadOnlySet<string> Deciders { get; }

    /// <summary>The parameters that exist only in some branches.</summary>
    public abstract IReadOnlySet<string> Conditional { get; }

    /// <summary>All parameters, also the conditional ones.</summary>
    public abstract IEnumerable<KeyValuePair<string, Distribution>> Parameters { get; }

    /// <summary>Grows whenever something else is known.</summary>
    public virtual int Version => 0;

    /// <summary>The conditional parameters that exist where the others have given numbers.</summary>
    /// <param name="numbers">Numbers of deciders; one that does not exist there may have any, and none, or -1, where it
    /// is open.</param>
    public abstract IReadOnlySet<string> At(IReadOnlyDictionary<string, double> numbers);
}
