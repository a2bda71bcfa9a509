using MlNetDl.Layers.Contracts;

namespace MlNetDl.Generative;

/// <summary>c = (E‖z‖)² − ‖μ‖² of z from N(μ, I) as a Chebyshev series, which a graph can compute.</summary>
/// <remarks>c is smooth and nearly constant: it falls from below d at μ = 0 to d − 1 far out. So the series is of x = 2u − 1 with
/// u = ‖μ‖² / (‖μ‖² + d), which goes from 0 to 1.</remarks>
internal sealed class ExpectedNormSeries
{
    private const int Terms = 24;

    private readonly double[] coefficients;
    private readonly int dimensions;

    private ExpectedNormSeries(int dimensions, double[] coefficients) => (this.dimensions, this.coefficients) = (dimensions, coefficients);

    /// <summary>The series of a distribution, through the nodes of Chebyshev.</summary>
    public static ExpectedNormSeries Of(TiltedNormal prior)
    {
        int d = prior.Dimensions;
        double Angle(int node) => Math.PI * (node + 0.5) / Terms;
        var values = Enumerable.Range(0, Terms).Select(k =>
        {
            double u = (Math.Cos(Angle(k)) + 1) / 2, square = d * u / (1 - u);
            return Math.Pow(prior.ExpectedNorm(Math.Sqrt(square)), 2) - square;
        }).ToArray();
        return new(d, [.. Enumerable.Range(0, Terms).Select(j =>
            (j == 0 ? 1.0 : 2.0) / Terms * values.Select((v, k) => v * Math.Cos(j * Angle(k))).Sum())]);
    }

    /// <summary>c at a square of the norm.</summary>
    public double At(double square)
    {
        double angle = Math.Acos(Math.Clamp((2 * square / (square + dimensions)) - 1, -1, 1));
        return coefficients.Select((c, j) => c * Math.Cos(j * angle)).Sum();
    }

    /// <summary>c as ONNX nodes, [N, 1].</summary>
    /// <param name="graph">Receives the nodes.</param>
    /// <param name="square">‖μ‖² of each row, [N, 1].</param>
    public OnnxValue Write(OnnxGraph graph, OnnxValue square)
    {
        // x = 1 − 2d / (‖μ‖² + d), which has no infinity over infinity.
        var rest = graph.Add("Div", [graph.Scalar("twice", 2 * dimensions), graph.Add("Add", [square, graph.Scalar("dimensions", dimensions)])]);
        var x = graph.Add("Clip", [graph.Add("Sub", [graph.Scalar("one", 1), rest]), graph.Scalar("least", -1), graph.Scalar("most", 1)]);
        var orders = graph.Constant("orders", [1, Terms], Enumerable.Range(0, Terms).Select(j => (float)j).ToArray());
        var series = graph.Constant("series", [Terms, 1], coefficients.Select(c => (float)c).ToArray());
        return graph.Add("MatMul", [graph.Add("Cos", [graph.Add("Mul", [graph.Add("Acos", [x]), orders])]), series]);
    }
}
