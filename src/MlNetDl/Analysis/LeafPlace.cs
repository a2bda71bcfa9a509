using System.Globalization;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;
using MlNetDl.Naming;

namespace MlNetDl.Analysis;

/// <summary>Where a layer stands in the tree.</summary>
/// <param name="Path">Names of the layers from the root, joined by <c>/</c>.</param>
/// <param name="WeightsName">What its weights are named after: the path, or below a <see cref="Shared"/>
/// the shared name.</param>
/// <param name="IsShared">Whether it stands below a <see cref="Shared"/>.</param>
public readonly record struct LeafPlace(string Path, string WeightsName, bool IsShared = false)
{
    /// <summary>The root's place.</summary>
    internal static LeafPlace Root { get; } = new("", "");

    /// <summary>The places of layers side by side, each named by its name or index.</summary>
    /// <exception cref="ShapeException">Two have one name, or a name has a separator in it.</exception>
    internal IEnumerable<(Layer Child, LeafPlace Place)> Of(ValueList<Layer> children)
    {
        var taken = new HashSet<string>();
        for (int i = 0; i < children.Count; i++)
        {
            var name = children[i].Name ?? IndexName(i);
            if (name.AsSpan().ContainsAny("/.@"))
            {
                throw new ShapeException(
                    $"layer name '{name}' contains '/', '.' or '@', which separate the parts of a weight's name.")
                    .At(Path);
            }

            if (LoneSurrogates.In(name))
            {
                throw new ShapeException($"layer name '{LoneSurrogates.Shown(name)}' has half of a surrogate pair, which no file can "
                    + $"hold; rename the layer.").At(Path);
            }

            if (name.Length > 0 && !taken.Add(name))
            {
                throw new ShapeException($"two layers side by side are named '{name}'; names of siblings must differ.").At(Path);
            }

            yield return (children[i], Below(name));
        }
    }

    /// <summary>The place of a branching's join.</summary>
    internal LeafPlace OfJoin(Branches branches) => Below(branches.Join.Name ?? "join");

    /// <summary>The place of a tap's head.</summary>
    internal LeafPlace OfHead(Tap tap) => Below(tap.Head!.Name ?? tap.Wire);

    /// <summary>The place of what a shared layer wraps.</summary>
    internal LeafPlace OfInner(Shared shared) => this with { WeightsName = shared.WeightsName, IsShared = true };

    /// <summary>The name of a layer without one.</summary>
    internal static string IndexName(int index) => index.ToString(CultureInfo.InvariantCulture);

    private LeafPlace Below(string name) => this with { Path = Join(Path, name), WeightsName = Join(WeightsName, name) };

    private static string Join(string path, string name)
    {
        if (name.Length == 0)
        {
            return path;
        }

        return path.Length == 0 ? name : $"{path}/{name}";
    }
}
