using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using MlNetDl.Naming;

namespace MlNetDl.Commands;

/// <summary>The mistakes of a command line, each with what was probably meant.</summary>
/// <param name="tool">What the tool calls itself.</param>
internal sealed class CommandLineProblems(ToolName tool)
{
    /// <summary>The problems that the parser found.</summary>
    public IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens is [var first, ..])
        {
            // All that follows a command that is none is unknown too.
            return first.StartsWith('-')
                ? [UnknownOption(first, parsed.CommandResult)]
                : [$"'{first}' is no command of '{Called(parsed.CommandResult)}': {Nearest.Hint(first, command.Subcommands.Select(c => c.Name))}"];
        }

        return [.. UnknownOptions(parsed), .. parsed.Errors.Select(e => Text(e, parsed)).OfType<string>().Distinct()];
    }

    /// <summary>What looks like an option but is none of the command's: without this check an argument that takes many values
    /// would have it.</summary>
    public IReadOnlyList<string> UnknownOptions(ParseResult parsed) => parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)
        ? []
        : [.. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Concat(parsed.UnmatchedTokens)
            .Where(t => t.StartsWith("--", StringComparison.Ordinal)).Distinct().Select(t => UnknownOption(t, parsed.CommandResult))];

    /// <summary>How a command is called, with the tool's name.</summary>
    public string Called(CommandResult result) =>
        result.Parent is CommandResult above ? $"{Called(above)} {result.Command.Name}" : tool.Text;

    private string UnknownOption(string option, CommandResult command)
    {
        var name = option.Split('=')[0];
        var known = command.Command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Append(o.Name))
            .Where(n => n.StartsWith("--", StringComparison.Ordinal));
        return $"'{name}' is no option of '{Called(command)}': {Nearest.Hint(name, known)}";
    }

    private string? Text(ParseError error, ParseResult parsed)
    {
        if (error.SymbolResult is ArgumentResult { Tokens: [var token] } given
            && given.Argument.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList() is { Count: > 0 } values
            && !values.Contains(token.Value))
        {
            return $"'{token.Value}' is nothing that '{Called(parsed.CommandResult)}' takes: {Nearest.Hint(token.Value, values)}";
        }

        if (error.SymbolResult is ArgumentResult { Tokens.Count: 0 } lacking)
        {
            return $"'{Called(parsed.CommandResult)}' lacks <{lacking.Argument.HelpName ?? lacking.Argument.Name}>: {lacking.Argument.Description}";
        }

        // Unknown options are told already.
        return parsed.UnmatchedTokens.Any(t => t.StartsWith("--", StringComparison.Ordinal) && error.Message.Contains($"'{t}'", StringComparison.Ordinal))
            ? null
            : error.Message;
    }
}
