using MlNetDl.Search;

namespace MlNetDl.Sweeps.Functions;

/// <summary>A function of known shape to minimise.</summary>
/// <param name="Name">Its name and dimension.</param>
/// <param name="Value">Suggests the parameters and gives the value.</param>
/// <param name="Minimum">The smallest value there is.</param>
internal sealed record TestFunction(string Name, Func<Trial, double> Value, double Minimum)
{
    public static IReadOnlyList<TestFunction> All { get; } =
    [
        new("Branin", t => Branin(t.Uniform("x0", -5, 10), t.Uniform("x1", 0, 15)), 0.39788735772973816),
        new("Hartmann6", t => Hartmann6(Vector(t, 6, 0, 1)), -3.32236801141551),
        new("Rosenbrock5", t => Rosenbrock(Vector(t, 5, -5, 10)), 0),
        new("Ackley10", t => Ackley(Vector(t, 10, -32.768, 32.768)), 0),
        new("Rastrigin5", t => Vector(t, 5, -5.12, 5.12).Sum(x => (x * x) - (10 * Math.Cos(2 * Math.PI * x)) + 10), 0),
        new("Sphere5", t => Vector(t, 5, -5.12, 5.12).Sum(x => x * x), 0),
        new("Mixed4", Mixed, 0),
        new("Branches", t => Branches(t, 10), 0),
        new("Deceptive branches", t => Branches(t, 2), 0),
    ];

    private static double[] Vector(Trial trial, int dimensions, double from, double to)
    {
        var x = new double[dimensions];
        for (int i = 0; i < dimensions; i++)
        {
            x[i] = trial.Uniform($"x{i}", from, to);
        }

        return x;
    }

    private static double Branin(double x, double y) =>
        Math.Pow(y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6, 2)
        + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x))
        + 10;

    private static double Rosenbrock(double[] x)
    {
        double sum = 0;
        for (int i = 0; i + 1 < x.Length; i++)
        {
            sum += (100 * Math.Pow(x[i + 1] - (x[i] * x[i]), 2)) + Math.Pow(1 - x[i], 2);
        }

        return sum;
    }

    private static double Ackley(double[] x) =>
        (-20 * Math.Exp(-0.2 * Math.Sqrt(x.Average(v => v * v)))) - Math.Exp(x.Average(v => Math.Cos(2 * Math.PI * v))) + 20 + Math.E;

    private static double Hartmann6(double[] x)
    {
        double[] alpha = [1, 1.2, 3, 3.2];
        double[][] a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
        double[][] p =
        [
            [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
            [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
            [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
            [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
        ];
        return -Enumerable.Range(0, 4)
            .Sum(i => alpha[i] * Math.Exp(-Enumerable.Range(0, 6).Sum(j => a[i][j] * Math.Pow(x[j] - p[i][j], 2))));
    }

    // Like the settings of a training: a learning rate, a width, a depth, an optimiser.
    private static double Mixed(Trial trial)
    {
        double rate = trial.LogUniform("lr", 1e-6, 1);
        int width = trial.Integer("n", 8, 256, log: true), depth = trial.Integer("s", 0, 10);
        double optimizer = trial.Choice("opt", "sgd", "adam", "rms", "lion") switch { "sgd" => 1, "adam" => 0, "rms" => 0.5, _ => 2 };
        return Math.Pow(Math.Log10(rate) + 3, 2) + Math.Pow(Math.Log2(width) - Math.Log2(96), 2)
            + (0.1 * Math.Pow(depth - 3, 2)) + optimizer;
    }

    // Three branches with three parameters each, of which one holds the minimum, in a bent valley; the others are above
    // the offset and, when it is small, better nearly everywhere.
    private static double Branches(Trial trial, double offset)
    {
        double[] Own(string name) => [.. Enumerable.Range(0, 3).Select(i => trial.Uniform($"{name}{i}", -2, 2))];
        return trial.Choice("branch", "valley", "bowl", "plain") switch
        {
            "valley" => Rosenbrock(Own("valley")) / 10,
            "bowl" => offset + Own("bowl").Sum(x => x * x),
            _ => offset + 3 + Math.Abs(Own("plain").Sum()),
        };
    }
}
