using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>Finds parameters that cannot change on the way of a training.</summary>
internal static class PopulationCheck
{
    /// <summary>What is wrong with the experiments of a sweep whose trials go on from each other, each thing once.</summary>
    /// <param name="corners">The experiments of the ends and options of each parameter.</param>
    public static IEnumerable<RecordProblem> Problems(IEnumerable<(string Parameter, Experiment Experiment)> corners)
    {
        var told = new HashSet<string>();
        foreach (var ends in corners.GroupBy(c => c.Parameter, c => c.Experiment))
        {
            var experiments = ends.ToList();
            foreach (var (name, value) in Constants)
            {
                if (experiments.Select(value).Distinct().Skip(1).Any())
                {
                    yield return new($"search.space.{ends.Key}", $"changes {name}, which cannot change on the way of a training: with "
                        + "population-based training a trial goes on from the checkpoint of another; take it out of the space.");
                }
            }

            foreach (var problem in experiments.SelectMany(e => PopulationRules.Of(e.Training)).Where(p => told.Add(p.Path)))
            {
                yield return problem;
            }
        }
    }

    // Other data, or another part of it held out, would let a trial validate on what its parent was trained on.
    private static readonly IReadOnlyList<(string Name, Func<Experiment, object?> Value)> Constants =
    [
        ("data", e => e.Data),
        ("task", e => e.Task),
        ("training.epochs", e => e.Training.Epochs),
        ("training.seed", e => e.Training.Seed),
        ("training.validationFraction", e => e.Training.ValidationFraction),
        ("training.step", e => e.Training.Step),
    ];
}
