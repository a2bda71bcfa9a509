namespace MlNetDl.Configuration;

/// <summary>A configuration says something that cannot be meant. The message says where, what was expected, what came, and what to do.</summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>An error at a path such as <c>training.optimizer</c>; empty for the whole configuration.</summary>
    public ConfigurationException(string path, string message, Exception? innerException = null)
        : base(path.Length == 0 ? message : $"{path}: {message}", innerException) => (Path, Problem) = (path, message);

    /// <summary>Where, in dotted keys.</summary>
    public string Path { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }
}
