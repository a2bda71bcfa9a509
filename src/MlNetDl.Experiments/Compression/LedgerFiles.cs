using MlNetDl.Compression;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>The files of a ledger: <c>ledger.csv</c>, <c>ledger.json</c>, <c>ledger.html</c>.</summary>
internal static class LedgerFiles
{
    /// <summary>The page's file.</summary>
    public const string Page = "ledger.html", Csv = "ledger.csv", Json = "ledger.json";

    /// <summary>Writes them into a folder.</summary>
    public static void Write(string folder, CompressionLedger ledger, LedgerPageOptions options)
    {
        AtomicFile.WriteText(Path.Combine(folder, Csv), ledger.ToCsv());
        AtomicFile.WriteText(Path.Combine(folder, Json), ledger.ToJson());
        AtomicFile.WriteText(Path.Combine(folder, Page), LedgerPage.ToHtml(ledger, options));
    }
}
