using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.MlNet;

/// <summary>Chains with parts replaced. Each part keeps its scope: what only a training needs, such as the mapping of a label,
/// stays out of the model that scores.</summary>
internal static class ScopedChain
{
    private static readonly TransformerScope[] Single = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];

    /// <summary>The chain with each of its parts replaced by what <paramref name="map"/> makes of it; chains within it are
    /// parts.</summary>
    public static ITransformer Map(IEnumerable<ITransformer> chain, Func<ITransformer, ITransformer> map)
    {
        // Chains do not show their scopes, but which parts are left for each.
        var left = Single.ToDictionary(scope => scope, scope => PartsFor(chain, scope).ToHashSet(ReferenceEqualityComparer.Instance));
        var mapped = new TransformerChain<ITransformer>();
        foreach (var part in chain)
        {
            var scope = Single.Where(s => left[s].Contains(part)).Aggregate(TransformerScope.None, (all, s) => all | s);
            mapped = mapped.Append(map(part), scope);
        }

        return mapped;
    }

    private static IEnumerable<ITransformer> PartsFor(IEnumerable<ITransformer> chain, TransformerScope scope)
    {
        var method = chain.GetType().GetMethod(
            nameof(TransformerChain<ITransformer>.GetModelFor), BindingFlags.Public | BindingFlags.Instance, [typeof(TransformerScope)]);
        return method?.Invoke(chain, [scope]) as IEnumerable<ITransformer> ?? chain;
    }
}
