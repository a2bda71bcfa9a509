// Runs the contracts over a sampler and a pruner of one's own and over a store, without a test framework. Prints how many
// facts hold, and what a bad sampler breaks.
using MlNetDl.Metrics;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Pruners;
using MlNetDl.Search.Samplers;
using MlNetDl.Search.Storage;
using MlNetDl.Testing;

SearchCatalogs.Samplers.Register<Uniformly>().Register<Forgetful>();
SearchCatalogs.Pruners.Register<Rising>();

ContractFact[] facts =
[
    .. SamplerContract.Of(() => new Uniformly()),
    .. PrunerContract.Of(new Rising(), compares: false),
    .. StoreContract.Of(clock => new MemoryStore(clock)),
];
facts.RunAll();
Console.WriteLine($"{facts.Length} facts hold");
try
{
    SamplerContract.Of(() => new Forgetful()).RunAll();
}
catch (ContractException e)
{
    Console.WriteLine(e.Message);
}

/// <summary>Draws every parameter by itself.</summary>
internal sealed record Uniformly : Sampler
{
    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
        distribution.FromUnit(Random(trial, name).NextDouble());
}

/// <summary>Keeps its generator, and so proposes something else when a study is opened again.</summary>
internal sealed record Forgetful : Sampler
{
    private static readonly Random Generator = new(1);

    public override double Sample(History history, TrialRecord trial, string name, Distribution distribution) =>
        distribution.FromUnit(Generator.NextDouble());
}

/// <summary>Stops a trial whose last report is worse than its first.</summary>
internal sealed record Rising : TrialPruner
{
    public override bool ShouldPrune(History history, TrialRecord trial) =>
        trial.Reports.Count > 1 && history.Goals[0].IsBetter(trial.Reports[0].Value, trial.Reports[^1].Value);
}
