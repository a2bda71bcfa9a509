using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MlNetDl.Testing;

/// <summary>Comparisons whose failure is a <see cref="ContractException"/> that says what was expected
/// and what came.</summary>
internal static class Expect
{
    public static void True(bool holds, string problem)
    {
        if (!holds)
        {
            throw new ContractException(problem);
        }
    }

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        True(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: expected {Text(expected)} but got {Text(actual)}.");

    public static void Sequence<T>(
        IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        List<T> wanted = [.. expected], got = [.. actual];
        True(wanted.SequenceEqual(got), $"{what}: expected {Text(wanted)} but got {Text(got)}.");
    }

    public static void Empty<T>(IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        Sequence([], actual, what);

    public static void Null(object? actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        True(actual is null, $"{what}: expected nothing but got {Text(actual)}.");

    public static void Contains(string part, string text) => True(
        text.Contains(part, StringComparison.Ordinal), $"expected a text with '{part}' but got '{text}'.");

    public static void Close(double expected, double actual, double tolerance, string what) => True(
        Math.Abs(expected - actual) <= tolerance,
        string.Create(CultureInfo.InvariantCulture, $"{what}: expected {expected:G9} (± {tolerance:G3}) but got {actual:G9}."));

    public static T Throws<T>(Action act, [CallerArgumentExpression(nameof(act))] string what = "")
        where T : Exception
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            return e as T ?? throw new ContractException($"{what}: expected {typeof(T).Name} but got {e.GetType().Name}: {e.Message}", e);
        }

        throw new ContractException($"{what}: expected {typeof(T).Name}, but nothing was thrown.");
    }

    private static string Text(object? value) => value switch
    {
        null => "nothing",
        string text => $"'{text}'",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
