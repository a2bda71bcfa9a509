using MlNetDl.Data;
using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>Writes an experiment for data that somebody has: the task, the columns and the network follow from what the data
/// holds, and comments say why.</summary>
/// <example><code>
/// File.WriteAllText("houses.yaml", StarterFile.Of("houses.csv", label: "price"));
/// new ExperimentRunner("runs/houses").Run(Experiment.Load("houses.yaml"));
/// </code></example>
public static class StarterFile
{
    /// <summary>The experiment's YAML.</summary>
    /// <param name="data">A table, a folder of images, or a data set's name.</param>
    /// <param name="label">For a table, the column to predict.</param>
    /// <param name="options">What is said of a table; what is not is seen from the file.</param>
    /// <exception cref="ArgumentException">There is a label where there are no columns, or none where there are.</exception>
    /// <exception cref="IOException">The data is not there, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">Nothing can be learnt from the data so; the message says why.</exception>
    public static string Of(string data, string? label = null, TableOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        bool isFolder = Directory.Exists(data), isSet = !isFolder && Datasets.Find(data) is not null;
        if (isFolder || isSet)
        {
            return label is null
                ? StarterText.Of(isSet ? StarterImages.OfSet(data) : StarterImages.OfFolder(data))
                : throw new ArgumentException(
                    $"A label ('{label}') names a column of a table, but '{data}' is {(isFolder ? "a folder" : "a data set")}; leave it out.");
        }

        return File.Exists(data)
            ? StarterText.Of(StarterTable.Of(data, label, (options ?? new()) with { IsOfCommand = true }))
            : throw new FileNotFoundException($"There is neither a table nor a folder '{data}'.{MissingFile.Place(data)}", data);
    }
}
