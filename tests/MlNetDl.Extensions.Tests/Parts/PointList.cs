using System.Globalization;
using MlNetDl.Configuration;
using MlNetDl.Data;
using MlNetDl.Experiments;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>Points of a plane in a text file: in each line x, y and the name of its class, with blanks
/// between.</summary>
public sealed record PointList : DataSource
{
    /// <summary>The file.</summary>
    public required string Points { get; init; }

    /// <summary>What positions are multiplied with; 1 leaves them.</summary>
    [Above(0)]
    public double Scale { get; init; } = 1;

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var rows = File.ReadLines(Points).Select(line => line.Split(' ')).ToList();
        var names = rows.Select(r => r[2]).Distinct().Order(StringComparer.Ordinal).ToValueList();
        var positions = rows.SelectMany(r => r[..2].Select(v => (float)(Scale * float.Parse(v, CultureInfo.InvariantCulture)))).ToArray();
        var classes = rows.Select(r => (long)names.AsSpan().IndexOf(r[2])).ToArray();
        var (train, test) = new Examples(Shape.Vector(2), positions, classes) { ClassNames = names }.Split(0.25, seed: 0);
        return new LoadedExamples(task, train, test);
    }

    /// <inheritdoc/>
    public override void Check(LearningTask? task)
    {
        if (!File.Exists(Points))
        {
            throw new FileNotFoundException($"There are no points in '{Points}'.", Points);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() => [("points", DataFingerprint.OfFile(Points))];
}
