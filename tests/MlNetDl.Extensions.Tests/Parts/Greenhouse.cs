using Microsoft.ML;
using MlNetDl.Experiments;
using MlNetDl.Tasks;

namespace MlNetDl.Extensions.Tests.Parts;

/// <summary>Rows that no file has, as a database would give them: plants of two kinds, their light
/// and their height.</summary>
public sealed record Greenhouse : DataSource
{
    /// <inheritdoc/>
    public override LoadedData Load(LearningTask? task)
    {
        var ml = new MLContext(seed: 0);
        var plants = Enumerable.Range(0, 120).Select(i => new Plant
        {
            Kind = i % 2 == 0 ? "fern" : "cactus",
            Light = i % 10,
            Height = (i % 2 == 0 ? 2 : 20) + (i % 10),
        }).ToList();
        return new LoadedRows(task, ml.Data.LoadFromEnumerable(plants[..80]), ml.Data.LoadFromEnumerable(plants[80..]), "Height");
    }

    private sealed class Plant
    {
        public string Kind { get; set; } = "";

        public float Light { get; set; }

        public float Height { get; set; }
    }
}
