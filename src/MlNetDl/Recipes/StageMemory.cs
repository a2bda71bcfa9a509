using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>Lets a stage that is run again after an interruption give the same result: its own work is kept, and its
/// random numbers follow from its place in the recipe.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="fingerprints">The identities of kept work.</param>
/// <param name="start">The model at the beginning.</param>
internal sealed class StageMemory(Recipe recipe, FitFingerprint fingerprints, TrainedModel start)
{
    /// <summary>The model as the last stage, or the last training within a stage, left it.</summary>
    public TrainedModel Current { get; set; } = start;

    /// <summary>How a stage keeps its work; see <see cref="StageContext.Once"/>.</summary>
    /// <param name="stage">The index of the stage, from 0.</param>
    /// <param name="fits">The number of trainings before. A stage that trains several times starts its hooks as
    /// often.</param>
    /// <param name="identity">The identity of the stage.</param>
    public Func<string, Func<object?>, Type, object?> Of(int stage, int fits, string identity)
    {
        var checkpoint = new StageCheckpoint(recipe.CheckpointPath is { } path
            ? string.Create(CultureInfo.InvariantCulture, $"{path}.stage{stage + 1}.{fits}")
            : null);
        return (name, work, type) =>
        {
            Seed(stage, fits, name);
            var value = checkpoint.Once(name, fingerprints.OfWork(Current, recipe.Training, identity), work, type);
            Seed(stage, fits, name);
            return value;
        };
    }

    /// <summary>Seeds torch's generator. A training that is skipped, because its checkpoint shows that it is over,
    /// leaves the generator in another state than the training itself.</summary>
    /// <param name="stage">The index of the stage, from 0.</param>
    /// <param name="fits">How many trainings came before.</param>
    /// <param name="what">The user of the random numbers.</param>
    public void Seed(int stage, int fits, string what) => manual_seed(unchecked(recipe.Training.SeedOrDefault
        + (long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stage} {fits} {what}")))));
}
