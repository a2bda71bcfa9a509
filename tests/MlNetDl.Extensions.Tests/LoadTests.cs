using System.Reflection;
using System.Reflection.Emit;
using MlNetDl.Commands;

namespace MlNetDl.Extensions.Tests;

/// <summary>What goes wrong in an assembly that <c>--load</c> names is told as what it is.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_module_initializer_that_throws_is_told_with_its_reason()
    {
        var dll = Assembly("Throws", "throws.dll", code =>
        {
            code.Emit(OpCodes.Ldstr, "There is a layer named 'linear' already");
            code.Emit(OpCodes.Newobj, typeof(ArgumentException).GetConstructor([typeof(string)])!);
            code.Emit(OpCodes.Throw);
        });
        using var error = new StringWriter();
        Assert.Equal(2, Application.Run(["list", "--load", dll], TextWriter.Null, error, "mldl"));
        Assert.Equal(
            $"mldl: --load '{dll}': its module initializer failed, so its parts are not registered. "
                + "ArgumentException: There is a layer named 'linear' already",
            error.ToString().TrimEnd());
    }

    [Fact]
    public void A_second_assembly_of_one_name_is_told_with_the_place_of_the_first()
    {
        var (first, second) = (Assembly("Twin", "first.dll", _ => { }), Assembly("Twin", "second.dll", _ => { }));
        using var error = new StringWriter();
        Assert.Equal(2, Application.Run(["list", "--load", first, "--load", second], TextWriter.Null, error, "mldl"));
        Assert.EndsWith(
            $"mldl: --load '{second}': an assembly of the name 'Twin' runs here already, from '{first}'; load one of the two.",
            error.ToString().TrimEnd(),
            StringComparison.Ordinal);
    }

    // An assembly with a module initializer.
    private string Assembly(string name, string file, Action<ILGenerator> body)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(name);
        var initializer = module.DefineGlobalMethod(
            ".cctor",
            MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName | MethodAttributes.Private,
            typeof(void),
            []);
        var code = initializer.GetILGenerator();
        body(code);
        code.Emit(OpCodes.Ret);
        module.CreateGlobalFunctions();
        assembly.Save(folder[file]);
        return folder[file];
    }
}
