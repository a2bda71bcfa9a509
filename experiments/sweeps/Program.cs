// Experiments on search itself. `dotnet run -c Release --project experiments/sweeps -- NAME [options]`; see README.md beside this file.
var sweeps = new SortedDictionary<string, Action<string[]>>(StringComparer.OrdinalIgnoreCase)
{
    ["functions"] = MlNetDl.Sweeps.Functions.FunctionSweep.Run,
    ["overhead"] = MlNetDl.Sweeps.Overhead.OverheadSweep.Run,
    ["tables"] = MlNetDl.Sweeps.Tables.TableSweep.Run,
};

if (args.Length == 0 || !sweeps.TryGetValue(args[0], out var sweep))
{
    Console.Error.WriteLine($"Which sweep? {string.Join(", ", sweeps.Keys)}.");
    return 2;
}

sweep(args[1..]);
return 0;
