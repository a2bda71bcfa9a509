using System.Globalization;
using System.IO.Hashing;
using System.Text;
using MlNetDl.Training;
using static TorchSharp.torch;

namespace MlNetDl.Recipes;

/// <summary>What makes a stage that is run again after an interruption leave the same: its own work is kept, and what it draws follows
/// from where it stands.</summary>
/// <param name="recipe">The recipe.</param>
/// <param name="fingerprints">What kept work belongs to.</param>
/// <param name="start">The model at the beginning.</param>
internal sealed class StageMemory(Recipe recipe, FitFingerprint fingerprints, TrainedModel start)
{
    /// <summary>The model as the last stage, or the last training within a stage, left it.</summary>
    public TrainedModel Current { get; set; } = start;

    /// <summary>How a stage keeps its work; see <see cref="StageContext.Once"/>.</summary>
    /// <param name="stage">Which stage, from 0.</param>
    /// <param name="fits">How many trainings came before: a stage that trains several times starts its hooks as often.</param>
    /// <param name="identity">What tells the stage from others.</param>
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

    /// <summary>Seeds torch's generator: after a training that a checkpoint says is over, it would stand elsewhere than after the training itself.</summary>
    /// <param name="stage">Which stage, from 0.</param>
    /// <param name="fits">How many trainings came before.</param>
    /// <param name="what">What draws.</param>
    public void Seed(int stage, int fits, string what) => manual_seed(unchecked(recipe.Training.SeedOrDefault
        + (long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stage} {fits} {what}")))));
}
