using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>The line that declares a type: its kind, what it derives from, and what its parameters must be.</summary>
internal static class TypeHead
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The line.</summary>
    public static string Of(Type type)
    {
        var arguments = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToArray();
        var name = TypeText.Bare(type) + (arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(Variance))}>" : "");
        if (typeof(MulticastDelegate).IsAssignableFrom(type))
        {
            var call = type.GetMethod("Invoke")!;
            return $"delegate {TypeText.Of(call.ReturnParameter)} {name}({PublicApi.Parameters(call)}){Constraints(arguments)}";
        }

        var access = type.IsNestedFamily || type.IsNestedFamORAssem ? "protected " : "";
        var bases = Bases(type).ToList() is { Count: > 0 } some ? $" : {string.Join(", ", some)}" : "";
        return $"{access}{Kind(type)} {name}{bases}{Constraints(arguments)}";
    }

    /// <summary>What is asked of type parameters, with a blank before it.</summary>
    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(p =>
    {
        var kinds = p.GenericParameterAttributes;
        bool isStruct = kinds.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> asked =
        [
            .. kinds.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : (string[])[],
            .. isStruct ? ["struct"] : (string[])[],
            .. p.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeText.Of),
            .. kinds.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? ["new()"] : (string[])[],
        ];
        return asked.Count > 0 ? $" where {p.Name} : {string.Join(", ", asked)}" : "";
    }));

    private static string Variance(
        Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => $"out {parameter.Name}",
            GenericParameterAttributes.Contravariant => $"in {parameter.Name}",
            _ => parameter.Name,
        };

    private static string Kind(Type type)
    {
        if (type.IsEnum || type.IsInterface)
        {
            return type.IsEnum ? "enum" : "interface";
        }

        // Records print themselves by a method of the compiler's.
        bool isRecord = type.GetMethod("PrintMembers", All)?.IsDefined(typeof(CompilerGeneratedAttribute), false) == true;
        if (type.IsValueType)
        {
            var isReadOnly = type.IsDefined(typeof(IsReadOnlyAttribute), false);
            return $"{(isReadOnly ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{(isRecord ? "record " : "")}struct";
        }

        var modifier = (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static ",
            (true, false) => "abstract ",
            (false, true) => "sealed ",
            _ => "",
        };
        return modifier + (isRecord ? "record" : "class");
    }

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum)
        {
            yield break;
        }

        if (type.BaseType is { } derived && derived != typeof(object) && derived != typeof(ValueType))
        {
            yield return TypeText.Of(derived);
        }

        // Without those that come with the base or with another interface; a record's equality is the compiler's.
        var all = type.GetInterfaces().Where(i => i.IsVisible).ToList();
        var implied = all.SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        implied.Add(typeof(IEquatable<>).MakeGenericType(type));
        foreach (var name in all.Where(i => !implied.Contains(i)).Select(TypeText.Of).Order(StringComparer.Ordinal))
        {
            yield return name;
        }
    }
}
