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
        if (result.Tries is { } tries)
        {
            Write(text, tries);
        }

        if (result.Ledger.Count == 0)
        {
            if (result.IsMet == true)
            {
                text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"'{result.Target}' is met already: the model has {result.Present:0.######}. Nothing was done."));
            }

            return;
        }

        LedgerTable.Write(text, new(result.Ledger));
        foreach (var agreement in result.Agreements)
        {
            text.WriteLine(Words(agreement));
        }
    }

    /// <summary>Writes what each layer bears.</summary>
    public static void Write(TextWriter text, ModelSensitivity found)
    {
        var all = found.Sensitivity;
        WriteNote(text, found.Note);
        text.WriteLine($"{found.Figure} {Figures.Number(found.Figure, all.Baseline[found.Figure])} with all weights, on {found.Rows}.");
        var amounts = all.Layers.SelectMany(l => l.Points).Select(p => p.Amount).Distinct().ToList();
        TextTable.Write(
            text,
            ["layer", "pruned", "of", .. amounts.Select(a => a.ToString("0%", CultureInfo.InvariantCulture))],
            all.Layers.Select(l => (IReadOnlyList<string>)
            [
                l.Name,
                l.Kind == SensitivityKind.Channels ? "channels" : "weights",
                l.Count.ToString("N0", CultureInfo.InvariantCulture),
                .. l.Points.Select(p => Figures.Number(found.Figure, p.Figures[found.Figure])),
            ]),
            [.. Enumerable.Range(2, amounts.Count + 1)]);
    }

    /// <summary>Writes where rows leave.</summary>
    public static void Write(TextWriter text, ModelExits found)
    {
        var all = found.Exits;
        WriteNote(text, found.Note);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"accuracy {all.Accuracy:0.00%}, {all.AccuracyWithout:0.00%} if no row leaves; {all.Cost:0.0%} of the multiply-adds without exits; on "
                + $"{found.Rows}."));
        TextTable.Write(
            text,
            ["exit", "threshold", "share", "right", "multiply-adds"],
            all.Exits.Select(e => (IReadOnlyList<string>)
            [
                e.Name,
                e.Threshold?.ToString("0.####", CultureInfo.InvariantCulture) ?? "",
                Percent(e.Share),
                e.Accuracy is { } right ? Percent(right) : "",
                e.Macs.ToString("N0", CultureInfo.InvariantCulture),
            ]),
            [1, 2, 3, 4]);
        var shares = all.Exits.Select(found.ShareOfClasses).ToList();
        TextTable.Write(
            text,
            ["class", .. all.Exits.Select(e => $"at {e.Name}")],
            all.Classes.Select((name, c) => (IReadOnlyList<string>)[name, .. shares.Select(s => Percent(s[c]))]),
            [.. Enumerable.Range(1, all.Exits.Count)]);
    }

    private static void WriteNote(TextWriter text, string? note)
    {
        if (note is not null)
        {
            text.WriteLine($"Measured: {note}.");
        }
    }

    private static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    /// <summary>How near the tries came to a target that none has reached.</summary>
    public static string Nearest(CompressionResult result) => result.Tries!.Where(t => t.Figure is not null).MinBy(t => t.Figure) is { } nearest
        ? $"{nearest.Method} {nearest.Problem}."
        : result.Tries is [{ Problem: { } problem }, ..] ? problem : "there is no score of channels to try.";

    private static void Write(TextWriter text, IReadOnlyList<CompressionTry> tries)
    {
        var figures = tries.SelectMany(t => t.Validation.Keys).Distinct().ToList();
        TextTable.Write(
            text,
            ["score", "figure", .. figures.Select(f => $"{f}, held out"), "remark"],
            tries.Select((t, i) => (IReadOnlyList<string>)
            [
                t.Method,
                t.Figure?.ToString("#,0.####", CultureInfo.InvariantCulture) ?? "",
                .. figures.Select(f => t.Validation.TryGetValue(f, out double value) ? Figures.Number(f, value) : ""),
                t.Problem ?? (i == 0 ? "taken" : ""),
            ]),
            [.. Enumerable.Range(1, figures.Count + 1)]);
    }

    /// <summary>An agreement as a sentence.</summary>
    public static string Words(Agreement agreement)
    {
        int differ = agreement.Rows - agreement.Same;
        return string.Create(CultureInfo.InvariantCulture,
            $"same prediction as {With(agreement)}: {agreement.Share:0.0%} of {agreement.Rows:N0} test rows")
            + (differ == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
                $"; where they differ ({Figures.Count(differ, "row")}) the smaller model is right {agreement.Right:N0} times, the other "
                    + $"{agreement.OtherRight:N0}, neither {agreement.NeitherRight:N0}"));
    }

    private static string With(Agreement agreement) => agreement.With == ModelCompressor.Before ? agreement.With : $"'{agreement.With}'";
}
