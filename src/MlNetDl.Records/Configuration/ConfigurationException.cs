namespace MlNetDl.Configuration;

/// <summary>A configuration is wrong. The message says where, what was expected, what came, and what to do.</summary>
public sealed class ConfigurationException : Exception
{
    private readonly IReadOnlyList<ConfigurationException>? several;

    /// <summary>An error at a path such as <c>training.optimizer</c>; empty for the whole configuration.</summary>
    public ConfigurationException(string path, string message, Exception? innerException = null)
        : base(path.Length == 0 ? message : $"{path}: {message}", innerException) => (Path, Problem) = (path, message);

    /// <summary>A problem of a record.</summary>
    internal ConfigurationException(RecordProblem problem) : base(problem.ToString()) => (Path, Problem) = (problem.Path, problem.Text);

    private ConfigurationException(IReadOnlyList<ConfigurationException> problems)
        : base(Lines(problems), problems[0].InnerException) =>
        (Path, Problem, several) = (problems[0].Path, problems[0].Problem, problems);

    private const int MostLines = 20;

    private static string Lines(IReadOnlyList<ConfigurationException> problems) =>
        string.Join('\n', problems.Take(MostLines).Select(p => p.Message))
        + (problems.Count > MostLines ? $"\nand {problems.Count - MostLines} more" : "");

    /// <summary>Joins several errors into one.</summary>
    /// <param name="problems">The problems, one or more, in the order of the message.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ConfigurationException Of(IReadOnlyList<ConfigurationException> problems)
    {
        if (problems.Count == 0)
        {
            throw new ArgumentException("An error says something; give one problem or more.", nameof(problems));
        }

        return problems.Count == 1 ? problems[0] : new(problems);
    }

    /// <summary>All problems; the exception itself where there is one only.</summary>
    public IReadOnlyList<ConfigurationException> All => several ?? [this];

    /// <summary>The place in dotted keys; where there are several problems, that of the first.</summary>
    public string Path { get; }

    /// <summary>The problem without its place; where there are several, the first.</summary>
    public string Problem { get; }
}
