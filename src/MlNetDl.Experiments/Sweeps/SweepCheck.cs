using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Search.Samplers;
using MlNetDl.Networks;

namespace MlNetDl.Experiments;

/// <summary>Finds out before the first trial whether every branch of a sweep has its data, and a network that
/// takes it.</summary>
internal static class SweepCheck
{
    /// <summary>Loads the data and lays out the networks of all corners of the space.</summary>
    /// <exception cref="ConfigurationException">A network does not take the data, or a figure cannot be had.</exception>
    /// <exception cref="IOException">Data is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Data does not suit the task, or what is said of it.</exception>
    public static void Run(Sweep sweep, SweepData data)
    {
        var (problems, seen) = (new List<ConfigurationException>(), new HashSet<(DataSource, ModelSpec)>());
        foreach (var experiment in sweep.Trials.Corners().Select(c => c.Experiment).Append(sweep.Trials.Default).Where(e => seen.Add((e.Data, e.Network))))
        {
            try
            {
                _ = NetworkFigures.Of(experiment, data.Of(experiment));
                if (experiment.Network is not NetworkSpec && Asked(sweep).FirstOrDefault(f => RunFigures.OfModel.Contains(f)) is { } macs)
                {
                    problems.Add(new("search", $"asks for {macs}, which a model of several networks does not have; leave it out."));
                }
            }
            catch (ShapeException e)
            {
                problems.Add(new("search.space", $"allows a network that does not fit the data: {RecordJson.ToNode(experiment.Network)
                    .ToJsonString()}: {e.Message}"));
            }
        }

        if (problems.Count == 0 && sweep.Search.Sampler is PopulationBasedSampler)
        {
            problems.AddRange(PopulationRules.OtherWeights(sweep.Trials.Moves(), e => WeightsOf(e, data))
                .Select(p => new ConfigurationException(p.Path, p.Text)));
        }

        if (FinalRound.Problem(sweep, data.Of(sweep.Trials.Default)) is { } final)
        {
            problems.Add(final);
        }

        if (problems.Count > 0)
        {
            throw ConfigurationException.Of([.. problems.DistinctBy(p => p.Message)]);
        }
    }

    // One parameter was moved alone, to where it may not be without others: then it is the form of the network that it changes.
    private static string WeightsOf(Experiment experiment, SweepData data)
    {
        try
        {
            return NetworkFigures.Weights(experiment, data.Of(experiment));
        }
        catch (ShapeException e)
        {
            return e.Message;
        }
    }

    /// <summary>All figures that the search asks for.</summary>
    public static IEnumerable<string> Asked(Sweep sweep) =>
        sweep.Search.Objective.Select(o => o.Figure).Concat(sweep.Trials.Space.Constraints.Select(c => c.Name));
}
