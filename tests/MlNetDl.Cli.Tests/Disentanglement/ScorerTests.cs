using MlNetDl.Experiments;

namespace MlNetDl.Cli.Tests.Disentanglement;

public sealed class ScorerTests
{
    private static readonly DisentanglementScores Perfect = Scores(image => image);

    [Fact]
    public void A_number_for_each_factor_scores_one_everywhere()
    {
        Assert.InRange(Perfect.BetaVae, 0.98, 1);
        Assert.Equal(1, Perfect.FactorVae);
        Assert.InRange(Perfect.MutualInformationGap, 0.98, 1);
        Assert.InRange(Perfect.SeparatedAttributes, 0.98, 1);
        Assert.InRange(Perfect.Dci.Disentanglement, 0.95, 1);
        Assert.InRange(Perfect.Dci.Completeness, 0.95, 1);
        Assert.InRange(Perfect.Dci.Informativeness, 0.98, 1);
    }

    /// <summary>The same information, turned so that every number depends on all factors alike.</summary>
    [Fact]
    public void A_rotated_code_scores_lower()
    {
        var mixed = Scores(v => [v[0] + v[1] + v[2], v[0] - v[1] + (0.5f * v[2]), v[0] + (0.4f * v[1]) - (1.2f * v[2])]);
        Assert.InRange(mixed.BetaVae, 0.5, 0.95);
        Assert.InRange(mixed.FactorVae, 0, 0.9);
        Assert.InRange(mixed.MutualInformationGap, 0, 0.3);
        Assert.InRange(mixed.SeparatedAttributes, 0, 0.5);
        Assert.InRange(mixed.Dci.Disentanglement, 0, 0.6);
        Assert.InRange(mixed.Dci.Completeness, 0, 0.6);
        Assert.InRange(mixed.Dci.Informativeness, 0.1, 0.9);
    }

    [Fact]
    public void A_code_that_knows_nothing_is_at_chance()
    {
        var noise = Scores(TestCodes.Noise);
        Assert.InRange(noise.BetaVae, 0.25, 0.42);
        Assert.InRange(noise.FactorVae, 0.25, 0.45);
        Assert.InRange(noise.MutualInformationGap, 0, 0.05);
        Assert.InRange(noise.SeparatedAttributes, 0, 0.05);
        Assert.InRange(noise.Dci.Disentanglement, 0, 0.2);
        Assert.InRange(noise.Dci.Completeness, 0, 0.2);
        Assert.InRange(noise.Dci.Informativeness, 0, 0.2);
    }

    /// <summary>Accuracies are those of somebody who always tells the same.</summary>
    [Fact]
    public void A_constant_code_scores_zero_or_chance()
    {
        var constant = Scores(_ => [0.5f, -1, 0]);
        Assert.InRange(constant.BetaVae, 0.28, 0.39);
        Assert.Equal((0.0, 0.0, 0.0), (constant.FactorVae, constant.MutualInformationGap, constant.SeparatedAttributes));
        Assert.Equal((0.0, 0.0), (constant.Dci.Disentanglement, constant.Dci.Completeness));
        Assert.InRange(constant.Dci.Informativeness, 0.03, 0.08);
        var single = Scores(_ => [2]);
        Assert.Equal((0.0, 0.0, 0.0), (single.FactorVae, single.MutualInformationGap, single.SeparatedAttributes));
    }

    [Fact]
    public void Order_and_signs_of_dimensions_do_not_matter()
    {
        var turned = Scores(v => [-v[2], v[0], -v[1]]);
        Assert.Equal(Perfect.BetaVae, turned.BetaVae, 0.01);
        Assert.Equal(Perfect.FactorVae, turned.FactorVae);
        Assert.Equal(Perfect.MutualInformationGap, turned.MutualInformationGap, 1e-9);
        Assert.Equal(Perfect.SeparatedAttributes, turned.SeparatedAttributes, 1e-9);
        Assert.Equal(Perfect.Dci.Disentanglement, turned.Dci.Disentanglement, 0.02);
        Assert.Equal(Perfect.Dci.Completeness, turned.Dci.Completeness, 0.02);
        Assert.Equal(Perfect.Dci.Informativeness, turned.Dci.Informativeness, 0.02);
    }

