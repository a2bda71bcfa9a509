using MlNetDl.Configuration;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Onnx;

namespace MlNetDl.MlNet;

/// <summary>A graph in a session: straight from and into buffers where it has one float32 input and outputs of known
/// size, else by tensors.</summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly OnnxScorer? scorer;
    private readonly OnnxModel? model;
    private readonly GraphSignature signature;
    private readonly IReadOnlyList<string> outputs;

    /// <summary>Prepares a session, which is made at the first run.</summary>
    /// <param name="package">The model.</param>
    /// <param name="signature">The graph.</param>
    /// <param name="outputs">The outputs that are wanted.</param>
    /// <param name="options">How it scores.</param>
    public GraphRunner(ModelPackage package, GraphSignature signature, IReadOnlyList<string> outputs, ScoringOptions options)
    {
        (this.signature, this.outputs) = (signature, outputs);
        var graph = package.Graphs[signature.Name];
        var widths = outputs.Select(o => (Name: o, Width: WidthOf(o))).ToList();
        if (signature.Inputs is [{ Column: not null, Shape.Type: ElementType.Float32 } input]
            && input.Shape.Dims.Skip(1).All(d => d.Size is not null)
            && widths.All(w => w.Width > 0))
        {
            scorer = new(graph, input.Name, [.. input.Shape.Dims.Skip(1).Select(d => d.Size!.Value)], widths, options);
        }
        else
        {
            RecordCheck.Require(options, "scoring");
            model = new(graph, options);
        }
    }

    /// <summary>Values of a row of that output; 0 where their number is known only with data.</summary>
    public int WidthOf(string output) => OutputRows.WidthOf(signature, output);

    /// <summary>The places for the values of the wanted outputs.</summary>
    /// <param name="capacity">The most rows of a batch.</param>
    public OutputRows[] Results(int capacity) => [.. outputs.Select(o => new OutputRows(signature, o, capacity))];

    /// <summary>Runs the first rows.</summary>
    /// <param name="inputs">The rows of each input.</param>
    /// <param name="rows">How many, 1 or more.</param>
    /// <param name="results">Takes the values of each wanted output.</param>
    /// <exception cref="InvalidOperationException">An output's values do not belong to the rows.</exception>
    public void Run(IReadOnlyList<GraphInputRows> inputs, int rows, OutputRows[] results) =>
        MlNetDlDiagnostics.Score(signature.Name, rows, () => RunRows(inputs, rows, results));

    private void RunRows(IReadOnlyList<GraphInputRows> inputs, int rows, OutputRows[] results)
    {
        if (scorer is not null)
        {
            scorer.Run(((FloatInputRows)inputs[0]).Values, rows, Array.ConvertAll(results, r => r.Values));
            return;
        }

        var groups = Enumerable.Range(0, rows)
            .GroupBy(row => string.Join(' ', inputs.Select(i => i.LengthOf(row))))
            .Select(g => g.ToArray()).ToList();
        foreach (var result in results)
        {
            result.Begin(rows);
        }

        foreach (var group in groups)
        {
            var made = Run(inputs.ToDictionary(i => i.Input.Name, i => i.Tensor(group)));
            for (int i = 0; i < outputs.Count; i++)
            {
                results[i].Take(made[outputs[i]], group);
            }
        }

        foreach (var result in results)
        {
            result.End();
        }
    }

    private IReadOnlyDictionary<string, OnnxTensor> Run(Dictionary<string, OnnxTensor> tensors)
    {
        try
        {
            return model!.Run(tensors);
        }
        catch (ArgumentException e) when (Greatest(tensors) is { } token)
        {
            throw new InvalidOperationException(
                $"The model cannot run on these rows; the greatest token among them is {token.Value} in column "
                    + $"'{token.Column}', which may be beyond what it was made for: {e.Message}",
                e);
        }
    }

    // What a graph looks up it does not say; a token that it does not know is the likely reason.
    private (string Column, long Value)? Greatest(Dictionary<string, OnnxTensor> tensors) => signature.Inputs
        .Where(i => i.Column is not null && tensors.GetValueOrDefault(i.Name)?.Data is long[] { Length: > 0 })
        .Select(i => ((string, long)?)(i.Column!, ((long[])tensors[i.Name].Data).Max())).FirstOrDefault();

    public void Dispose()
    {
        scorer?.Dispose();
        model?.Dispose();
    }
}
