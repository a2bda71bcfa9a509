using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Generative;
using MlNetDl.MlNet;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Training;

namespace MlNetDl.Testing;

/// <content>Models in ML.NET.</content>
public static partial class TaskContract
{
    private static void OtherLabelsAreRefused(TaskSample sample)
    {
        var ml = new MLContext(seed: 1);
        var usual = TaskData.WithFurther(ml, TaskData.Usual(ml, ["a", "b", "c"]), sample.Task.Label);
        Expect.True(sample.Task.Label.Expected.Length > 0, "its label form does not say what it expects.");
        if (!sample.Task.LearnsFromLabels)
        {
            return;
        }

        foreach (var name in TaskData.LabelColumns.Where(name => sample.Task.Label.Describe(usual.Schema[name]) is null))
        {
            var e = Expect.Throws<ArgumentException>(
                () => Trainer(ml, sample, name, "Features").Fit(usual), $"a label column of {usual.Schema[name].Type}");
            Expect.Contains(sample.Task.Label.Expected, e.Message);
        }
    }

    private static void Trains(TaskSample sample)
    {
        using var model = Trained(sample, out _, out _);
        var epoch = model.TrainingReport!.Epochs[^1];
        Expect.True(double.IsFinite(epoch.Training["loss"]), "the loss of training is not finite.");
        foreach (var metric in sample.Task.TrainingMetrics)
        {
            Expect.True(epoch.Validation.ContainsKey(metric.FigureName), $"the report of validation has no {metric.FigureName}.");
        }
    }

    private static void ColumnsAreForetold(TaskSample sample)
    {
        using var model = Trained(sample, out var trainer, out var data);
        var real = model.Transform(data.View).Schema;
        Expect.Sequence(
            Columns(TaskData.ShapeOf(real)),
            Columns(trainer.GetOutputSchema(TaskData.ShapeOf(data.View.Schema))),
            "the columns that the trainer foretells");
        Expect.Sequence(
            real.Select(c => $"{c.Name} {c.Type}"),
            model.GetOutputSchema(data.View.Schema).Select(c => $"{c.Name} {c.Type}"),
            "the columns that the model foretells");
    }

    private static void SavedModelsKeepIt(TaskSample sample)
    {
        using var model = Trained(sample, out _, out var data);
        var package = ModelPackage.Read(model.Package.ToBytes());
        Expect.Equal(sample.Task, package.Manifest.Task, "the task of the saved model");
        Expect.Equal(data.Label, package.Manifest.Label, "the label of the saved model");
        using var loaded = NeuralNetworkTransformer.Of(new MLContext(seed: 1), package);
        foreach (var column in sample.Task.Columns)
        {
            Expect.Equal(
                Preview(model, data, column.Name),
                Preview(loaded, data, column.Name),
                $"the column '{column.Name}' of the saved model");
        }
    }

    private static ModelSpec Unlabelled => new Autoencoder
    {
        Latent = 2,
        Encoder = new Mlp { Hidden = [4] },
        Decoder = new Mlp { Hidden = [4] },
    };

    private static NeuralNetworkTransformer Trained(TaskSample sample, out NeuralNetworkTrainer trainer, out TaskData data)
    {
        var ml = new MLContext(seed: 1);
        data = TaskData.Of(ml, sample);
        trainer = Trainer(ml, sample, data.LabelColumn, data.FeatureColumn);
        return trainer.Fit(data.View);
    }

    private static NeuralNetworkTrainer Trainer(MLContext ml, TaskSample sample, string label, string features) =>
        ml.NeuralNetwork(sample.Task, new()
        {
            Network = sample.Task.LearnsFromLabels ? new Mlp { Hidden = [4] } : Unlabelled,
            LabelColumnName = label,
            FeatureColumnName = features,
            Training = new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 16,
                Seed = 1,
                Threads = 1,
                Device = "cpu",
                ValidationFraction = 0.25,
            },
        });

    private static IEnumerable<string> Columns(SchemaShape shape) => shape.OrderBy(c => c.Name, StringComparer.Ordinal)
        .Select(c => $"{c.Name} {c.Kind} {c.ItemType} key={c.IsKey} [{string.Join(", ", Annotations(c))}]");

    private static IEnumerable<string> Annotations(SchemaShape.Column column) =>
        column.Annotations.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => $"{a.Name} {a.Kind} {a.ItemType} key={a.IsKey}");

    // Values of any type as text, to the last digit.
    private static string Preview(NeuralNetworkTransformer model, TaskData data, string column) => string.Join(
        '\n',
        model.Transform(data.View)
            .Preview(48).RowView
            .Select(row => row.Values.Single(v => v.Key == column).Value switch
            {
                VBuffer<float> values => string.Join(' ', values.DenseValues().Select(v => FormattableString.Invariant($"{v:R}"))),
                VBuffer<bool> flags => string.Join(' ', flags.DenseValues()),
                float value => FormattableString.Invariant($"{value:R}"),
                var value => FormattableString.Invariant($"{value}"),
            }));
}
