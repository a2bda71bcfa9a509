using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>An action of <c>mldl study</c>.</summary>
/// <param name="name">What it is called by.</param>
/// <param name="arguments">What follows the folder, as help shows it; empty for nothing.</param>
/// <param name="description">What it does, in a few words.</param>
/// <param name="most">The most arguments that may follow the folder.</param>
internal abstract class StudyAction(string name, string arguments, string description, int most = 0)
{
    /// <summary>What it is called by.</summary>
    public string Name => name;

    /// <summary>What it does, in a few words.</summary>
    public string Description => description;

    /// <summary>A line that shows how it is called.</summary>
    /// <param name="tool">What the tool calls itself.</param>
    public string Usage(string tool) => $"{tool} study {name} RUN{(arguments.Length > 0 ? $" {arguments}" : "")}";

    /// <summary>The most arguments that may follow the folder.</summary>
    public int Most => most;

    /// <summary>Does it.</summary>
    /// <returns>What <c>--json</c> prints.</returns>
    public abstract object Run(StudyCall call);

    /// <summary>Shows the result to people.</summary>
    public abstract void Write(object result, StudyCall call);

    /// <summary>A whole number that was given.</summary>
    /// <exception cref="UsageException">It is none, or less than the least.</exception>
    protected int Whole(StudyCall call, string text, string what, int least) =>
        int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out int number)
            && number >= least
                ? number
                : Refuse(call, $"'{text}' is no {what}; expected a whole number, {least} or more");

    private int Refuse(StudyCall call, string problem) => throw new UsageException($"{problem}: {Usage(call.Tool)}");
}

/// <summary>A call of an action.</summary>
/// <param name="Context">The call of the command.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Arguments">What follows the folder.</param>
internal sealed record StudyCall(ToolContext Context, SweepFolder Folder, IReadOnlyList<string> Arguments)
{
    /// <summary>What the tool calls itself.</summary>
    public string Tool => Context.Tool;

    /// <summary>Whether metrics are asked for.</summary>
    public bool IsMetrics { get; init; }

    /// <summary>Whether only the result is asked for.</summary>
    public bool IsQuiet { get; init; }
}

/// <summary>An action with a result of its own type.</summary>
/// <typeparam name="TResult">What <c>--json</c> prints.</typeparam>
/// <param name="name">What it is called by.</param>
/// <param name="arguments">What follows the folder, as help shows it.</param>
/// <param name="description">What it does, in a few words.</param>
/// <param name="most">The most arguments.</param>
internal abstract class StudyAction<TResult>(string name, string arguments, string description, int most = 0)
    : StudyAction(name, arguments, description, most)
    where TResult : class
{
    /// <inheritdoc/>
    public sealed override object Run(StudyCall call) => Do(call);

    /// <inheritdoc/>
    public sealed override void Write(object result, StudyCall call) => Tell((TResult)result, call);

    /// <summary>Does it.</summary>
    protected abstract TResult Do(StudyCall call);

    /// <summary>Shows the result to people; nothing by default, for actions that speak while they work.</summary>
    protected virtual void Tell(TResult result, StudyCall call)
    {
    }
}
