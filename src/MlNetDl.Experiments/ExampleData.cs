using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Data;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>Data in memory: images as bytes, which never pass through an <see cref="IDataView"/>.</summary>
internal sealed class ExampleData(Experiment experiment, Examples train, Examples test) : LoadedData
{
    private const string ImageColumn = "Image";
    private const string VectorColumn = "Features";

    private ImageInput? Image => train.Features is byte[] && train.Shape.Rank == 4 ? new(train.Shape.Size(1), train.Shape.Size(2), train.Shape.Size(3), experiment.Data.Image.Resize) : null;

    private int Outputs => experiment.Task switch
    {
        null => 0,
        { Label.IsClassIndex: true } => train.ClassNames.Count,
        var task => task.Outputs(new() { Width = train.TargetWidth }),
    };

    public override (ITransformer Model, NeuralNetworkTransformer Network) Fit(MLContext ml, NeuralNetworkOptions options)
    {
        (options.Image, options.FeatureColumnName) = (Image, Image is null ? VectorColumn : ImageColumn);
        var trainer = Trainer(ml, experiment.Task, options);
        var network = trainer.Fit(train);
        if (experiment.Task is not { Label.IsClassIndex: true })
        {
            return (new TransformerChain<ITransformer>(network), network);
        }

        var names = ml.Transforms.Conversion.MapKeyToValue(ModelColumns.PredictedLabelValue, "PredictedLabel").Fit(network.Transform(Empty(ml)));
        return (new TransformerChain<ITransformer>(network, names), network);
    }

    public override (Shape Input, int Outputs) InputAndOutputs() => (train.Shape, Outputs);

    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} examples to train on, {test.Count:N0} to test with");

    // ML.NET cannot write an image column into a model's schema; a host states it by its row type.
    public override DataViewSchema? InputSchema(MLContext ml) => Image is null ? Empty(ml).Schema : null;

    public override (float[] Scores, float[] Targets) Score(MLContext ml, ITransformer model, NeuralNetworkTransformer network, bool test1)
    {
        var part = test1 ? test : train;
        return (network.Score(part), ScoredTask.Targets(part));
    }

    private IDataView Empty(MLContext ml)
    {
        if (Image is not null)
        {
            var images = SchemaDefinition.Create(typeof(ImageRow));
            images[ImageColumn].ColumnType = new ImageDataViewType();
            return ml.Data.LoadFromEnumerable(Array.Empty<ImageRow>(), images);
        }

        var schema = SchemaDefinition.Create(typeof(VectorRow));
        schema[VectorColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, (int)train.Shape.ElementsPerExample());
        return ml.Data.LoadFromEnumerable(Array.Empty<VectorRow>(), schema);
    }

    private sealed class ImageRow
    {
        // The schema definition says "any size"; the attribute alone cannot.
        [ImageType(1, 1)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class VectorRow
    {
        public float[] Features { get; set; } = [];
    }
}
