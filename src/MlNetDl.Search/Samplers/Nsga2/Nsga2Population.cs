namespace MlNetDl.Search.Samplers.Nsga2;

/// <summary>The parents of the current generation, rebuilt from the trials in order of finishing.</summary>
internal sealed class Nsga2Population(int size)
{
    private readonly List<Individual> children = [];
    private int read, finished;

    /// <summary>The parents; empty in the first generation.</summary>
    public List<Individual> Parents { get; private set; } = [];

    public void Read(History history)
    {
        for (; read < history.Finished.Count; read++)
        {
            var trial = history.Finished[read];
            if (trial.State == TrialState.Failed)
            {
                continue;
            }

            if (trial.State == TrialState.Complete)
            {
                children.Add(Individual.Of(trial, history.Goals));
            }

            if (++finished % size == 0)
            {
                // Elitism: the best of parents and children together.
                Parents = Selection.Best([.. Parents, .. children], size);
                children.Clear();
            }
        }
    }

    /// <summary>A parent: the better of two drawn at random.</summary>
    public TrialRecord Tournament(TrialRandom random)
    {
        var first = Parents[random.Next(Parents.Count)];
        var second = Parents[random.Next(Parents.Count)];
        return (second.Beats(first) ? second : first).Trial;
    }
}
