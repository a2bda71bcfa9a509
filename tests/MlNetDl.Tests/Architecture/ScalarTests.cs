using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;

namespace MlNetDl.Tests.Architecture;

/// <summary>Numbers reach torch through <see cref="Scalars"/> only, which says why. Read from the code that was compiled,
/// because neither a conversion nor an operator is seen in a source.</summary>
/// <remarks>Not seen is what TorchSharp's modules do when they are called through a base type.</remarks>
public sealed class ScalarTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => (int)(ushort)c.Value);

    private static readonly Lazy<HashSet<MethodBase>> Unsafe = new(FindUnsafe);

    [Theory]
    [InlineData(typeof(Scalars))]
    [InlineData(typeof(LayerContract))]
    public void Numbers_reach_torch_through_Scalars_only(Type inAssembly)
    {
        var wrong = MethodsOf(inAssembly.Assembly).Where(m => m.DeclaringType != typeof(Scalars))
            .SelectMany(m => CallsOf(m).Where(Unsafe.Value.Contains).Select(c => $"{m.DeclaringType}.{m.Name} calls {c.DeclaringType}.{c}"));
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void What_is_not_safe_is_found()
    {
        var tensor = typeof(torch.Tensor);
        Assert.Contains(tensor.GetMethod("pow", [typeof(Scalar)])!, Unsafe.Value);
        Assert.Contains(tensor.GetMethod("clamp", [typeof(Scalar), typeof(Scalar)])!, Unsafe.Value);
        Assert.Contains(tensor.GetMethod("square", [])!, Unsafe.Value);
        Assert.Contains(tensor.GetMethod("op_Multiply", [tensor, typeof(double)])!, Unsafe.Value);
        Assert.Contains(tensor.GetMethod("op_Addition", [tensor, tensor])!, Unsafe.Value);
        Assert.DoesNotContain(tensor.GetMethod("op_Multiply", [tensor, tensor])!, Unsafe.Value);
        Assert.Contains(MethodsOf(typeof(Scalars).Assembly).Where(m => m.DeclaringType == typeof(Scalars)).SelectMany(CallsOf), Unsafe.Value.Contains);
    }

    /// <summary>Methods of TorchSharp that take a scalar, those that make one for torch, and those that call them.</summary>
    private static HashSet<MethodBase> FindUnsafe()
    {
        Type[] makers = [typeof(Scalar), typeof(ScalarExtensionMethods)];
        var methods = MethodsOf(typeof(Scalar).Assembly).Where(m => !makers.Contains(m.DeclaringType))
            .Select(m => (Method: m, Calls: CallsOf(m).ToHashSet())).ToList();
        var found = methods.Where(m => m.Method.GetParameters().Any(p => p.ParameterType == typeof(Scalar))
            || m.Calls.Any(c => makers.Contains(c.DeclaringType) && (c.IsConstructor || c.Name is "op_Implicit" or "ToScalar")))
            .Select(m => m.Method).ToHashSet();
        while (methods.RemoveAll(m => !found.Contains(m.Method) && m.Calls.Overlaps(found) && found.Add(m.Method)) > 0)
        {
            // Whoever calls these may come before them.
        }

        return found;
    }

    private static IEnumerable<MethodBase> MethodsOf(Assembly assembly) =>
        assembly.GetTypes().SelectMany(t => t.GetMethods(All).Cast<MethodBase>().Concat(t.GetConstructors(All)));

    /// <summary>The methods whose calls, or addresses, stand in the code of a method, generic ones as they are declared.</summary>
    private static IEnumerable<MethodBase> CallsOf(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [];
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            int value = code[at++];
            var operand = Codes[value == 0xFE ? 0xFE00 | code[at++] : value].OperandType;
            if (operand == OperandType.InlineMethod
                && method.Module.ResolveMethod(BitConverter.ToInt32(code, at), ofType, ofMethod) is { } called)
            {
                yield return called is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericMethodDefinition() : called;
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
