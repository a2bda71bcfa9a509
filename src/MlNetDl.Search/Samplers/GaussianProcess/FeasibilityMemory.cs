namespace MlNetDl.Search.Samplers.GaussianProcess;

/// <summary>Where trials fail, by outcomes in order of finishing.</summary>
/// <param name="isChoice">Which coordinates are options.</param>
/// <param name="most">How many outcomes count at most, the latest.</param>
internal sealed class FeasibilityMemory(bool[] isChoice, int most)
{
    private readonly List<(double[] Position, bool Failed)> outcomes = [];
    private KernelParameters? kernel;
    private int fitted;

    /// <summary>How many outcomes there are.</summary>
    public int Count => outcomes.Count;

    /// <summary>How many of them are failures.</summary>
    public int Failures { get; private set; }

    public void Add(double[] position, bool failed)
    {
        outcomes.Add((position, failed));
        Failures += failed ? 1 : 0;
    }

    /// <summary>The first outcomes of these, up to which a model was fitted last: a multiple of an eighth, so that it
    /// follows from the history and not from when it was asked.</summary>
    public static int Block(int count) => Math.Max(1, count / 8) is var block ? count / block * block : 0;

    /// <summary>The model; <see langword="null"/> when failures have no place.</summary>
    /// <param name="count">How many outcomes it takes, the first ones.</param>
    public Feasibility? After(int count)
    {
        if (Failures > 0 && Block(count) is var until && until != fitted)
        {
            (kernel, fitted) = (Feasibility.Fit(Latest(until), isChoice), until);
        }

        return kernel is null ? null : new(Latest(count), isChoice, kernel);
    }

    private List<(double[] Position, bool Failed)> Latest(int count) => outcomes[Math.Max(0, count - most)..count];
}
