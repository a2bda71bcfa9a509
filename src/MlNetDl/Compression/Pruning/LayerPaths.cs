using MlNetDl.Analysis;
using MlNetDl.Naming;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Paths of layers that a user names, such as those that a stage leaves as they are.</summary>
internal static class LayerPaths
{
    /// <summary>Whether a layer is the named one or stands below it.</summary>
    public static bool IsBelow(string path, string named) =>
        path == named || path.StartsWith($"{named}/", StringComparison.Ordinal);

    /// <summary>Refuses names that no layer of a model's networks has, and warns of names that change nothing: no layer there is one that the
    /// stage would work on. Where a stage before changes the networks, nobody knows that yet, and nothing is told.</summary>
    /// <param name="context">The model.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="named">The names.</param>
    /// <param name="where">Where they stand, such as <c>filterPruning.keep</c>.</param>
    /// <param name="touched">The paths of the layers that the stage works on where none is named.</param>
    /// <exception cref="ArgumentException">One is not there; the message tells the nearest.</exception>
    public static void Check(StageContext context, Stage stage, IReadOnlyCollection<string> named, string where, IEnumerable<string> touched)
    {
        Check(context.Model, named, where);
        if (named.Count > 0 && context.FindsFirstNetworks(stage))
        {
            var paths = touched.ToList();
            WarnOfIdle(context, named.Where(n => !paths.Any(p => IsBelow(p, n))), where);
        }
    }

    /// <summary>Warns of names that change nothing.</summary>
    /// <param name="context">Takes the message.</param>
    /// <param name="idle">The names.</param>
    /// <param name="where">Where they stand.</param>
    public static void WarnOfIdle(StageContext context, IEnumerable<string> idle, string where)
    {
        var names = idle.ToList();
        if (names.Count > 0)
        {
            context.Message($"warning: {where} names {string.Join(", ", names)}, but there is nothing there that {where.Split('.')[0]} would change; "
                + $"it does the same without {(names.Count == 1 ? "this name" : "these names")}");
        }
    }

    /// <summary>Refuses names that no layer of a model's networks has. Only a stage's check asks: later, a stage before it may have
    /// removed such a layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="named">The names.</param>
    /// <param name="where">Where they stand, such as <c>filterPruning.keep</c>.</param>
    /// <exception cref="ArgumentException">One is not there; the message tells the nearest.</exception>
    public static void Check(TrainedModel model, IEnumerable<string> named, string where)
    {
        var plans = model.Networks.Values.Select(n => n.Plan()).ToList();
        foreach (var name in named.Where(n => !plans.Any(p => p.Steps.Any(s => IsBelow(s.Path, n)))))
        {
            Check(plans[0], [name], where);
        }
    }

    /// <summary>Refuses names that no layer has.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="named">The names.</param>
    /// <param name="where">Where they stand, such as <c>magnitudePruning.keep</c>.</param>
    /// <exception cref="ArgumentException">One is not there; the message tells the nearest.</exception>
    public static void Check(Plan plan, IEnumerable<string> named, string where)
    {
        var paths = plan.Steps.Select(s => s.Path).ToList();
        if (named.FirstOrDefault(n => !paths.Any(p => IsBelow(p, n))) is { } unknown)
        {
            throw new ArgumentException($"{where} names '{unknown}', but the network has no such layer; {Nearest.Hint(unknown, paths)}");
        }
    }
}
