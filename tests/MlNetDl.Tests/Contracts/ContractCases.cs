using MlNetDl.Configuration;
using MlNetDl.Testing;

namespace MlNetDl.Tests.Contracts;

/// <summary>Facts of components as rows of theories: each is a test of its own. What a component cannot
/// keep by its nature is listed with the reason, and must really be broken: an excuse that is no longer
/// needed is noticed.</summary>
internal sealed class ContractCases
{
    private readonly List<(string Component, IReadOnlyList<ContractFact> Facts, Dictionary<string, string> Excuses)> all = [];

    /// <summary>Component and fact of all that must hold.</summary>
    public TheoryData<string, string> Kept => Rows(excused: false);

    /// <summary>Component and fact of all that cannot.</summary>
    public TheoryData<string, string> Excused => Rows(excused: true);

    /// <summary>One case for each name that a library has put into a catalog, made as a configuration makes it: what is
    /// registered is checked.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="facts">The contract.</param>
    /// <param name="excuses">What components cannot keep.</param>
    public static ContractCases OfCatalog<T>(
        Catalog<T> catalog, Func<T, IReadOnlyList<ContractFact>> facts, params (string Component, string Fact, string Because)[] excuses)
        where T : class
    {
        var cases = new ContractCases();

        // Other tests register components of their own meanwhile.
        foreach (var entry in catalog.Entries.Where(e => e.Type.Assembly == typeof(T).Assembly))
        {
            var component = RecordJson.Deserialize<T>($"\"{entry.Name}\"");
            cases.Add(entry.Name, facts(component), [.. excuses.Where(e => e.Component == entry.Name).Select(e => (e.Fact, e.Because))]);
        }

        return cases;
    }

    /// <summary>Adds a component.</summary>
    public ContractCases Add(string component, IReadOnlyList<ContractFact> facts, params (string Fact, string Because)[] excuses)
    {
        Assert.All(excuses, e => facts.Named(e.Fact));
        Assert.DoesNotContain(all, c => c.Component == component);
        all.Add((component, facts, excuses.ToDictionary(e => e.Fact, e => e.Because)));
        return this;
    }

    /// <summary>Checks a fact.</summary>
    public void Run(string component, string fact) => Fact(component, fact).Run();

    /// <summary>Makes sure that a fact is broken.</summary>
    public void RunExcused(string component, string fact) => Assert.Throws<ContractException>(Fact(component, fact).Run);

    private ContractFact Fact(string component, string fact) => all.Single(c => c.Component == component).Facts.Named(fact);

    private TheoryData<string, string> Rows(bool excused)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (component, facts, excuses) in all)
        {
            foreach (var fact in facts.Where(f => excuses.ContainsKey(f.Name) == excused))
            {
                rows.Add(component, fact.Name);
            }
        }

        return rows;
    }
}
