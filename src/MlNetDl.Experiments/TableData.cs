using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Layers.Contracts;
using MlNetDl.MlNet;

namespace MlNetDl.Experiments;

/// <summary>A CSV or TSV file, read by ML.NET's own loader: numbers as they are, words one-hot, all in one feature vector.</summary>
internal sealed class TableData(Experiment experiment) : LoadedData
{
    private readonly Table table = Table.Read(experiment.Data.Csv!).With(experiment.Data.Numeric, experiment.Data.Categorical);
    private IDataView? train;
    private IDataView? test;

    private string? Label => experiment.Data.Label;

    public override (ITransformer Model, NeuralNetworkTransformer Network) Fit(MLContext ml, NeuralNetworkOptions options)
    {
        Load();
        (options.LabelColumnName, options.FeatureColumnName) = (Label ?? options.LabelColumnName, "Features");
        var features = Features(ml).Fit(train!);
        var prepared = features.Transform(train!);
        // The model is left without the label's mapping: where it predicts, there is no label.
        var network = Trainer(ml, experiment.Task, options).Fit(Labelled(ml, prepared));
        ITransformer[] names = experiment.Task is { Label.IsClassIndex: true }
            ? [ml.Transforms.Conversion.MapKeyToValue(ModelColumns.PredictedLabelValue, "PredictedLabel").Fit(network.Transform(prepared))]
            : [];
        return (new TransformerChain<ITransformer>([.. features, network, .. names]), network);
    }

    public override string Description
    {
        get
        {
            Load();
            var features = FeatureColumns();
            return string.Create(CultureInfo.InvariantCulture, $"{Rows(train!):N0} rows to train on, {Rows(test!):N0} to test with; "
                + $"{List("number", true)}{List("word", false)}").TrimEnd(' ', ';');

            string List(string kind, bool number) => features.Where(c => c.IsNumber == number).Select(c => c.Name).ToList() is { Count: > 0 } names
                ? $"{names.Count} column{(names.Count == 1 ? "" : "s")} of {kind}s ({string.Join(", ", names.Take(6))}{(names.Count > 6 ? ", …" : "")}); "
                : "";

            static long Rows(IDataView view)
            {
                using var cursor = view.GetRowCursor([]);
                long rows = 0;
                while (cursor.MoveNext())
                {
                    rows++;
                }

                return rows;
            }
        }
    }

    /// <summary>Columns of which most values are numbers, and which words have made one of categories; columns in which every row has another word.</summary>
    public override IReadOnlyList<string> Warnings
    {
        get
        {
            var seen = FeatureColumns().Where(c => !c.IsNumber && !experiment.Data.Categorical.Contains(c.Name)).ToList();
            return
            [
                .. seen.Where(c => c.Numbers > c.Words && c.Words > 0).Select(c =>
                    string.Create(CultureInfo.InvariantCulture, $"column '{c.Name}' is taken for categories: {c.Numbers:N0} of its values "
                        + $"are numbers, {c.Words:N0} {(c.Words == 1 ? "is not" : "are not")} ") +
                    $"({string.Join(", ", c.FirstWords.Select(w => $"'{w.Text}' in line {w.Line}"))}{(c.Words > c.FirstWords.Count ? ", …" : "")}). " +
                    $"Correct them; or say what it is: data.numeric: [{c.Name}] makes a word an error, data.categorical: [{c.Name}] means it so."),
                .. seen.Where(c => c.NamesRows && c.Words > c.Numbers).Select(c =>
                    $"{(c.DifferentWords == c.ComparedWords ? "every" : "nearly every")} row has another value in column '{c.Name}', which is taken for categories: did you mean data.ignore: [{c.Name}]?"),
            ];
        }
    }

    public override (Shape Input, int Outputs) InputAndOutputs()
    {
        Load();
        var ml = new MLContext(seed: 0);
        var prepared = Labelled(ml, Features(ml).Fit(train!).Transform(train!)).Schema;
        int outputs = experiment.Task is not { } task ? 0 : task.Label.Describe(prepared[Label!]) is { } label ? task.Outputs(label) : 1;
        return (Shape.Vector(((VectorDataViewType)prepared["Features"].Type).Size), outputs);
    }

    public override DataViewSchema? InputSchema(MLContext ml)
    {
        Load();
        var schema = new DataViewSchema.Builder();
        foreach (var column in train!.Schema.Where(c => c.Name != Label))
        {
            schema.AddColumn(column.Name, column.Type, column.Annotations);
        }

        return schema.ToSchema();
    }

