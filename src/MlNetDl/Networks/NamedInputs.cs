using MlNetDl.Analysis;
using MlNetDl.Layers;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Networks;

/// <summary>Networks of several inputs, which read each by its name: <c>new Read("photo")</c>.</summary>
internal static class NamedInputs
{
    /// <summary>The network of a tree that reads its inputs by name.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="preprocessing">For inputs that are standardised, the layer that does so behind each reading.</param>
    /// <exception cref="ShapeException">The tree does not read an input, or does not fit them.</exception>
    public static Network Network(Layer tree, ValueList<NetworkInput> inputs, IReadOnlyDictionary<string, Layer> preprocessing)
    {
        var network = new Network(Prepared(tree, preprocessing), inputs);
        var plan = network.Plan();
        var read = plan.Steps.SelectMany(s => s.Inputs).ToHashSet();
        // Every input is named, the first one too, though it is the running value as well: the order of the columns means nothing.
        if (inputs.Where((input, i) => !read.Contains(i) || (i == 0 && !Reads(tree).Contains(input.Name))).FirstOrDefault() is { } unread)
        {
            throw new ShapeException($"the network has the inputs {string.Join(", ", inputs.Select(i => $"'{i.Name}' {i.Shape}"))}, but does not read "
                + $"'{unread.Name}' by its name; let a branch begin with new Read(\"…\"), as a "
                + "CustomNetwork can, or leave the column out.").At("");
        }

        return network;
    }

    private static IEnumerable<string> Reads(Layer layer) => layer switch
    {
        Read read => [read.Wire],
        Sequential sequential => sequential.Children.SelectMany(Reads),
        Branches branches => branches.Children.SelectMany(Reads),
        Tap { Head: { } head } => Reads(head),
        Shared shared => Reads(shared.Inner),
        _ => [],
    };

    // Behind each reading, so that no weight gets another name.
    private static Layer Prepared(Layer layer, IReadOnlyDictionary<string, Layer> preprocessing) => layer switch
    {
        Read read when preprocessing.TryGetValue(read.Wire, out var prepare) =>
            new Sequential(read with { Name = null }, prepare) { Name = read.Name },
        Sequential sequential => sequential with { Children = [.. sequential.Children.Select(c => Prepared(c, preprocessing))] },
        Branches branches => branches with { Children = [.. branches.Children.Select(c => Prepared(c, preprocessing))] },
        Tap { Head: { } head } tap => tap with { Head = Prepared(head, preprocessing) },
        Shared shared => shared with { Inner = Prepared(shared.Inner, preprocessing) },
        _ => layer,
    };
}
