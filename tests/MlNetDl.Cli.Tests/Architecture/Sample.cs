using MlNetDl.Configuration;

namespace MlNetDl.Cli.Tests.Architecture.Sample;

public abstract record Shown<T>(string Name, [property: AtLeast(1)] int Count = 3) : IDisposable
    where T : class
{
    protected static readonly float[] Values = [1, 2];

    private protected static int Hidden => Values.Length;

    public required string Title { get; init; }

    protected virtual (T? First, List<string?> Others) Parts => (null, [$"{Hidden}"]);

    public abstract void Fill(Span<float> target, out bool done);

    public static string Join(params ReadOnlySpan<object?> parts) => string.Join(", ", parts);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    public override string ToString() => Name;

    public enum Kind
    {
        Plain,
        Other = 4,
    }
}