    public override (float[] Scores, float[] Targets) Score(MLContext ml, ITransformer model, NeuralNetworkTransformer network, bool test1)
    {
        Load();
        return TableScores.Of(model.Transform(test1 ? test! : train!), network.Package.Manifest);
    }

    /// <summary>Reads the table into its parts, once.</summary>
    /// <exception cref="InvalidDataException">The table and the configuration do not suit each other.</exception>
    public void Load()
    {
        if (train is not null)
        {
            return;
        }

        CheckNames("ignore", experiment.Data.Ignore);
        CheckNames("numeric", experiment.Data.Numeric);
        CheckNames("categorical", experiment.Data.Categorical);
        if (experiment.Data.Numeric.FirstOrDefault(experiment.Data.Categorical.Contains) is { } both)
        {
            throw new InvalidDataException($"data.numeric and data.categorical both name '{both}'; it cannot be both.");
        }

        // A context of its own: the split must not depend on the training's seed.
        var ml = new MLContext(seed: 0);
        var kind = LabelKind();

        table.MustBeComplete(FeatureColumns().Select(c => c.Name), Label);
        var all = table.Load(ml, Label, kind, experiment.Data.Ignore);
        if (experiment.Data.TestCsv is { } other)
        {
            var held = Table.Read(other).With(experiment.Data.Numeric, experiment.Data.Categorical).MustMatch(table);
            held.MustBeComplete(FeatureColumns().Select(c => c.Name), Label);
            (train, test) = (all, held.Load(ml, Label, kind, experiment.Data.Ignore));
        }
        else
        {
            var split = ml.Data.TrainTestSplit(all, experiment.Data.TestFraction, seed: 0);
            if (split.TestSet.Preview(1).RowView.Length == 0 || split.TrainSet.Preview(1).RowView.Length == 0)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"Holding out {experiment.Data.TestFraction:0.##} of the few rows of '{table.Path}' leaves one part empty; use more "
                        + $"rows, another data.testFraction, or data.testCsv."));
            }

            (train, test) = (split.TrainSet, split.TestSet);
        }
    }

    // What the label is read as; text where there is none, or nobody asks for it.
    private DataKind LabelKind()
    {
        if (Label is null)
        {
            return DataKind.String;
        }

        var label = table.Columns.FirstOrDefault(c => c.Name == Label) ?? throw new InvalidDataException(
            $"'{table.Path}' has no column '{Label}' to predict; it has: {string.Join(", ", table.Columns.Select(c => c.Name))}.");
        var kind = experiment.Task?.Label.TextKind ?? DataKind.String;
        return kind == DataKind.String || label.IsNumber || (kind == DataKind.Boolean && label.IsBoolean) ? kind : throw new InvalidDataException(
            $"Column '{Label}' of '{table.Path}' holds words; {ScoredTask.NameOf(experiment.Task!)} needs "
                + $"{(kind == DataKind.Boolean ? "0 and 1, or true and false" : "numbers")}. For classes, write task: multiclass.");
    }

    private void CheckNames(string key, ValueList<string> names)
    {
        if (names.FirstOrDefault(name => table.Columns.All(c => c.Name != name)) is { } unknown)
        {
            throw new InvalidDataException($"data.{key} names '{unknown}', which is no column of '{table.Path}'; it has: {string.Join(", ", table.Columns.Select(c => c.Name))}.");
        }

        if (Label is not null && names.Contains(Label))
        {
            throw new InvalidDataException($"data.{key} names '{Label}', which is the label; {(key == "ignore" ? "it cannot be both" : "its kind follows from the task")}.");
        }
    }

    private List<TableColumn> FeatureColumns()
    {
        var features = table.Columns.Where(c => c.Name != Label && !experiment.Data.Ignore.Contains(c.Name)).ToList();
        return features.Count > 0 ? features : throw new InvalidDataException($"'{table.Path}' has no feature columns beside the label '{Label}' and the ignored ones.");
    }

    private EstimatorChain<ITransformer> Features(MLContext ml)
    {
        var features = FeatureColumns();
        var chain = new EstimatorChain<ITransformer>();
        var words = features.Where(c => !c.IsNumber).Select(c => new InputOutputColumnPair(c.Name)).ToArray();
        if (words.Length > 0)
        {
            chain = chain.Append<ITransformer>(ml.Transforms.Categorical.OneHotEncoding(words));
        }

        return chain.Append<ITransformer>(ml.Transforms.Concatenate("Features", [.. features.Select(c => c.Name)]));
    }

    private IDataView Labelled(MLContext ml, IDataView rows) =>
        experiment.Task is { Label.IsClassIndex: true } ? ml.Transforms.Conversion.MapValueToKey(Label!).Fit(rows).Transform(rows) : rows;
}
