using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>A type as C# writes it: keywords, nullable marks, names of a tuple's parts.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>The type of a field.</summary>
    public static string Of(FieldInfo field) => Of(field.FieldType, new NullabilityInfoContext().Create(field), Names(field));

    /// <summary>The type of a property.</summary>
    public static string Of(PropertyInfo property) =>
        Of(property.PropertyType, new NullabilityInfoContext().Create(property), Names(property));

    /// <summary>The type of a parameter, or what a method returns.</summary>
    public static string Of(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var kind = !type.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        return kind + Of(type, new NullabilityInfoContext().Create(parameter), Names(parameter));
    }

    /// <summary>A type by itself.</summary>
    public static string Of(Type type) => Of(type, null, []);

    /// <summary>The name without what it is generic in.</summary>
    public static string Bare(Type type) => type.Name.Split('`')[0];

    private static Queue<string?> Names(ICustomAttributeProvider member) => new(member
        .GetCustomAttributes(typeof(TupleElementNamesAttribute), false).Cast<TupleElementNamesAttribute>()
        .SelectMany(a => a.TransformNames));

    private static string Of(Type type, NullabilityInfo? known, Queue<string?> names)
    {
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, known?.ElementType ?? known, names);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{Of(value, known?.GenericTypeArguments.FirstOrDefault(), names)}?";
        }

        var mark = known?.ReadState == NullabilityState.Nullable && MayBeMarked(type) ? "?" : "";
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, known?.ElementType, names)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        if (type.IsPointer)
        {
            return $"{Of(type.GetElementType()!, null, names)}*";
        }

        return Keywords.TryGetValue(type, out var keyword) ? keyword + mark
            : type.IsGenericParameter ? type.Name + mark
            : Named(type, known, names) + mark;
    }

    // A parameter of any type may be null by itself: it tells nothing.
    private static bool MayBeMarked(Type type) => !type.IsValueType && (!type.IsGenericParameter
        || type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)
        || type.GetGenericParameterConstraints().Any(c => c.IsClass));

    private static string Named(Type type, NullabilityInfo? known, Queue<string?> names)
    {
        var arguments = type.GetGenericArguments();
        if (type.IsAssignableTo(typeof(ITuple)) && type.IsValueType)
        {
            // A tuple's own names come before those of the tuples in it.
            var own = arguments.Select(_ => names.TryDequeue(out var name) ? name : null).ToList();
            return $"({string.Join(", ", arguments.Select((_, i) => own[i] is { } name ? $"{Argument(i)} {name}" : Argument(i)))})";
        }

        // What the type that this one stands in is generic in comes first.
        int outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var before = type.DeclaringType is not { } declaring ? ""
            : $"{Named(declaring.IsGenericType ? declaring.MakeGenericType(arguments[..outer]) : declaring, known, names)}.";
        var inner = Enumerable.Range(outer, arguments.Length - outer).Select(Argument).ToList();
        return before + Bare(type) + (inner.Count > 0 ? $"<{string.Join(", ", inner)}>" : "");

        string Argument(int i) => Of(arguments[i], known?.GenericTypeArguments.ElementAtOrDefault(i), names);
    }
}
