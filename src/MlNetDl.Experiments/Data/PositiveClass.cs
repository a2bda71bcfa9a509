using MlNetDl.Tasks;

namespace MlNetDl.Experiments;

/// <summary>Which of two classes says yes, for a task of yes and no.</summary>
internal static class PositiveClass
{
    /// <summary>Finds it.</summary>
    /// <param name="place">What has the classes, for messages.</param>
    /// <param name="names">The names of the classes.</param>
    /// <param name="positive">The one that is said to be; <see langword="null"/> where the names must tell.</param>
    /// <param name="say">How it is said, such as <c>data.positive: cat</c>.</param>
    /// <exception cref="InvalidDataException">There are not two classes, or nobody can tell which one it is.</exception>
    public static string Of(string place, IReadOnlyList<string> names, string? positive, Func<string, string> say)
    {
        if (names is not [var first, var second])
        {
            throw new InvalidDataException($"{place} has {names.Count} class{(names.Count == 1 ? "" : "es")} ({Some(names)}), but a task of yes and no needs "
                + $"two; {(names.Count > 2 ? "write task: multiclass for more" : "add the images of the other class")}.");
        }

        if (positive is not null && YesNo.Of(positive) == false && names.Any(n => YesNo.Of(n) == true))
        {
            throw new InvalidDataException($"{say(positive)}, but '{positive}' says no everywhere else, so that evaluations of the model would turn round; "
                + "rename it.");
        }

        if (positive is not null)
        {
            return names.Contains(positive) ? positive : throw new InvalidDataException(
                $"{say(positive)} names no class of {place}, which has '{first}' and '{second}'.");
        }

        return (YesNo.Of(first), YesNo.Of(second)) switch
        {
            (true, false) => first,
            (false, true) => second,
            _ => throw new InvalidDataException(
                $"{place} has '{first}' and '{second}': which one is the positive one? Write {say(first)}, or {say(second)}."),
        };
    }

    /// <summary>Refuses a name of the positive class for a task that has none.</summary>
    /// <exception cref="ArgumentException">The task is none of yes and no.</exception>
    public static void MustSuit(LearningTask? task, string? positive)
    {
        if (positive is not null && task is not { Label: YesNoLabel })
        {
            throw new ArgumentException($"'{positive}' is to mean yes, but the model does {(task is null ? "nothing with labels" : ScoredTask.NameOf(task))}; "
                + "leave it out.");
        }
    }

    private static string Some(IReadOnlyList<string> names) => string.Join(", ", names.Take(4).Select(n => $"'{n}'")) + (names.Count > 4 ? ", …" : "");
}
