using System.Xml.Linq;
using MlNetDl.Experiments;
using MlNetDl.Generative;

namespace MlNetDl.Cli.Tests;

/// <summary>The page of a run that shows what an autoencoder has learnt.</summary>
public sealed class GenerationPageTests(CodeModelsFixture models) : IClassFixture<CodeModelsFixture>
{
    private static readonly string[] Images = ["New images", "Reconstructions", "Interpolations", "Traversals"];

    [Fact]
    public void A_run_of_images_leaves_a_page_with_pictures_and_plots()
    {
        var page = Page("digits");
        Assert.Equal([.. Images, "Where codes lie", "Activity", "Distance from 0"], Titles(page));
        Assert.Equal(Images.Length, page.Descendants().Count(e => e.Name.LocalName == "image"));
        Assert.Contains("principal components", page.Value, StringComparison.Ordinal);
        // The classes by name, in the legend and amid their dots.
        Assert.All(Enumerable.Range(0, 10), digit => Assert.Contains(page.Descendants(), e => e.Name.LocalName == "text" && e.Value == $"{digit}"));
        var names = page.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.Equal(names.Distinct().Count(), names.Count);
    }

    [Fact]
    public void Codes_of_two_values_have_all_codes_in_a_picture()
    {
        var page = Page("plane");
        Assert.Equal(
            [.. Images[..2], "All codes", .. Images[2..], "Where codes lie", "Activity", "Distance from 0"], Titles(page));
        Assert.DoesNotContain("principal components", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_table_with_a_code_of_one_value_have_neither_pictures_nor_a_plane() =>
        Assert.Equal(["Activity", "Distance from 0"], Titles(Page("rows")));

    [Fact]
    public void A_model_whose_codes_say_nothing_is_told_in_a_sentence()
    {
        // The divergence counts a thousand times, so nothing else is learnt than to have none.
        Tool.Json(
            "run", models.Folder["digits.yaml"], "--output", models.Folder["collapsed"], "network.kl={ type: beta, weight: 1000 }", "seeds=[1, 2]");
        Assert.Contains("None of the 4 values of the code says anything of a row", Page("collapsed/seed-2").Value, StringComparison.Ordinal);
        Assert.True(File.Exists(models.Folder["collapsed/seed-1/samples/epoch-0002.png"]));
        Assert.DoesNotContain("posterior collapse", Page("digits").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_does_not_suit_the_model_costs_its_page_rows_and_no_training()
    {
        void Table(string name, string extra) => File.WriteAllLines(
            models.Folder[name], ["a,b", .. Enumerable.Range(0, 60).Select(i => $"{i / 60.0},{1 - (i / 60.0)}"), extra]);
        Table("train.csv", "0,1");
        Table("beyond.csv", "1.02,0");
        Table("rounded.csv", "1.00005,0");
        string[] run = ["run", models.Folder["rows.yaml"], "network.likelihood=bernoulli", $"data.csv={models.Folder["train.csv"]}"];
        var (code, output, error) = Tool.Run([.. run, "--output", models.Folder["beyond"], $"data.testCsv={models.Folder["beyond.csv"]}"]);
        Assert.True(code == 0, error);
        Assert.Contains("warning: generation.html shows less: The model takes values from 0 to 1, but the data has the value 1.02", output,
            StringComparison.Ordinal);
        Assert.Contains("warning: the test part has no figures: Bernoulli takes values", output, StringComparison.Ordinal);
        Assert.Empty(Titles(Page("beyond")));
        Assert.True(File.Exists(models.Folder["beyond/result.json"]));
        // What a training takes, its page takes too.
        (code, output, error) = Tool.Run([.. run, "--output", models.Folder["rounded"], $"data.testCsv={models.Folder["rounded.csv"]}"]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        Assert.Equal(["Activity", "Distance from 0"], Titles(Page("rounded")));
    }

    [Fact]
    public void A_page_that_cannot_be_made_is_left_out()
    {
        var told = new List<string>();
        ModelPage.Write(models.Folder["none.html"], told.Add, () => throw new ArgumentException("no rows"), () => throw new InvalidDataException("none"));
        Assert.Equal(["warning: none.html shows less: no rows", "warning: none.html shows less: none"], told);
        Assert.False(File.Exists(models.Folder["none.html"]));
    }

    [Theory]
    [InlineData(1, 1, 0.4839414490)]
    [InlineData(4, 2, 0.5413411329)]
    [InlineData(20, 4.3, 0.5646966053)]
    public void The_distance_of_normal_codes_has_the_chi_density(int latent, double radius, double density) =>
        Assert.Equal(density, PriorRadius.Density(new StandardNormal(), latent, radius), 1e-6);

    [Fact]
    public void The_density_of_tilted_codes_is_one_in_all_and_greatest_where_their_radius_is()
    {
        const double step = 0.01;
        var prior = new Tilted { Tau = 25 };
        var density = Enumerable.Range(1, 6000).Select(i => PriorRadius.Density(prior, 10, i * step)).ToList();
        Assert.Equal(1, density.Sum() * step, 1e-6);
        Assert.Equal(new TiltedNormal(10, 25).ModeRadius, (density.IndexOf(density.Max()) + 1) * step, 0.01);
    }

    [Fact]
    public void The_plane_of_codes_is_that_of_their_principal_components()
    {
        // Only the third value varies, and the first a little.
        float[] codes = [.. Enumerable.Range(0, 21).SelectMany(i => new[] { i % 2 * 0.1f, 5, -i })];
        var plane = CodePlane.Of(codes, 3);
        Assert.Equal(1, plane.Share, 1e-9);
        Assert.All(plane.Points.Index(), p => Assert.Equal(10 - p.Index, Math.Sign(plane.Points[0].X - plane.Points[20].X) * p.Item.X, 0.05));
    }

    private XElement Page(string run) => XDocument.Parse(
        File.ReadAllText(models.Folder[$"{run}/generation.html"]).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)).Root!;

    private static IEnumerable<string> Titles(XElement page) => page.Descendants("h3").Select(h => h.Value);
}
