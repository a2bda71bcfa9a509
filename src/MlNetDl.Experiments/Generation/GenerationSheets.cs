using System.Globalization;
using System.Xml.Linq;
using MlNetDl.Generative;
using MlNetDl.Search.Analysis;
using MlNetDl.Search.Statistics;

namespace MlNetDl.Experiments;

/// <summary>Pictures of what an autoencoder of images makes, for a page.</summary>
/// <param name="model">The model.</param>
/// <param name="classes">The classes of the rows that the page is of; <see langword="null"/> where the model is told none.</param>
internal sealed class GenerationSheets(CodeModel model, IReadOnlyList<int>? classes)
{
    private const int Samples = 64, Side = 20, Steps = 11, Pairs = 4, Values = 10;
    private const double End = 3;

    // Straight, then on an arc.
    private static readonly bool[] Ways = [false, true];

    /// <summary>New rows.</summary>
    /// <param name="vae">The model.</param>
    public XElement New(VaeModel vae) => Figure(
        "New images",
        $"{Samples} codes drawn from the prior, decoded; mldl generate with seed 0 makes the same. They should look like the data, and unlike each other.",
        vae.Generate(Samples, seed: 0),
        8);

    /// <summary>Rows, each above what is made of it.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="codes">Their codes.</param>
    public XElement Reconstructions(IReadOnlyList<float[]> rows, float[] codes)
    {
        int columns = ReconstructedRows.ColumnsOf(rows.Count);
        return Figure(
            "Reconstructions",
            "Lines in pairs: images of the test part, and below each what is made of its code. What is missing below did not get through the code.",
            ReconstructedRows.Paired(rows, Decoded(codes), columns),
            columns);
    }

    /// <summary>The whole plane of codes of two values.</summary>
    public XElement Manifold()
    {
        var places = Enumerable.Range(0, Side).Select(i => (float)NormalMass.Quantile((i + 0.5) / Side, double.NegativeInfinity, double.PositiveInfinity));
        return Figure(
            "All codes",
            $"{Side} × {Side} codes, spread as the prior spreads them: value 1 grows to the right, value 2 upwards. Neighbours should be alike, and no place "
                + "should be without a likely image.",
            model.Decode([.. places.Reverse().SelectMany(second => places.SelectMany(first => new[] { first, second }))]),
            Side);
    }

    /// <summary>Ways between codes.</summary>
    /// <param name="codes">Two codes for each way.</param>
    public XElement Interpolations(IReadOnlyList<float[]> codes) => Figure(
        "Interpolations",
        "Lines in pairs, from one test row on the left to another on the right: along the straight line between their codes, and below along the arc "
            + "around 0, which keeps the distance from 0. The images between should be likely ones too, and not both ends laid over each other.",
        Decoded([.. codes.Chunk(2).Where(pair => pair.Length == 2).Take(Pairs).SelectMany(pair => Ways
            .SelectMany(isSpherical => InterpolatedRows.Codes(pair[0], pair[1], Steps, isSpherical)))], row => row / (2 * Steps) * 2),
        Steps);

    /// <summary>What each of the most active values does.</summary>
    public XElement Traversals(float[] code, CodeActivity activity)
    {
        int[] shown = [.. activity.Order.Take(Values)];
        var names = string.Join(", ", shown.Select(v => (v + 1).ToString(CultureInfo.InvariantCulture)));
        return Figure(
            "Traversals",
            $"In each line one value of the code goes from −{End} to {End} and the others stay as they are for one test row: the values {names}, "
                + "the most active first. A value that has learnt something changes one thing; lines that do not change say nothing.",
            Decoded(TraversedCodes.Codes(code, shown, -End, End, Steps), _ => 0),
            Steps);
    }

    // An image is of the class of the row that its code comes from: by default the one at its place.
    private float[] Decoded(float[] codes, Func<int, int>? row = null) => model.Decode(codes, classes is null ? null
        : [.. Enumerable.Range(0, codes.Length / model.Latent).Select(i => classes[row?.Invoke(i) ?? i])]);

    private XElement Figure(string title, string reading, IReadOnlyList<float> images, int columns)
    {
        var sheet = SampleSheet.Element(images, model.Input, columns, model.Peak);
        sheet.Add(new XAttribute("aria-label", title));
        return ReportPage.Figure(title, reading, sheet);
    }
}
