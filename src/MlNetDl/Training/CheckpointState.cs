using System.Text.Json.Serialization;

namespace MlNetDl.Training;

/// <summary>Where a training stands, apart from its tensors. Order and random numbers follow from seed and position, so no generator's state is in it.</summary>
internal sealed record CheckpointState
{
    public required string Fingerprint { get; init; }

    public int Epoch { get; init; }

    public int Batch { get; init; }

    public long[] OptimizerSteps { get; init; } = [];

    public double[] RunningSums { get; init; } = [];

    public List<EpochReport> History { get; init; } = [];

    public int BestEpoch { get; init; }

    public double BestValue { get; init; }

    public bool HasBestWeights { get; init; }

    public bool StoppedEarly { get; init; }

    public double Seconds { get; init; }

    public double EpochSeconds { get; init; }

    public long Examples { get; init; }

    public List<StoredTensor> Tensors { get; init; } = [];
}

/// <summary>A tensor that follows in the file.</summary>
internal sealed record StoredTensor(string Name, string Type, long[] Dims);

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(CheckpointState))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
