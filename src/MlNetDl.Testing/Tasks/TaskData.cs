using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Tasks;

namespace MlNetDl.Testing;

/// <summary>Data of a task in ML.NET, with every usual kind of label column.</summary>
internal sealed class TaskData
{
    // The order in which a label form is asked.
    private static readonly string[] Labels =
    [
        nameof(Row.Key),
        nameof(Row.YesNo),
        nameof(Row.Number),
        nameof(Row.Flags),
        nameof(Row.Numbers),
        nameof(Row.Text),
    ];

    private TaskData(IDataView view, string labelColumn, string featureColumn, LabelInfo label) =>
        (View, LabelColumn, FeatureColumn, Label) = (view, labelColumn, featureColumn, label);

    public IDataView View { get; }

    public string LabelColumn { get; }

    public string FeatureColumn { get; }

    public LabelInfo Label { get; }

    /// <summary>The data of a sample.</summary>
    public static TaskData Of(MLContext ml, TaskSample sample)
    {
        var form = sample.Task.Label;
        if (sample.Data is { } make)
        {
            var view = make(ml);
            var label = form.Describe(view.Schema[sample.LabelColumn]) ?? throw new ContractException(
                $"the label form does not take the column '{sample.LabelColumn}' "
                    + $"({view.Schema[sample.LabelColumn].Type}) of the sample's data.");
            return new(view, sample.LabelColumn, sample.FeatureColumn, label);
        }

        var usual = Usual(ml, ["a", "b", "c"]);
        foreach (var name in Labels)
        {
            if (form.Describe(usual.Schema[name]) is { } label)
            {
                // A form that takes text may take certain words alone.
                var view = name == nameof(Row.Text) && form.Classes(label) is { Count: > 0 } words ? Usual(ml, words) : usual;
                return new(WithFurther(ml, view, form), name, nameof(Row.Features), label);
            }
        }

        throw new ContractException("the label form takes none of a key, a Boolean, a Single, a vector of Boolean or Single and a text; give the "
            + $"sample data. It expects {form.Expected}.");
    }

    /// <summary>Data with every usual kind of label column.</summary>
    public static IDataView Usual(MLContext ml, IReadOnlyList<string> words)
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 48).Select(i => new Row
        {
            Features = [i % 3, random.NextSingle(), random.NextSingle(), i % 2],
            YesNo = i % 2 == 1,
            Number = i % 2,
            Flags = [i % 2 == 1, i % 3 == 0],
            Numbers = [i % 3, random.NextSingle()],
            Text = words[i % words.Count],
        }).ToList();
        var view = ml.Data.LoadFromEnumerable(rows);
        return ml.Transforms.Conversion.MapValueToKey(nameof(Row.Key), nameof(Row.Text)).Fit(view).Transform(view);
    }

    /// <summary>The data with numbers as the further columns that a label form reads.</summary>
    public static IDataView WithFurther(MLContext ml, IDataView view, LabelForm form) =>
        form.FurtherColumns.Aggregate(view, (v, name) => ml.Transforms.CopyColumns(name, nameof(Row.Number)).Fit(v).Transform(v));

    /// <summary>The names of the usual label columns.</summary>
    public static IReadOnlyList<string> LabelColumns => Labels;

    /// <summary>The schema as an estimator sees it.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema)
    {
        // ML.NET's own way is internal.
        var create = typeof(SchemaShape).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static, [typeof(DataViewSchema)])
            ?? throw new NotSupportedException("This version of ML.NET has no SchemaShape.Create; the contract of tasks was made for 5.0.");
        return (SchemaShape)create.Invoke(null, [schema])!;
    }

    private sealed class Row
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public bool YesNo { get; set; }

        public float Number { get; set; }

        [VectorType(2)]
        public bool[] Flags { get; set; } = [];

        [VectorType(2)]
        public float[] Numbers { get; set; } = [];

        public string Text { get; set; } = "";

        [NoColumn]
        public uint Key { get; set; }
    }
}
