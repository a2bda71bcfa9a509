using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>What <c>mldl study compare</c> tells.</summary>
/// <param name="A">What the first is called.</param>
/// <param name="B">What the second is called.</param>
/// <param name="Figure">The figure they are compared by.</param>
/// <param name="ValuesA">The first one's values, in order of seed.</param>
/// <param name="ValuesB">The second one's values, in order of seed.</param>
/// <param name="Difference">Mean of the first less mean of the second.</param>
/// <param name="Better">The better one; null where no difference could be shown.</param>
/// <param name="PValue">The p-value of the test; null where there are too few seeds for one.</param>
/// <param name="Text">All of it in words.</param>
internal sealed record ComparedStudies(
    string A,
    string B,
    string Figure,
    IReadOnlyList<double> ValuesA,
    IReadOnlyList<double> ValuesB,
    double Difference,
    string? Better,
    double? PValue,
    string Text);

/// <summary><c>mldl study compare</c>.</summary>
internal sealed class StudyCompare() : StudyAction<ComparedStudies>("compare", "OTHER | TRIAL TRIAL", "with another run, or two of its trials", most: 2)
{
    protected override ComparedStudies Do(StudyCall call)
    {
        var comparison = call.Arguments switch
        {
            [var other] => call.Folder.Compare(SweepFolder.Open(other)),
            [var a, var b] => call.Folder.Compare(Whole(call, a, "number of a trial", 0), Whole(call, b, "number of a trial", 0)),
            _ => throw new UsageException($"one is missing to compare with; name another run, or two trials: {Usage(call.Tool)}"),
        };
        return new(
            comparison.A,
            comparison.B,
            comparison.Figure,
            comparison.ValuesA,
            comparison.ValuesB,
            comparison.Difference,
            comparison.Comparison?.Better,
            comparison.Comparison?.Test.PValue,
            comparison.ToString());
    }

    protected override void Tell(ComparedStudies result, StudyCall call) => call.Context.Output.WriteLine(result.Text);
}
