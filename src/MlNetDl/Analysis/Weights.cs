using System.Collections;

namespace MlNetDl.Analysis;

/// <summary>One weight tensor in managed memory.</summary>
/// <param name="Name">Its full name, <c>path.parameter</c>.</param>
/// <param name="Dims">Its dimensions.</param>
/// <param name="Data">Its elements, row-major.</param>
public sealed record WeightArray(string Name, ValueList<long> Dims, float[] Data);

/// <summary>The values of a network's weights in managed memory, apart from the network. They are saved, loaded and
/// written to ONNX.</summary>
public sealed class Weights : IReadOnlyCollection<WeightArray>
{
    private readonly Dictionary<string, WeightArray> arrays;

    /// <summary>Weights in the given order.</summary>
    public Weights(IEnumerable<WeightArray> arrays) => this.arrays = arrays.ToDictionary(a => a.Name);

    /// <inheritdoc/>
    public int Count => arrays.Count;

    /// <summary>The weight of that full name.</summary>
    public WeightArray this[string name] => arrays[name];

    /// <summary>Whether there is a weight of that name.</summary>
    public bool Contains(string name) => arrays.ContainsKey(name);

    /// <inheritdoc/>
    public IEnumerator<WeightArray> GetEnumerator() => arrays.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Makes sure that every weight of <paramref name="plan"/> is here with the dimensions
    /// it asks for.</summary>
    /// <exception cref="InvalidDataException">One is not; the message names it.</exception>
    public void Check(Plan plan)
    {
        foreach (var (name, parameter) in plan.Parameters)
        {
            if (!arrays.TryGetValue(name, out var array))
            {
                throw new InvalidDataException($"Weight '{name}' {parameter.Dims} is missing; the weights are of another network.");
            }

            if (!array.Dims.Equals(parameter.Dims) || array.Data.Length != parameter.Count)
            {
                throw new InvalidDataException($"Weight '{name}' has dimensions {array.Dims} and {array.Data.Length} "
                    + $"values where the network has {parameter.Dims}; the weights are of another network.");
            }
        }
    }
}
