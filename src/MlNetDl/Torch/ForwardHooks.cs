using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Torch;

/// <summary>Whether values and weights within a network can be seen and replaced as it runs.</summary>
internal static class ForwardHooks
{
    /// <summary>Refuses a network with a layer that a torch module computes, within which nothing can be seen.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="who">Who needs it, such as <c>hints</c>.</param>
    /// <param name="instead">What to do instead, as the end of the message.</param>
    /// <exception cref="ArgumentException">It has one.</exception>
    public static void Require(Plan plan, string who, string instead)
    {
        if (plan.Steps.FirstOrDefault(s => s.Leaf is IModuleLeaf) is { } module)
        {
            throw new ArgumentException($"{module.Path}: {module.Leaf.GetType().Name} is computed by a torch module, and {who} needs a network whose "
                + $"values and weights can be seen on the way; {instead}");
        }
    }
}
