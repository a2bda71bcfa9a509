using MlNetDl.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Recipes;

/// <summary>How a validation part is held out of the training rows: balanced by class, drawn by the seed, and never all
/// rows of a class.</summary>
internal sealed class HeldOutSplit(LabelForm? form, double fraction, int seed)
{
    private const int ClassesShown = 10;
    private readonly HashSet<long> seen = [];

    // A class of few rows may lose all of them to validation. It is then kept whole, but only a pass can tell.
    private readonly HashSet<long> kept = [];

    /// <summary>Whether anything is held out.</summary>
    public bool IsNone => fraction <= 0;

    /// <summary>The parts of a set in memory.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="targets">Its targets in the label's order.</param>
    public (Examples Training, Examples Held) Split(Examples examples, ExampleTargets targets) =>
        examples.Split(fraction, seed, form is null ? _ => 0 : Stratum(form, targets), kept);

    /// <summary>The decisions for one pass over the rows.</summary>
    public HoldOut Start()
    {
        seen.Clear();
        return new(fraction, seed, kept);
    }

    /// <summary>The class of a row, by which the split is stratified; 0 where targets are no classes.</summary>
    public long Stratum(Row row) => form?.ClassOf(row.Targets.Span) ?? 0;

    private static Func<int, long> Stratum(LabelForm form, ExampleTargets targets)
    {
        var numbers = new float[targets.Parts.Width()];
        return i =>
        {
            targets.Copy(i, numbers);
            return form.ClassOf(numbers);
        };
    }

    /// <summary>Whether a finished pass held out all rows of a class; those classes are kept whole in
    /// the next pass.</summary>
    public bool MustRepeat(HoldOut pass)
    {
        int before = kept.Count;
        kept.UnionWith(pass.Lost);
        return kept.Count > before;
    }

    /// <summary>Notes a row of the validation part.</summary>
    public void Validates(Row row) => seen.Add(Stratum(row));

    /// <summary>The message about classes that validation does not see.</summary>
    /// <param name="label">The label: its width, and the names of its classes.</param>
    /// <param name="training">The training part.</param>
    public IEnumerable<string> Notes(LabelInfo label, DataSummary training)
    {
        var names = form?.Classes(label) ?? [];
        if (kept.Count > 0)
        {
            var classes = names.Count == 0 ? "The few rows" : $"All rows of {Text(kept)}";
            yield return $"warning: {classes} would have been held out for validation; they are kept for training "
                + "instead, so validation does not see them.";
        }

        var counts = training.ClassCounts(names.Count);
        var unseen = Enumerable.Range(0, names.Count)
            .Select(c => (long)c)
            .Where(c => counts[(int)c] > 0 && !seen.Contains(c) && !kept.Contains(c)).ToList();
        if (seen.Count > 0 && unseen.Count > 0)
        {
            yield return $"warning: validation has no row of {Text(unseen)}, so its figures say nothing of "
                + $"{(unseen.Count == 1 ? "it" : "them")}; hold out more, or give a validation set.";
        }

        string Text(IReadOnlyCollection<long> classes) => $"the class{(classes.Count == 1 ? "" : "es")} "
            + $"{string.Join(", ", classes.Order().Take(ClassesShown).Select(c => $"'{names[(int)c]}'"))}"
            + $"{(classes.Count > ClassesShown ? ", …" : "")}";
    }
}
