using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>Options that commands share which show rows of data through a saved model.</summary>
internal static class RowData
{
    /// <summary>The model.</summary>
    public static Argument<string> Model() => new("model") { Description = "The model .zip of an autoencoder." };

    /// <summary>The data.</summary>
    public static Option<T> Data<T>(string use, bool required = false) => new("--data")
    {
        Description = $"A data set's name or an experiment's YAML file (its test part is taken), a folder of images, or a CSV file{use}.",
        Required = required,
        HelpName = "D",
    };

    /// <summary>The data that a value names.</summary>
    public static NamedData Named(string name) => new(name, Experiment.IsFile(name) ? Experiment.Load(name).Data : null);

    /// <summary>The class that a model is told.</summary>
    public static Option<string?> Condition(string byDefault) => new("--condition")
    {
        Description = $"For a model that is told the class of a row, the class by its name (default: {byDefault}).",
        HelpName = "CLASS",
    };

    /// <summary>The file that is written.</summary>
    public static Option<string> Output(string name) => new("--output", "-o")
    {
        Description = "The file: .png for images, .csv for rows of values; without an extension, the one that suits the model.",
        DefaultValueFactory = _ => name,
    };

    /// <summary>A whole number that has a least value.</summary>
    public static int AtLeast(this ToolContext context, Option<int> option, int least) => context.Get(option) is var asked && asked >= least
        ? asked
        : throw new UsageException($"{option.Name} is {asked}, but must be {least} or more.");
}
