// Experiments on search itself. `dotnet run -c Release --project experiments/sweeps -- NAME [options]`; see README.md
// beside this file.
var sweeps = new SortedDictionary<string, Action<string[]>>(StringComparer.OrdinalIgnoreCase)
{
    ["functions"] = MlNetDl.Sweeps.Functions.FunctionSweep.Run,
    ["overhead"] = MlNetDl.Sweeps.Overhead.OverheadSweep.Run,
    ["tables"] = MlNetDl.Sweeps.Tables.TableSweep.Run,
    ["trained"] = MlNetDl.Sweeps.Trained.TrainedSweep.Run,
    ["pruners"] = MlNetDl.Sweeps.Pruners.PrunerSweep.Run,
    ["pruner-costs"] = MlNetDl.Sweeps.Pruners.PrunerCosts.Run,
};

if (args.Length == 0 || !sweeps.TryGetValue(args[0], out var sweep))
{
    Console.Error.WriteLine($"Which sweep? {string.Join(", ", sweeps.Keys)}.");
    return 2;
}

try
{
    sweep(args[1..]);
    return 0;
}
catch (Exception e) when (e is ArgumentException or MlNetDl.Configuration.ConfigurationException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
