using System.Globalization;
using MlNetDl.Compression;
using MlNetDl.Experiments;

namespace MlNetDl.Commands.Views;

/// <summary>A compression on a terminal.</summary>
internal static class CompressionView
{
    /// <summary>Writes the ledger, and how far the models agree.</summary>
    public static void Write(TextWriter text, CompressionResult result)
    {
        LedgerTable.Write(text, new(result.Ledger));
        foreach (var agreement in result.Agreements)
        {
            text.WriteLine(Words(agreement));
        }
    }

    /// <summary>An agreement as a sentence.</summary>
    public static string Words(Agreement agreement)
    {
        int differ = agreement.Rows - agreement.Same;
        return string.Create(CultureInfo.InvariantCulture,
            $"same class as {(agreement.With == ModelCompressor.Before ? "before" : $"'{agreement.With}'")}: {agreement.Share:0.0%} of {agreement.Rows:N0} test rows")
            + (differ == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
                $"; of the {differ:N0} others the smaller model is right on {agreement.Right:N0}, the other on {agreement.OtherRight:N0}, neither on "
                    + $"{agreement.NeitherRight:N0}"));
    }
}
