using MlNetDl.Configuration;

namespace MlNetDl.Layers.Contracts;

/// <summary>Calls the code of leaves. What it throws, and what it gives that it may not, becomes an error that names leaf,
/// member and path.</summary>
internal static class LeafCode
{
    /// <summary>Calls a member of a leaf.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="path">Where the leaf stands.</param>
    /// <param name="call">The call.</param>
    public static T Of<T>(Leaf leaf, string member, string path, Func<T> call)
        where T : notnull
    {
        try
        {
            return call() ?? throw Null(leaf, member, path);
        }
        catch (Exception e) when (!IsTold(e))
        {
            throw Failure(leaf, member, path, e);
        }
    }

    /// <summary>Calls a member of a leaf that gives a value for each output.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="member">The member's name, for leaves of one value and of several.</param>
    /// <param name="path">Where the leaf stands.</param>
    /// <param name="call">The call.</param>
    public static IReadOnlyList<T> Each<T>(Leaf leaf, (string One, string Several) member, string path, Func<IReadOnlyList<T>> call)
    {
        var name = leaf is PublishingLeaf ? member.Several : member.One;
        var values = Of(leaf, name, path, call);
        return values.Any(v => v is null) ? throw Null(leaf, name, path) : values;
    }

    /// <summary>The weights that a leaf declares.</summary>
    public static IReadOnlyList<Parameter> Parameters(Leaf leaf, IReadOnlyList<Shape> inputs, string path)
    {
        var parameters = Of(leaf, nameof(Leaf.Parameters), path, () => leaf.Parameters(inputs));
        var names = new HashSet<string>();
        return parameters.Select(p => Wrong(p, names)).FirstOrDefault(w => w is not null) is { } wrong
            ? throw new ComponentException(leaf, nameof(Leaf.Parameters), wrong, path)
            : parameters;
    }

    /// <summary>Whether an error says by itself where it comes from.</summary>
    public static bool IsTold(Exception e) =>
        e is ComponentException or OperationCanceledException or ShapeException { InnerException: ShapeException };

    /// <summary>Whether an error of a forward pass is about the values that came, as of a token that no table has. The
    /// leaves of this library tell so by themselves.</summary>
    public static bool IsOfData(Leaf leaf, Exception e) => e is InvalidOperationException && leaf.GetType().Assembly == typeof(Leaf).Assembly;

    /// <summary>The error for what a leaf's code threw.</summary>
    public static Exception Failure(Leaf leaf, string member, string path, Exception reason) => reason switch
    {
        ShapeException shape => shape.At(path),
        // A leaf says so that it has no such form, which is no fault.
        NotSupportedException => new NotSupportedException(new ComponentException(leaf, member, reason, path).Message, reason),
        _ => new ComponentException(leaf, member, reason, path),
    };

    /// <summary>The error for a leaf that returned nothing.</summary>
    public static ComponentException Null(Leaf leaf, string member, string path) =>
        new(leaf, member, "it returned null; return a value for each output, or throw an error that says what is wrong.", path);

    private static string? Wrong(Parameter? parameter, HashSet<string> names) => parameter switch
    {
        null => "one of its parameters is null.",
        { Name: null or "" } => "one of its parameters has no name; name it, such as 'weight'.",
        { Name: var name } when name.AsSpan().ContainsAny("/.@") =>
            $"the name of the parameter '{name}' contains '/', '.' or '@', which separate the parts of a weight's name.",
        { Name: var name } when !names.Add(name) => $"it declares the parameter '{name}' twice; give each a name of its own.",
        { Dims: null } or { Init: null } => $"the parameter '{parameter.Name}' has no {(parameter.Dims is null ? "dimensions" : "initializer")}.",
        { Dims: var dims } when dims.Any(d => d < 0) => $"the parameter '{parameter.Name}' has the dimensions {dims}; none may be negative.",
        _ => null,
    };
}
