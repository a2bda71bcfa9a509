using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Disentanglement;

/// <summary>Parts of the scores, by hand.</summary>
public sealed class ScorePartsTests
{
    /// <summary>Four images. The first dimension tells one of them apart: its information about the factor is
    /// ¼ ln 2 + ¼ ln ⅔ + ½ ln 4⁄3. The second one is the factor itself: ln 2.</summary>
    [Fact]
    public void Information_and_gap_of_four_images()
    {
        var sample = new CodeSample(2, [0, 5, 9, 5, 9, -5, 9, -5], [[0, 0, 1, 1], [0, 1, 0, 1]], [new("a", 2), new("b", 2)]);
        var information = InformationGap.Information(sample, bins: 20);
        double part = (0.25 * Math.Log(2)) + (0.25 * Math.Log(2 / 3.0)) + (0.5 * Math.Log(4 / 3.0));
        Assert.Equal(part, information[0][0], 1e-12);
        Assert.Equal(Math.Log(2), information[1][0], 1e-12);
        Assert.Equal(part, information[0][1], 1e-12);
        Assert.Equal(0, information[1][1], 1e-12);
        double[] entropies = InformationGap.Entropies(sample);
        Assert.All(entropies, e => Assert.Equal(Math.Log(2), e, 1e-12));
        Assert.Equal(((Math.Log(2) - part) + part) / Math.Log(2) / 2, InformationGap.Gap(information, entropies), 1e-12);
    }

    [Fact]
    public void Bins_have_one_width_and_the_last_one_holds_the_largest_value()
    {
        // Of a range from 0 to 2 in two bins, 0 and 0.9 fall into the first one, 1 and 2 into the second one.
        var sample = new CodeSample(1, [0, 0.9f, 1, 2], [[0, 0, 1, 1], [0, 1, 0, 1]], [new("a", 2), new("b", 2)]);
        var information = InformationGap.Information(sample, bins: 2)[0];
        Assert.Equal(Math.Log(2), information[0], 1e-12);
        Assert.Equal(0, information[1], 1e-12);
    }

    /// <summary>In bits: ¾ and ¼ have the entropy 0.811278.</summary>
    [Fact]
    public void Concentration_is_one_minus_the_entropy_weighted_by_rows()
    {
        Assert.Equal(1, DciParts.Concentration([[1, 0], [0, 3]]), 1e-12);
        Assert.Equal(0, DciParts.Concentration([[1, 1], [2, 2]]), 1e-12);
        Assert.Equal(1 - 0.811278, DciParts.Concentration([[3, 1], [1, 3]]), 1e-6);
        Assert.Equal(0.25, DciParts.Concentration([[1, 0], [1.5, 1.5]]), 1e-12);
        Assert.Equal(0.25, DciParts.Concentration([[1, 0], [1.5, 1.5], [0, 0]]), 1e-12);
        Assert.Equal(0, DciParts.Concentration([[0, 0], [0, 0]]));
    }

    [Fact]
    public void Trees_tell_intervals_and_gain_by_the_feature_that_matters()
    {
        var rows = new LabelledCodes(
            [.. Enumerable.Range(0, 600).Select(i => new[] { i * 37 % 101, i % 60 / 60f })],
            [.. Enumerable.Range(0, 600).Select(i => i % 60 / 20)]);
        var gains = new double[2];
        Assert.Equal(1, CodeClassifiers.BoostedTrees(rows, rows, 3, trees: 20, gains));
        Assert.InRange(gains[1] / gains.Sum(), 0.99, 1);
    }

    [Fact]
    public void Support_vectors_separate_three_classes_on_a_line()
    {
        var rows = new LabelledCodes(
            [.. Enumerable.Range(0, 900).Select(i => new[] { (i % 3) - 1f })], [.. Enumerable.Range(0, 900).Select(i => i % 3)]);
        Assert.Equal(1, CodeClassifiers.SupportVectors(rows, rows, 3, errorWeight: 0.01));
        var equal = rows with { Rows = [.. rows.Rows.Select(_ => new[] { 1f })] };
        Assert.Equal(1 / 3.0, CodeClassifiers.SupportVectors(equal, rows, 3, errorWeight: 0.01), 1e-9);
    }

    [Fact]
    public void Classes_that_nobody_has_seen_are_never_told()
    {
        var seen = new LabelledCodes(
            [.. Enumerable.Range(0, 100).Select(i => new[] { (float)(i % 2) })], [.. Enumerable.Range(0, 100).Select(i => i % 2)]);
        var test = new LabelledCodes([[0], [1], [1]], [0, 1, 2]);
        Assert.Equal(2 / 3.0, CodeClassifiers.BoostedTrees(seen, test, 3, trees: 5, new double[1]), 1e-9);
        Assert.Equal(2 / 3.0, CodeClassifiers.LogisticRegression(seen, test, 3), 1e-9);
    }

    [Fact]
    public void Generators_need_two_factors_that_vary()
    {
        Func<int[], int, float[]> draw = (values, _) => [.. values.Select(v => (float)v)];
        Assert.Contains("only 1 of 2 has more than one value", Assert.Throws<ArgumentException>(
            () => new FactorImages([new("a", 5), new("colour", 1)], draw)).Message, StringComparison.Ordinal);
        Assert.Contains("'a' has 0 values", Assert.Throws<ArgumentException>(
            () => new FactorImages([new("a", 0), new("b", 3)], draw)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_that_cannot_be_judged_are_refused()
    {
        Assert.Contains(
            "not finite for the image with the factors [",
            Message((_, count) => [.. Enumerable.Repeat(float.NaN, count)]),
            StringComparison.Ordinal);
        Assert.Contains("which is not one code for each", Message((_, count) => new float[count + 1]), StringComparison.Ordinal);
        int calls = 0;
        Assert.Contains("which is not 1 for each as before", Message((_, count) => new float[count * ++calls]), StringComparison.Ordinal);
        var options = Assert.Throws<ArgumentException>(
            () => new DisentanglementScorer(TestCodes.Ordered, (_, count) => new float[count], new() { Bins = 1 }));
        Assert.Contains("options.bins", options.Message, StringComparison.OrdinalIgnoreCase);

        static string Message(ImageEncoder encoder) => Assert.Throws<InvalidOperationException>(
            () => new DisentanglementScorer(TestCodes.Ordered, encoder).MutualInformationGap()).Message;
    }
}
