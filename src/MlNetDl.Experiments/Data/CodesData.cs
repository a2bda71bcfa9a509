using MlNetDl.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Codes of other data by a saved model that encodes, such as a variational autoencoder or a PCA: what stands behind it, such as
/// k-means or a classifier, learns from them.</summary>
public sealed record CodesData : DataSource
{
    /// <summary>The model <c>.zip</c>.</summary>
    public required string Codes { get; init; }

    /// <summary>The data that it encodes: images or vectors. Labels stay as they are.</summary>
    public required DataSource Of { get; init; }

    /// <inheritdoc/>
    public override DataSource WithFullPaths() => this with { Codes = Full(Codes)!, Of = Of.WithFullPaths() };

    internal override DataSource Beside(PathsBeside beside) => this with { Codes = beside.Of("data.codes", Codes)!, Of = Of.Beside(beside) };

    /// <inheritdoc/>
    public override DataSource ToWhole() => this with { Of = Of.ToWhole(), Validation = null };

    /// <inheritdoc/>
    internal override bool HasValidationPart => Of.HasValidationPart;

    /// <inheritdoc/>
    internal override double? ValidationFraction => Validation?.Fraction ?? Of.ValidationFraction;

    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        Check(task);
        if (Of.Load(task) is not LoadedExamples data)
        {
            throw new InvalidDataException("data.of is a table, whose rows stay columns; data.codes encodes images and vectors only. Append the two "
                + "models in C#.");
        }

        using var encoder = SavedEncoder.Of(ModelFile.Read(Codes), $"data.codes is '{Codes}', which");
        var (train, test) = data.Parts;
        return new LoadedExamples(task, Encoded(encoder, train), Encoded(encoder, test))
        {
            Validation = data.Validation is null ? null : Encoded(encoder, data.Validation),
            Notes = data.Notes,
            Doubts = data.Warnings,
        };
    }

    /// <inheritdoc/>
    public override void Check(LearningTask? task)
    {
        Of.Check(task);
        if (!File.Exists(Codes))
        {
            throw new FileNotFoundException($"data.codes names '{Codes}', which does not exist; train that model first.", Codes);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Key, string? Print)> Fingerprint() =>
        [("codes", DataFingerprint.OfFile(Codes)), .. Of.Fingerprint().Select(f => ($"of.{f.Key}", f.Print))];

    /// <inheritdoc/>
    public override IEnumerable<Configuration.RecordProblem> ProblemsWith(LearningTask? task) =>
        Of.ProblemsWith(task).Select(p => p with { Path = p.Path.Length == 0 ? "of" : $"of.{p.Path}" });

    private Examples Encoded(SavedEncoder encoder, Examples rows)
    {
        try
        {
            var codes = encoder.Encode(rows);
            return rows with { Shape = Shape.Vector(codes.Length / Math.Max(1, rows.Count)), Features = codes };
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"data.codes is '{Codes}', which does not take data.of: {e.Message}", e);
        }
    }
}
