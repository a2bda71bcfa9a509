using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>The public surface of an assembly as text: what a user can name, one line a member, in an order
/// of its own.</summary>
internal static class PublicApi
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>All of it, or that of one namespace.</summary>
    public static string Of(Assembly assembly, string? only = null)
    {
        var text = new StringBuilder();
        var types = assembly.GetExportedTypes().Where(t => !t.IsNested && t.Name[0] != '<' && t.Namespace == (only ?? t.Namespace));
        foreach (var space in types.GroupBy(t => t.Namespace).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(space.Key).Append('\n');
            foreach (var type in space.OrderBy(t => t.Name, StringComparer.Ordinal))
            {
                Write(text.Append('\n'), type, "");
            }

            text.Append('\n');
        }

        return $"{text.ToString().TrimEnd('\n')}\n";
    }

    private static void Write(StringBuilder text, Type type, string indent)
    {
        text.Append(indent).Append(TypeHead.Of(type)).Append('\n');
        if (typeof(MulticastDelegate).IsAssignableFrom(type))
        {
            return;
        }

        foreach (var member in Members(type))
        {
            text.Append(indent).Append("    ").Append(member).Append('\n');
        }

        var shown = type.GetNestedTypes(All).Where(t => (t.IsNestedPublic || t.IsNestedFamily || t.IsNestedFamORAssem) && t.Name[0] != '<');
        foreach (var nested in shown.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            Write(text, nested, $"{indent}    ");
        }
    }

    private static IEnumerable<string> Members(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(n => $"{n} = {Value(type.GetField(n)!.GetRawConstantValue())}")
        :
        [
            .. Sorted(type.GetConstructors(All).Where(Shown), c => $"{Access(c)}{TypeText.Bare(type)}({Parameters(c)})"),
            .. Sorted(type.GetFields(All).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly), Field),
            .. Sorted(
                type.GetProperties(All)
                    .Where(p => p.GetAccessors(true).Any(Shown) && !IsOverride(p.GetAccessors(true)[0])),
                Property),
            .. Sorted(
                type.GetEvents(All).Where(e => Shown(e.AddMethod!)),
                e => $"{Access(e.AddMethod!)}event {TypeText.Of(e.EventHandlerType!)} {e.Name}"),
            .. Sorted(type.GetMethods(All).Where(m => Shown(m) && !IsOverride(m) && (!m.IsSpecialName || IsOperator(m))), Method),
        ];

    private static IEnumerable<string> Sorted<T>(IEnumerable<T> members, Func<T, string> line)
        where T : MemberInfo => members.Select(m => (m.Name, Line: line(m)))
            .OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Line, StringComparer.Ordinal).Select(m => m.Line);

    // Methods that the compiler writes for records are no choice of ours; of its accessors the properties are.
    private static bool Shown(MethodBase method) => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
        && ((IsAccessor(method) && method.Name != "get_EqualityContract") || !method.IsDefined(typeof(CompilerGeneratedAttribute), false));

    private static bool IsAccessor(MethodBase method) => method is MethodInfo { IsSpecialName: true } && !IsOperator(method);

    private static bool IsOperator(MethodBase method) => method.Name.StartsWith("op_", StringComparison.Ordinal);

    // It is on the surface of the type that declares it first.
    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition() != method;

    private static string Access(MethodBase method) => (method.IsPublic ? "" : "protected ")
        + (method.IsStatic && !method.IsConstructor ? "static " : "")
        + (method.DeclaringType!.IsInterface || method.IsStatic ? ""
            : method.IsAbstract ? "abstract "
            : method.IsVirtual && !method.IsFinal ? "virtual "
            : "");

    private static string Field(FieldInfo field) => (field.IsPublic ? "" : "protected ")
        + (field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : ""))
        + $"{TypeText.Of(field)} {field.Name}{(field.IsLiteral ? $" = {Value(field.GetRawConstantValue())}" : "")}";

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(Shown).ToList();
        var widest = accessors.OrderByDescending(a => a.IsPublic).First();
        var index = property.GetIndexParameters() is { Length: > 0 } by
            ? $"this[{string.Join(", ", by.Select(Parameter))}]"
            : property.Name;
        var forms = accessors.Select(a => (a.IsPublic == widest.IsPublic ? "" : "protected ")
            + (a.Name.StartsWith("get_", StringComparison.Ordinal) ? "get"
                : a.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init"
                : "set"));
        return Ranges(property) + Access(widest) + (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")
            + $"{TypeText.Of(property)} {index} {{ {string.Join("; ", forms.Order(StringComparer.Ordinal))}; }}";
    }

    // A range that changes is a change of what users may give.
    private static string Ranges(MemberInfo member) => string.Concat(member.GetCustomAttributesData()
        .Where(a => a.AttributeType.Namespace!.StartsWith("MlNetDl", StringComparison.Ordinal))
        .Select(a => $"[{a.AttributeType.Name.Replace("Attribute", "", StringComparison.Ordinal)}({Arguments(a)})] ")
        .Order(StringComparer.Ordinal));

    private static string Arguments(CustomAttributeData attribute) =>
        string.Join(", ", attribute.ConstructorArguments.Select(c => Value(c.Value)));

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var constraints = TypeHead.Constraints(method.GetGenericArguments());
        return $"{Access(method)}{TypeText.Of(method.ReturnParameter)} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    internal static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var many = parameter.IsDefined(typeof(ParamArrayAttribute))
                || parameter.IsDefined(typeof(ParamCollectionAttribute))
            ? "params "
            : "";
        var preset = parameter.HasDefaultValue ? $" = {Value(parameter.DefaultValue)}" : "";
        return $"{many}{TypeText.Of(parameter)} {parameter.Name}{preset}";
    }

    private static string Value(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Type type => TypeText.Of(type),
        IEnumerable list =>
            $"[{string.Join(", ", list.Cast<object?>().Select(i => Value(i is CustomAttributeTypedArgument typed ? typed.Value : i)))}]",
        Enum choice => $"{choice.GetType().Name}.{choice}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
