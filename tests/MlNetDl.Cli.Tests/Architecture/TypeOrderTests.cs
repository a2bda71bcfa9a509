using System.Reflection;
using MlNetDl.Search;
using MlNetDl.Training;

namespace MlNetDl.Cli.Tests.Architecture;

/// <summary>Types of one folder whose arrows go one way.</summary>
public sealed class TypeOrderTests
{
    private static readonly Assembly Search = typeof(Study).Assembly, Library = typeof(Trainer).Assembly;

    public static TheoryData<string, string> Pairs => new()
    {
        { "MlNetDl.Training.TrainingRun", "MlNetDl.Training.Trainer" },
        { "MlNetDl.Search.Trial", "MlNetDl.Search.Study" },
        { "MlNetDl.Search.StudyLoop", "MlNetDl.Search.Study" },
        { "MlNetDl.Search.LeaseKeeper", "MlNetDl.Search.Study" },
        { "MlNetDl.Search.TrialDesk", "MlNetDl.Search.Study" },
        { "MlNetDl.Search.StudyState", "MlNetDl.Search.Study" },
        { "MlNetDl.Search.LeaseKeeper", "MlNetDl.Search.TrialDesk" },
        { "MlNetDl.Search.TrialDesk", "MlNetDl.Search.StudyLoop" },
        { "MlNetDl.Search.Trial", "MlNetDl.Search.TrialDesk" },
        { "MlNetDl.Search.Trial", "MlNetDl.Search.StudyLoop" },
        { "MlNetDl.Search.Trial", "MlNetDl.Search.LeaseKeeper" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_is_used_does_not_know_its_user(string used, string user)
    {
        Type below = Find(used), above = Find(user);
        Assert.Contains(below, Uses(above));
        Assert.DoesNotContain(above, Uses(below));
    }

    // With the closures and the asynchronous methods, which are types within it.
    private static IEnumerable<Type> Uses(Type type) =>
        TypeUses.Of(type).Concat(type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).SelectMany(Uses));

    private static Type Find(string name) => Search.GetType(name) ?? Library.GetType(name, throwOnError: true)!;
}
