using System.Reflection;
using System.Reflection.Emit;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>The types that a type uses, read from its members and from the code of its methods.</summary>
internal static class TypeUses
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => (int)(ushort)c.Value);

    /// <summary>All of them, nested types as the ones that they stand in.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var uses = new HashSet<Type>();
        var parameters = new HashSet<Type>();
        Add(type.BaseType);
        Each(type.GetInterfaces(), Add);
        foreach (var field in type.GetFields(All))
        {
            Add(field.FieldType);
        }

        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            Add((method as MethodInfo)?.ReturnType);
            Each(method.GetParameters().Select(p => p.ParameterType), Add);
            if (method.GetMethodBody() is { } body)
            {
                Each(body.LocalVariables.Select(v => v.LocalType), Add);
                Each(Named(method, body.GetILAsByteArray()!), Add);
            }
        }

        return uses;

        void Add(Type? used)
        {
            if (used is null)
            {
                return;
            }

            if (used.HasElementType)
            {
                Add(used.GetElementType());
                return;
            }

            if (used.IsGenericParameter)
            {
                // A constraint may name the parameter itself.
                Each(parameters.Add(used) ? used.GetGenericParameterConstraints() : [], Add);
                return;
            }

            Each(used.IsGenericType ? used.GetGenericArguments() : [], Add);
            uses.Add(Outermost(used.IsGenericType ? used.GetGenericTypeDefinition() : used));
        }
    }

    /// <summary>The type that a nested one stands in, at last.</summary>
    public static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static void Each(IEnumerable<Type?> types, Action<Type?> action)
    {
        foreach (var type in types)
        {
            action(type);
        }
    }

    private static IEnumerable<Type?> Named(MethodBase method, byte[] code)
    {
        var module = method.Module;
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            int value = code[at++];
            var operation = Codes[value == 0xFE ? 0xFE00 | code[at++] : value];
            int size = Size(operation.OperandType, code, at);
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType
                or OperandType.InlineTok)
            {
                var member = module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
                yield return member as Type ?? member.DeclaringType;
                foreach (var argument in member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [])
                {
                    yield return argument;
                }

                yield return (member as FieldInfo)?.FieldType ?? (member as MethodInfo)?.ReturnType;
            }

            at += size;
        }
    }

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
