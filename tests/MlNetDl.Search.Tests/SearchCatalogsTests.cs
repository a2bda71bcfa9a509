using System.Reflection;
using System.Runtime.Loader;
using MlNetDl.Configuration;
using MlNetDl.Search;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;

namespace MlNetDl.Search.Tests;

public sealed class SearchCatalogsTests
{
    [Theory]
    [InlineData(typeof(Sampler), "tpe", typeof(TpeSampler))]
    [InlineData(typeof(TrialPruner), "hyperband", typeof(HyperbandPruner))]
    public void Components_are_read_before_anything_of_the_library_was_used(Type kind, string name, Type expected)
    {
        // Copies of the libraries of which nothing has run yet.
        var fresh = new Fresh();
        var library = fresh.LoadFromAssemblyName(typeof(Study).Assembly.GetName());
        var json = fresh.LoadFromAssemblyName(typeof(RecordJson).Assembly.GetName()).GetType(typeof(RecordJson).FullName!)!;
        Assert.NotSame(typeof(Study).Assembly, library);
        object read = json.GetMethod(nameof(RecordJson.Deserialize))!
            .MakeGenericMethod(library.GetType(kind.FullName!)!)
            .Invoke(null, [$"\"{name}\""])!;
        Assert.Equal(expected.FullName, read.GetType().FullName);
        Assert.Same(library, read.GetType().Assembly);
    }

    private sealed class Fresh() : AssemblyLoadContext("fresh")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name!.StartsWith("MlNetDl", StringComparison.Ordinal)
            ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
            : null;
    }
}
