using System.Text.Json;
using System.Text.Json.Serialization;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Onnx;
using MlNetDl.Tasks;

namespace MlNetDl.Models;

/// <summary>The manifest of format 1: one graph, one input, one label. Read, never written.</summary>
internal sealed record ManifestFormat1
{
    [JsonConverter(typeof(TaskJson))]
    public required LearningTask Task { get; init; }

    public required string FeatureColumn { get; init; }

    public string? LabelColumn { get; init; }

    [JsonConverter(typeof(ShapeJson))]
    public required Shape Input { get; init; }

    public required int Outputs { get; init; }

    public long Parameters { get; init; }

    public ImageInput? Image { get; init; }

    public ValueList<string>? ClassNames { get; init; }

    public ClassValueType ClassValues { get; init; }

    public bool VectorScore { get; init; }

    public TrainingSummary? Training { get; init; }

    public JsonElement? Network { get; init; }

    public string? LibraryVersion { get; init; }

    public ModelManifest ToCurrent()
    {
        // Class names could be missing. Then they are numbers from 0, because a task counts its outputs by them.
        var names = ClassNames is { Count: > 0 } known || !Task.Label.IsClassIndex || Outputs is < 1 or > 1 << 20
            ? ClassNames ?? []
            : Enumerable.Range(0, Outputs).Select(ClassValueText.Of).ToValueList();
        return new()
        {
            Format = 1,
            Task = Task,
            LabelColumn = LabelColumn!,
            Label = new()
            {
                Width = Task.Label.IsClassIndex ? 1 : Outputs,
                ClassNames = names,
                ClassValues = ClassValues,
                IsVector = VectorScore || (Outputs > 1 && !Task.Label.IsClassIndex),
            },
            Graphs =
            [
                new(ModelPackage.MainGraph, [new(Analysis.Network.DefaultInput, Input) { Column = FeatureColumn, Image = Image }],
                    [.. Task.Columns.Select(c => c.Output).Distinct().Select(o => new GraphOutput(o, Scores))]),
            ],
            Parameters = Parameters,
            Trainings = Training is null ? [] : [Training],
            Networks = Network is { } tree ? new Dictionary<string, JsonElement> { [ModelPackage.MainNetwork] = tree } : [],
            LibraryVersion = LibraryVersion!,
        };
    }

    private Shape Scores => new(ElementType.Float32, [Dim.Batch, Math.Max(0, Outputs)]);
}
