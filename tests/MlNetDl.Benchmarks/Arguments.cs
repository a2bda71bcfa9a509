using System.Globalization;

namespace MlNetDl.Benchmarks;

/// <summary>Values given as <c>--name value</c>.</summary>
internal static class Arguments
{
    public static string? Text(this string[] args, string name)
    {
        int at = Array.IndexOf(args, $"--{name}");
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    public static int Number(this string[] args, string name, int fallback)
    {
        int at = Array.IndexOf(args, $"--{name}");
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : fallback;
    }
}
