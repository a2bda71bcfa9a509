using System.Globalization;
using System.Text;
using MlNetDl.Layers.Contracts;

namespace MlNetDl.Analysis;

/// <summary>One layer in a summary.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Type">What it is.</param>
/// <param name="Output">The shape it makes.</param>
/// <param name="Parameters">Its trainable weights; 0 where they are shared with a layer before.</param>
/// <param name="Macs">Its multiply–adds for one example.</param>
public sealed record SummaryRow(string Path, string Type, Shape Output, long Parameters, long Macs);

/// <summary>A network as a table: layers, shapes, weights, cost.</summary>
/// <param name="Rows">The layers in order of execution.</param>
/// <param name="Parameters">Trainable weights.</param>
/// <param name="Macs">Multiply–adds for one example.</param>
public sealed record Summary(IReadOnlyList<SummaryRow> Rows, long Parameters, long Macs)
{
    /// <summary>The summary of a plan.</summary>
    public static Summary Of(Plan plan)
    {
        var seen = new HashSet<string>();
        return new(
            [.. plan.Steps.Select(s => new SummaryRow(
                s.Path,
                s.Leaf.GetType().Name,
                s.OutputShape,
                s.Parameters.Count > 0 && seen.Add(s.WeightsName)
                    ? s.Parameters.Where(p => p.Trainable).Sum(p => p.Count)
                    : 0,
                s.Macs))],
            plan.ParameterCount,
            plan.Macs);
    }

    /// <summary>The table as text.</summary>
    public string ToText()
    {
        string[] heads = ["layer", "type", "output", "weights", "multiply-adds"];
        var rows = Rows.Select(r => new[] { r.Path, r.Type, r.Output.ToString(), Number(r.Parameters), Number(r.Macs) })
            .Append(["total", "", "", Number(Parameters), Number(Macs)]).ToList();
        var widths = heads.Select((h, i) => Math.Max(h.Length, rows.Max(r => r[i].Length))).ToArray();
        var text = new StringBuilder();
        Line(heads);
        text.AppendLine(new string('-', widths.Sum() + (2 * (widths.Length - 1))));
        foreach (var row in rows)
        {
            Line(row);
        }

        return text.ToString();

        void Line(string[] cells) => text.AppendLine(
            string.Join("  ", cells.Select((c, i) => i < 3 ? c.PadRight(widths[i]) : c.PadLeft(widths[i]))).TrimEnd());
    }

    private static string Number(long value) => value == 0 ? "" : value.ToString("N0", CultureInfo.InvariantCulture);
}
