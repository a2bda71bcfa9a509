using MlNetDl.Files;
using MlNetDl.Models;
using MlNetDl.Tasks;
using MlNetDl.Tests.Onnx;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Networks;
using MlNetDl.Onnx;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.MlNet;

/// <summary>What a label was, the prediction is: types of classes, forms of values, and what the estimator
/// foretells of both.</summary>
[Collection("torch")]
public sealed class LabelTypesTests
{
    private readonly MLContext ml = new(seed: 1);

    public static TheoryData<string> Columns =>
        [
            "Text", "Single", "Double", "SByte", "Int16", "Int32", "Int64", "Byte", "UInt16", "UInt32", "UInt64",
            "Boolean", "Date", "Offset", "Span",
        ];

    [Theory]
    [MemberData(nameof(Columns))]
    public void A_predicted_class_comes_back_with_the_labels_type_and_value(string column)
    {
        using var folder = new TemporaryFolder();
        var data = ml.Data.LoadFromEnumerable(Rows());
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", column)
            .Append(ml.MulticlassClassification.Trainers.NeuralNetwork(Options()))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Truth", "Label"));
        var model = pipeline.Fit(data);
        ml.Model.Save(model, data.Schema, folder["model.zip"]);
        foreach (var fitted in (ITransformer[])[model, new MLContext().Model.Load(folder["model.zip"], out _)])
        {
            var scored = fitted.Transform(data);
            Assert.Equal(data.Schema[column].Type, scored.Schema["Class"].Type);
            Assert.Equal(
                ((VectorDataViewType)scored.Schema["Label"].Annotations.Schema["KeyValues"].Type).ItemType,
                ((VectorDataViewType)scored.Schema["Score"].Annotations.Schema["TrainingLabelValues"].Type).ItemType);
            Assert.Equal(
                TextDataViewType.Instance,
                ((VectorDataViewType)scored.Schema["Score"].Annotations.Schema["SlotNames"].Type).ItemType);

            // The classes are far apart, so every prediction is the truth, to the last bit of it.
            Assert.Equal(Values(scored, "Truth"), Values(scored, "Class"));
            Assert.True(Values(scored, "Class").Distinct().Count() > 1);
        }

        AssertForetold(pipeline, data, model);
    }

