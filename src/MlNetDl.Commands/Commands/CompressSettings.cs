using System.Text.Json.Nodes;
using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Training;

namespace MlNetDl.Commands;

/// <summary>What <c>mldl compress</c> is told by words: stages, and changes of the training.</summary>
/// <param name="stages">The stages as they were given.</param>
/// <param name="settings">The changes as they were given, <c>key=value</c>.</param>
/// <param name="mode">What is to be done.</param>
internal sealed class CompressSettings(IReadOnlyList<string> stages, IReadOnlyList<string> settings, CompressMode mode)
{
    private const string Training = "training";
    private const string Forms = "expected NAME, NAME(key=value, …) or { type: NAME, … }, such as \"filterPruning(amount=0.5, fineTune.epochs=3)\"";

    /// <summary>The stages and the training that the words say, beside those that the model was trained with.</summary>
    /// <exception cref="ConfigurationException">A word is wrong; all problems come at once.</exception>
    public CompressWords Bind(ModelManifest manifest)
    {
        var document = ConfigurationDocument.Of(
            new()
            {
                [Training] = RecordJson.ToNode(CompressionJob.OptionsOf(manifest)),
                ["stages"] = new JsonArray([.. stages.Select(_ => (JsonNode?)null)]),
            },
            "the options");
        foreach (var (index, text) in stages.Index())
        {
            Add(document, index, text.Trim(), $"--stage '{text}'");
        }

        foreach (var text in settings)
        {
            var (key, value) = Assignment(text, $"--set '{text}'", "--set takes key=value, such as --set epochs=3");
            key = key.StartsWith($"{Training}.", StringComparison.Ordinal) ? key[(Training.Length + 1)..] : key;
            if (key == "stages" || key.StartsWith("stages[", StringComparison.Ordinal))
            {
                throw new UsageException($"--set '{text}' changes the stages, which --stage gives.");
            }

            var isOfTarget = RecordPath.IsAtOrBelow(key, "fineTune");
            if (isOfTarget && mode != CompressMode.Target)
            {
                throw new UsageException($"--set '{text}' is of --target, whose tries it trains; a stage has its own, such as --stage "
                    + "\"filterPruning(amount=0.5, fineTune.epochs=3)\".");
            }

            var isOfSensitivity = RecordPath.IsAtOrBelow(key, "sensitivity");
            if (isOfSensitivity && mode != CompressMode.Sensitivity)
            {
                throw new UsageException($"--set '{text}' is of --sensitivity: how that is measured.");
            }

            if (Unread(mode).FirstOrDefault(unread => RecordPath.IsAtOrBelow(key, unread)) is { } ignored)
            {
                throw new UsageException($"--set '{text}' would change nothing: " + (mode == CompressMode.Target
                    ? $"the tries of --target train as fineTune says; give --set fineTune.{key}=…."
                    : $"{(mode == CompressMode.Exits ? "--exits" : "--sensitivity")} trains nothing, so there is no {ignored}."));
            }

            document.Set(isOfTarget || isOfSensitivity ? key : $"{Training}.{key}", value, $"--set '{text}'");
        }

        return document.Bind<CompressWords>();
    }

    // Settings of trainings that are not made.
    private static string[] Unread(CompressMode mode) => mode switch
    {
        CompressMode.Target => ["epochs"],
        CompressMode.Sensitivity or CompressMode.Exits => ["epochs", "optimizer", "schedule", "clipNorm"],
        _ => [],
    };

    private static void Add(ConfigurationDocument document, int index, string text, string origin)
    {
        var place = $"stages[{index}]";
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (text.StartsWith('{') || open < 0)
        {
            document.Set(place, Parsed(text, origin), origin);
            return;
        }

        if (open == 0 || !text.EndsWith(')'))
        {
            throw new UsageException($"{origin} is no stage; {Forms}.");
        }

        document.Set(place, JsonValue.Create(text[..open].Trim()), origin);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in Parts(text[(open + 1)..^1]))
        {
            var (key, value) = Assignment(part, origin, Forms);
            if (!given.Add(key))
            {
                throw new UsageException($"{origin} gives '{key}' twice; leave one of them out.");
            }

            document.Set($"{place}.{key}", value, origin);
        }
    }

    private static (string Key, JsonNode? Value) Assignment(string text, string origin, string expected)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (text[..equals].Trim(), Parsed(text[(equals + 1)..], origin))
            : throw new UsageException($"{origin}: '{text.Trim()}' gives no value; {expected}.");
    }

    private static JsonNode? Parsed(string text, string origin)
    {
        try
        {
            return Yaml.ParseValue(text.Trim());
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException("", $"{origin}{e.Problem}", e);
        }
    }

    // Commas within brackets and quotes belong to a value.
    private static IEnumerable<string> Parts(string text)
    {
        int depth = 0, start = 0;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (c is ')' or ']' or '}')
            {
                depth--;
            }
            else if (c == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        if (text[start..].Trim().Length > 0)
        {
            yield return text[start..];
        }
    }
}

/// <summary>What <c>mldl compress</c> does.</summary>
internal enum CompressMode
{
    /// <summary>Runs stages.</summary>
    Stages,

    /// <summary>Looks for the pruning that reaches a target, whose tries have a training of their own.</summary>
    Target,

    /// <summary>Measures what layers bear.</summary>
    Sensitivity,

    /// <summary>Measures where rows leave.</summary>
    Exits,
}

/// <summary>The words, bound.</summary>
internal sealed record CompressWords : ICheckedRecord
{
    /// <summary>How stages train.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>The stages.</summary>
    public ValueList<Stage> Stages { get; init; } = [];

    /// <summary>The training after each try of a target.</summary>
    public Fit FineTune { get; init; } = new() { Epochs = 1 };

    /// <summary>How it is measured what layers bear.</summary>
    public SensitivityOptions Sensitivity { get; init; } = new();

    public IEnumerable<RecordProblem> Problems() => CompressionJob.ProblemsOf(Stages);
}