    [Fact]
    public void Dimensions_without_use_do_not_matter()
    {
        var wider = Scores(v => [v[0], 0, v[1], v[2], 0.01f * TestCodes.Noise(v)[0]]);
        Assert.Equal(1, wider.FactorVae);
        Assert.Equal(Perfect.MutualInformationGap, wider.MutualInformationGap, 0.06);
        Assert.Equal(Perfect.SeparatedAttributes, wider.SeparatedAttributes, 0.02);
        Assert.InRange(wider.Dci.Disentanglement, 0.9, 1);
    }

    /// <summary>dSprites has a colour of one value. Taken as a factor, it would be one that no code can tell.</summary>
    [Fact]
    public void Factors_of_one_value_are_left_out()
    {
        var images = TestCodes.Images(new Factor("a", 20), new Factor("colour", 1), new Factor("b", 20), new Factor("c", 20));
        var scorer = new DisentanglementScorer(images, TestCodes.Each(4, v => [v[0], v[2], v[3]]), TestCodes.Few);
        Assert.Equal(["a", "b", "c"], scorer.Factors);
        Assert.Equal(Perfect, scorer.All());
    }

    [Fact]
    public void Equal_seeds_give_equal_scores_in_any_order()
    {
        var scorer = Scorer(v => [v[0] + v[1], v[1], v[2]]);
        var dci = scorer.Dci();
        Assert.Equal(scorer.All(), Scorer(v => [v[0] + v[1], v[1], v[2]]).All());
        Assert.Equal(dci, scorer.Dci());
        Assert.NotEqual(scorer.MutualInformationGap(), Scorer(v => [v[0] + v[1], v[1], v[2]], seed: 1).MutualInformationGap());
    }

    /// <summary>A code of shapes has three values. The gap is that between the truth and a guess.</summary>
    [Fact]
    public void Classes_are_told_by_support_vectors_and_ordered_factors_by_correlation()
    {
        var images = TestCodes.Images(new Factor("shape", 3, Ordered: false), new Factor("x", 8));
        var scorer = new DisentanglementScorer(images, TestCodes.Each(2, v => v), TestCodes.Few);
        Assert.Equal((1 + (2 / 3.0)) / 2, scorer.SeparatedAttributes(), 0.04);

        // Linear machines on one number separate few of eight values, however good the code is.
        var classified = new DisentanglementScorer(
            images, TestCodes.Each(2, v => v), TestCodes.Few with { ClassifyOrdered = true, SvmWeight = 10 });
        Assert.InRange(classified.SeparatedAttributes(), 0.4, 0.65);
    }

    [Fact]
    public void No_image_is_encoded_twice()
    {
        int encoded = 0;
        ImageEncoder counted = (images, count) =>
        {
            encoded += count;
            Assert.InRange(count, 1, 100);
            return [.. images.Select(p => p)];
        };
        new DisentanglementScorer(TestCodes.Ordered, counted, TestCodes.Few with { EncoderBatch = 100 }).All();
        Assert.InRange(encoded, 7900, 8000);
    }

    /// <summary>The centre of mass tells the place of a sprite. The area tells its scale, because all shapes of one scale cover
    /// about the same area.</summary>
    [Fact]
    public void Moments_of_sprites_stand_for_their_place_and_size()
    {
        var scorer = new DisentanglementScorer(FactorImages.Sprites, TestCodes.Each(1024, Moments), TestCodes.Few);
        Assert.Equal(["shape", "scale", "orientation", "x", "y"], scorer.Factors);
        var information = scorer.MutualInformation();
        Assert.InRange(information[0][1] / Math.Log(6), 0.9, 1.01);
        Assert.InRange(information[1][3] / Math.Log(16), 0.95, 1.01);
        Assert.InRange(information[2][4] / Math.Log(16), 0.95, 1.01);
        Assert.InRange(information[1][4], 0, 0.05);
        Assert.InRange(scorer.FactorVae(), 0.55, 0.8);
    }

    private static DisentanglementScores Scores(Func<float[], float[]> code) => Scorer(code).All();

    private static DisentanglementScorer Scorer(Func<float[], float[]> code, int seed = 0) =>
        new(TestCodes.Ordered, TestCodes.Each(3, code), TestCodes.Few with { Seed = seed });

    private static float[] Moments(float[] image)
    {
        float area = 0, x = 0, y = 0;
        for (int i = 0; i < image.Length; i++)
        {
            (area, x, y) = (area + image[i], x + (image[i] * (i % 32)), y + (image[i] * (i / 32)));
        }

        return [area / 10_000, x / area, y / area];
    }
}
