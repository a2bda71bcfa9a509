using MlNetDl.Benchmarks;

// A subcommand a benchmark: it takes the remaining arguments and returns the exit code.
var benchmarks = new Dictionary<string, Func<string[], int>>(StringComparer.OrdinalIgnoreCase)
{
    ["scoring"] = ScoringBenchmark.Run,
    ["engine"] = EngineBenchmark.Run,
    ["loading"] = LoadingBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["train"] = TrainingBenchmark.Run,
    ["vae"] = VaeBenchmark.Run,
    ["distil"] = DistillationBenchmark.Run,
    ["prune"] = PruningBenchmark.Run,
    ["quantize"] = QuantizationBenchmark.Run,
    ["dynamic"] = DynamicBenchmark.Run,
    ["optimizers"] = OptimizerBenchmark.Run,
    ["startup"] = StartupBenchmark.Run,
    ["study"] = StudyBenchmark.Run,
    ["search"] = SearchBenchmark.Run,
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
{
    return benchmark(args[1..]);
}

Console.Error.WriteLine($"Usage: MlNetDl.Benchmarks {string.Join(" | ", benchmarks.Keys)} [--rounds N] [--threads N] [--peer COMMAND]");
return 2;