    [Fact]
    public void A_key_without_values_has_numbers_from_1_for_names()
    {
        var definition = SchemaDefinition.Create(typeof(Keyed));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), 3);
        var data = ml.Data.LoadFromEnumerable(
            Rows().Select((r, i) => new Keyed { Label = (uint)(i % 3) + 1, Features = r.Features }), definition);
        var pipeline = ml.MulticlassClassification.Trainers.NeuralNetwork(Options());
        var model = pipeline.Fit(data);
        Assert.Equal(["1", "2", "3"], model.Package.Manifest.ClassNames);
        AssertForetold(pipeline, data, model);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_label_that_is_a_vector_gives_a_score_that_is_one(int length)
    {
        using var folder = new TemporaryFolder();
        var definition = SchemaDefinition.Create(typeof(Target));
        definition["Label"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        var data = ml.Data.LoadFromEnumerable(
            Rows().Select(r => new Target { Label = [.. Enumerable.Repeat(r.Single, length)], Features = r.Features }),
            definition);
        var trainer = ml.Regression.Trainers.NeuralNetwork(Options());
        var model = trainer.Fit(data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, length), model.Transform(data).Schema["Score"].Type);
        Assert.All(model.Transform(data).GetColumn<float[]>("Score"), s => Assert.Equal(length, s.Length));
        AssertForetold(trainer, data, model);
        ml.Model.Save(model, data.Schema, folder["model.zip"]);
        Assert.Equal(
            new VectorDataViewType(NumberDataViewType.Single, length),
            new MLContext().Model.Load(folder["model.zip"], out _).Transform(data).Schema["Score"].Type);
    }

    [Fact]
    public void The_class_values_type_stands_in_the_manifest_only_where_it_is_not_text()
    {
        var manifest = Nets.Manifest(2, ["1", "2.5"]);
        Assert.DoesNotContain("classValues", System.Text.Encoding.UTF8.GetString(manifest.ToJson()), StringComparison.Ordinal);
        var single = With(ClassValueType.Single);
        Assert.Equal(ClassValueType.Single, ModelManifest.FromJson(single.ToJson()).Label.ClassValues);
        single.Check();
        Assert.Contains(
            "'2.5', which is no Int32",
            Assert.Throws<ModelFormatException>(With(ClassValueType.Int32).Check).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "unknown type",
            Assert.Throws<ModelFormatException>(With((ClassValueType)99).Check).Message,
            StringComparison.Ordinal);

        ModelManifest With(ClassValueType values) => manifest with { Label = manifest.Label with { ClassValues = values } };
    }

    [Fact]
    public void Validation_labels_of_another_type_are_refused()
    {
        var data = ml.Data.LoadFromEnumerable(Rows());
        var text = ml.Transforms.Conversion.MapValueToKey("Label", "Digit").Fit(data).Transform(data);
        var number = ml.Transforms.Conversion.MapValueToKey("Label", "Int32").Fit(data).Transform(data);
        Assert.Contains(
            "does not suit",
            Assert.Throws<ArgumentException>(
                () => ml.MulticlassClassification.Trainers.NeuralNetwork(Options()).Fit(number, text)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>ML.NET's TestEstimatorCore: the schema an estimator foretells is the one its transformer
    /// makes, annotations included.</summary>
    internal static void AssertForetold(IEstimator<ITransformer> estimator, IDataView data, ITransformer model)
    {
        var real = ShapeOf(model.Transform(data).Schema).OrderBy(c => c.Name, StringComparer.Ordinal).Select(Text).ToList();
        var foretold = estimator.GetOutputSchema(ShapeOf(data.Schema)).OrderBy(c => c.Name, StringComparer.Ordinal).Select(Text).ToList();
        Assert.Equal(real, foretold);
        Assert.Equal(
            model.GetOutputSchema(data.Schema).Select(c => $"{c.Name} {c.Type}"),
            model.Transform(data).Schema.Select(c => $"{c.Name} {c.Type}"));

        static string Text(SchemaShape.Column c) => $"{c.Name} {c.Kind} {c.ItemType} key={c.IsKey} ["
            + $"{string.Join(", ", c.Annotations.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => $"{a.Name} {a.Kind} {a.ItemType} key={a.IsKey}"))}]";
    }

    // ML.NET's own way from a schema to its shape is internal.
    internal static SchemaShape ShapeOf(DataViewSchema schema) =>
        (SchemaShape)typeof(SchemaShape).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!
            .Invoke(null, [schema])!;

    private static NeuralNetworkOptions Options() => new()
    {
        Network = new Mlp { Hidden = [16] },
        Training = new()
        {
            Epochs = 40,
            BatchSize = 15,
            Optimizer = new Adam { LearningRate = 0.03 },
        },
    };

    private static List<object> Values(IDataView data, string column)
    {
        var values = new List<object>();
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var read = typeof(LabelTypesTests).GetMethod(nameof(Reader), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(data.Schema[column].Type.RawType);
        var getter = (Func<object>)read.Invoke(null, [cursor, data.Schema[column]])!;
        while (cursor.MoveNext())
        {
            values.Add(getter());
        }

        return values;
    }

    private static Func<object> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            get(ref value);
            return value is ReadOnlyMemory<char> text ? text.ToString() : value!;
        };
    }

    // Values whose text is easily got wrong: the least float, one that has no short decimal, extremes of each type.
    private static IEnumerable<Row> Rows() => Enumerable.Range(0, 45).Select(i =>
    {
        int c = i % 3;
        var random = new Random(i);
        return new Row
        {
            Features = [.. Enumerable.Range(0, 3).Select(k => (float)random.NextDouble() + (k == c ? 4 : 0))],
            Text = new[] { "a, b", " ", "naïve 犬" }[c],
            Digit = c.ToString(CultureInfo.InvariantCulture),
            Single = new[] { 0.1f, float.Epsilon, -1e30f / 3 }[c],
            Double = new[] { 0.1, double.Epsilon, 1e300 / 3 }[c],
            SByte = new sbyte[] { -128, 0, 127 }[c],
            Int16 = new short[] { short.MinValue, 1, short.MaxValue }[c],
            Int32 = new[] { int.MinValue, 2, int.MaxValue }[c],
            Int64 = new[] { long.MinValue, 3, long.MaxValue }[c],
            Byte = new byte[] { 0, 4, 255 }[c],
            UInt16 = new ushort[] { 0, 5, ushort.MaxValue }[c],
            UInt32 = new uint[] { 0, 6, uint.MaxValue }[c],
            UInt64 = new ulong[] { 0, 7, ulong.MaxValue }[c],
            Boolean = c == 1,
            Date = new DateTime(2000 + c, 2, 3).AddTicks(1234567 + c),
            Offset = new(2000 + c, 1, 2, 3, 4, 5, TimeSpan.FromHours(c)),
            Span = TimeSpan.FromTicks(-7 + (c * 10_000_000_001)),
        };
    });

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Text { get; set; } = "";

        public string Digit { get; set; } = "";

        public float Single { get; set; }

        public double Double { get; set; }

        public sbyte SByte { get; set; }

        public short Int16 { get; set; }

        public int Int32 { get; set; }

        public long Int64 { get; set; }

        public byte Byte { get; set; }

        public ushort UInt16 { get; set; }

        public uint UInt32 { get; set; }

        public ulong UInt64 { get; set; }

        public bool Boolean { get; set; }

        public DateTime Date { get; set; }

        public DateTimeOffset Offset { get; set; }

        public TimeSpan Span { get; set; }
    }

    private sealed class Keyed
    {
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Target
    {
        public float[] Label { get; set; } = [];

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
