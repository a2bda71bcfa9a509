using MlNetDl.Naming;

namespace MlNetDl.Experiments;

/// <summary>The names of the figures that a sweep can judge a run by.</summary>
internal static class RunFigures
{
    public const string Train = "train.", Validation = "validation.", Test = "test.";
    public const string Parameters = "parameters", NonZeros = "nonZeros", Macs = "macs", Bytes = "bytes", ZippedBytes = "zippedBytes";
    public const string Seconds = "seconds", LatencyMs = "latencyMs";

    /// <summary>Figures of the network alone, known before it is trained.</summary>
    public static readonly IReadOnlyList<string> OfNetwork = [Parameters, Macs];

    /// <summary>Figures of a trained model of one network, which take a look at its file.</summary>
    public static readonly IReadOnlyList<string> OfModel = [Macs, NonZeros, ZippedBytes];

    private static readonly string[] Whole = [Parameters, NonZeros, Macs, Bytes, ZippedBytes, Seconds, LatencyMs];

    /// <summary>What is wrong with a name; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string name)
    {
        if (name.StartsWith(Test, StringComparison.Ordinal))
        {
            return $"is '{name}', but nothing may be chosen by the test data: take validation.{name[Test.Length..]}, and "
                + "'final' to test the best configuration in the end.";
        }

        bool isPart = (name.StartsWith(Train, StringComparison.Ordinal) && name.Length > Train.Length)
            || (name.StartsWith(Validation, StringComparison.Ordinal) && name.Length > Validation.Length);
        return isPart || Whole.Contains(name) ? null
            : $"is '{name}', which is no figure; expected validation.NAME or train.NAME, such as validation.accuracy, or one of "
                + $"{string.Join(", ", Whole)}{(Nearest.Of(name, Whole) is { } near ? $". Did you mean '{near}'?" : ".")}";
    }

    /// <summary>The name of a figure of training or validation without its part: <c>accuracy</c> of
    /// <c>validation.accuracy</c>.</summary>
    public static string NameInPart(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether a figure has a value after every epoch.</summary>
    public static bool IsOfEpochs(string name) =>
        name.StartsWith(Train, StringComparison.Ordinal) || name.StartsWith(Validation, StringComparison.Ordinal);
}
