namespace MlNetDl.Search.Samplers.Tpe;

/// <summary>How many trials count as good: γ of Bergstra et al. 2011, with Optuna's bounds.</summary>
internal static class BestShare
{
    /// <summary>Never more than this many.</summary>
    public const int Most = 25;

    /// <summary>A tenth of n trials, rounded up, at most 25.</summary>
    public static int Of(int trials) => Math.Min((trials + 9) / 10, Most);
}
