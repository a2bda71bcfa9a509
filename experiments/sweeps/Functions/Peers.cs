namespace MlNetDl.Sweeps.Functions;

/// <summary>What Optuna reached on the same functions: the best of 100 trials, median and quartiles over 40 seeds,
/// measured with versions 4.9 and 5.0.0rc1 on two cores.</summary>
internal static class Peers
{
    public static IReadOnlyList<string> Names { get; } = ["Optuna random", "Optuna TPE 4.9", "Optuna TPE 5.0rc1", "Optuna CMA-ES"];

    public static IReadOnlyDictionary<string, Spread?[]> Values { get; } = new Dictionary<string, Spread?[]>
    {
        ["Branin"] = [new(0.789, 0.538, 1.264), new(0.456, 0.427, 0.498), new(0.427, 0.406, 0.443), new(0.408, 0.401, 0.452)],
        ["Hartmann6"] =
        [
            new(-2.139, -2.412, -1.940),
            new(-3.010, -3.105, -2.845),
            new(-3.223, -3.248, -3.135),
            new(-3.026, -3.096, -2.941),
        ],
        ["Rosenbrock5"] = [new(3320, 2443, 6270), new(324, 170, 551), new(106.7, 57.6, 229), new(119.6, 54.7, 194)],
        ["Ackley10"] = [new(19.67, 19.15, 19.90), new(17.11, 16.24, 17.62), new(13.81, 11.73, 15.74), new(10.84, 10.11, 11.69)],
        ["Rastrigin5"] = [new(40.1, 35.0, 45.3), new(24.7, 19.0, 29.8), new(28.3, 24.6, 33.4), new(21.4, 17.6, 26.7)],
        ["Sphere5"] = [new(6.76, 4.94, 8.94), new(1.002, 0.611, 1.897), new(0.253, 0.179, 0.360), new(0.153, 0.107, 0.283)],
        ["Mixed4"] = [new(0.768, 0.504, 1.185), new(0.0346, 0.0065, 0.0746), new(0.0121, 0.0034, 0.0310), null],
    };
}
