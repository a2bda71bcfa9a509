using MlNetDl.Configuration;

namespace MlNetDl.Experiments;

/// <summary>The data that the best configuration of a sweep is trained on in the end.</summary>
public enum FinalTraining
{
    /// <summary>All training data: nothing is held out for validation, and where the search took a sample
    /// (<c>data.take</c>), the whole set is taken.</summary>
    All,

    /// <summary>What the trials were trained on. Early stopping and the choice of the best epoch need its validation
    /// data.</summary>
    Part,
}

/// <summary>What the best configuration is set beside.</summary>
public enum FinalComparison
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The configuration that the file gives without its search.</summary>
    Default,
}

/// <summary>The end of a sweep: its best configuration is trained anew over several seeds, and tested for the first
/// time.</summary>
public sealed record FinalOptions
{
    /// <summary>The data to train on; all training data by default, as a model that is used had better see all.</summary>
    public FinalTraining Train { get; init; } = FinalTraining.All;

    /// <summary>Seeds to train with, from <c>training.seed</c> on; 3 by default, the fewest that give a spread worth the
    /// name.</summary>
    [AtLeast(1)]
    public int Repeat { get; init; } = 3;

    /// <summary>What it is compared with over the same seeds; nothing by default.</summary>
    public FinalComparison CompareWith { get; init; }

    /// <summary>The longest time of each training. One that takes longer fails, and the same command goes on with it; by default
    /// there is no bound. The bound on trials does not count, because all training data may be many times
    /// what a trial sees.</summary>
    public Duration? Timeout { get; init; }
}
