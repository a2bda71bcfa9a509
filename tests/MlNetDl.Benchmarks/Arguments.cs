using System.Globalization;

namespace MlNetDl.Benchmarks;

/// <summary>Numbers given as <c>--name value</c>.</summary>
internal static class Arguments
{
    public static int Number(this string[] args, string name, int fallback)
    {
        int at = Array.IndexOf(args, $"--{name}");
        return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : fallback;
    }
}
