using Microsoft.ML;
using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Tasks;
using MlNetDl.Torch;
using static TorchSharp.torch;

namespace MlNetDl.Testing;

/// <content>Its parts beside each other.</content>
public static partial class TaskContract
{
    private static void PartsTakeItsScores(TaskSample sample)
    {
        var task = sample.Task;
        Expect.True(task.DefaultLoss.Takes(task.Scores), $"its loss {task.DefaultLoss.GetType().Name} does not take {task.Scores}.");
        foreach (var figures in (IReadOnlyList<Metric>[])[task.TrainingMetrics, task.EvaluationMetrics])
        {
            foreach (var metric in figures)
            {
                Expect.True(metric.Takes(task.Scores), $"its figure {metric.FigureName} does not take {task.Scores}.");
            }

            Expect.Equal(figures.Count, figures.DistinctBy(m => m.FigureName).Count(), "different names of its figures");
        }
    }

    private static void LabelsAreForetold(TaskSample sample)
    {
        var ml = new MLContext(seed: 1);
        var (schema, form) = (TaskData.Of(ml, sample).View.Schema, sample.Task.Label);
        var shape = TaskData.ShapeOf(schema).ToDictionary(c => c.Name);
        foreach (var column in schema.Where(c => c.Name == sample.LabelColumn || TaskData.LabelColumns.Contains(c.Name)))
        {
            var (foretold, real) = (form.Foretell(shape[column.Name]), form.Describe(column));
            Expect.Equal(real is not null, foretold is not null, $"whether a column of {column.Type} is foretold to be a label");
            Expect.Equal(real?.IsVector, foretold?.IsVector, $"whether a column of {column.Type} is foretold to be a vector");
            Expect.Equal(real?.ClassValues, foretold?.ClassValues, $"what the classes of a column of {column.Type} are foretold to be");
        }
    }

    private static void ColumnsReadWhatIsMade(TaskSample sample)
    {
        using var scoring = Scoring(sample, TargetScale.None, out var label);
        var made = scoring.Plan.ForScoring().Outputs.Select(o => o.Name).ToList();
        var columns = sample.Task.Columns;
        Expect.Equal(columns.Count, columns.DistinctBy(c => c.Name).Count(), "different names of its columns");
        foreach (var column in columns)
        {
            Expect.True(
                column.Reads.All(made.Contains),
                $"the column '{column.Name}' reads {column.Reads.ToValueList()}, but the scoring layer makes "
                    + $"{made.ToValueList()} (for {label}).");
        }
    }

    // One mean and deviation for all values, so that it does not matter which output is of which.
    private static void StandardisationIsUndone(TaskSample sample)
    {
        if (!sample.Task.StandardizesTargets)
        {
            return;
        }

        using var plain = Scoring(sample, TargetScale.None, out var label);
        var scale = new TargetScale(Enumerable.Repeat(3f, label.Width).ToValueList(), Enumerable.Repeat(2f, label.Width).ToValueList());
        using var scaled = Scoring(sample, scale, out _);
        var outputs = randn(5, sample.Task.Outputs(label));
        var (expected, real) = (plain.Forward(outputs)[Network.DefaultOutput].Mul(2).Add(3), scaled.Forward(outputs)[Network.DefaultOutput]);
        Expect.True(
            Tensors.Difference(expected, real) < 1e-6,
            "scores of standardised targets are not in the label's unit; end the scoring layer with a Denormalize of the given scale.");
    }

    private static void ReadingSaysWhatScoresSay(TaskSample sample)
    {
        using var scoring = Scoring(sample, TargetScale.None, out var label);
        var scores = scoring.Forward(randn(5, sample.Task.Outputs(label)))[Network.DefaultOutput].contiguous();
        int width = (int)(scores.numel() / scores.shape[0]);
        var classes = sample.Task.Label.Classes(label);
        for (int row = 0; row < 5; row++)
        {
            var said = sample.Task.Read(scores.data<float>().ToArray().AsSpan(row * width, width), label);
            bool known = said.Predicted switch
            {
                string name => classes.Count == 0 || classes.Contains(name),
                bool => true,
                null => false,
                IConvertible number => double.IsFinite(number.ToDouble(null)),
                _ => true,
            };
            Expect.True(known, $"it reads '{said.Predicted}' of a row, which is none of [{string.Join(", ", classes)}] and no number.");
            Expect.True(
                said.Scores.All(s => s.Name.Length > 0 && double.IsFinite(s.Score)),
                "a score that people read has no name, or is not finite.");
        }
    }

    private static TorchNetwork Scoring(TaskSample sample, TargetScale scale, out LabelInfo label)
    {
        label = TaskData.Of(new MLContext(seed: 1), sample).Label;
        int outputs = sample.Task.Outputs(label);
        Expect.True(outputs >= 1, $"it asks for {outputs} outputs.");
        var network = new TorchNetwork(new Network(sample.Task.ScoringLayer(scale), Shape.Vector(outputs)));
        network.SetTraining(false);
        return network;
    }
}
