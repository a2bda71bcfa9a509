using System.Globalization;
using MlNetDl.Training;

namespace MlNetDl.Experiments;

/// <summary>Files that stages name, such as teachers.</summary>
internal static class StageFiles
{
    /// <summary>What stages say of files that they name, by place; without those that name none, or none that is there.</summary>
    public static IEnumerable<(string Key, string Identity)> Identities(IReadOnlyList<Stage> stages, string place)
    {
        foreach (var (index, stage) in stages.Index())
        {
            if (IdentityOf(stage) is { Length: > 0 } identity)
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"), identity);
            }
        }
    }

    // A teacher that is not there is refused where the stage is checked, with the reason; that of an arm is not there yet.
    private static string? IdentityOf(Stage stage)
    {
        try
        {
            return stage.Identity();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            return null;
        }
    }
}
