using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetDl.Tasks;

/// <summary>Class values of one type: read from a label's key values, and given to the predicted label's, so that
/// <c>MapKeyToValue</c> yields what <c>MapValueToKey</c> took.</summary>
internal abstract class ClassValues(ClassValueType type, DataViewType item)
{
    private static readonly ClassValues[] All =
    [
        new Of<ReadOnlyMemory<char>>(ClassValueType.Text, TextDataViewType.Instance),
        new Of<bool>(ClassValueType.Boolean, BooleanDataViewType.Instance),
        new Of<sbyte>(ClassValueType.SByte, NumberDataViewType.SByte),
        new Of<short>(ClassValueType.Int16, NumberDataViewType.Int16),
        new Of<int>(ClassValueType.Int32, NumberDataViewType.Int32),
        new Of<long>(ClassValueType.Int64, NumberDataViewType.Int64),
        new Of<byte>(ClassValueType.Byte, NumberDataViewType.Byte),
        new Of<ushort>(ClassValueType.UInt16, NumberDataViewType.UInt16),
        new Of<uint>(ClassValueType.UInt32, NumberDataViewType.UInt32),
        new Of<ulong>(ClassValueType.UInt64, NumberDataViewType.UInt64),
        new Of<float>(ClassValueType.Single, NumberDataViewType.Single),
        new Of<double>(ClassValueType.Double, NumberDataViewType.Double),
        new Of<TimeSpan>(ClassValueType.TimeSpan, TimeSpanDataViewType.Instance),
        new Of<DateTime>(ClassValueType.DateTime, DateTimeDataViewType.Instance),
        new Of<DateTimeOffset>(ClassValueType.DateTimeOffset, DateTimeOffsetDataViewType.Instance),
    ];

    public ClassValueType Type => type;

    public DataViewType Item => item;

    /// <summary>The text of any one value: columns foretell their types with it.</summary>
    public abstract string Sample { get; }

    /// <summary>Those of a type.</summary>
    public static ClassValues For(ClassValueType type) => All.First(v => v.Type == type);

    /// <summary>Those that ML.NET holds as <paramref name="item"/>; <see langword="null"/> when that is nothing a
    /// class can be.</summary>
    public static ClassValues? For(DataViewType item) => All.FirstOrDefault(v => v.Item.Equals(item));

    /// <summary>The values of an annotation, as text.</summary>
    public abstract ValueList<string> Read(DataViewSchema.Annotations annotations, string name);

    /// <summary>Adds the values of <paramref name="names"/> as an annotation.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations, string name, ValueList<string> names);

    private sealed class Of<T>(ClassValueType type, DataViewType item) : ClassValues(type, item)
    {
        public override string Sample => ClassValueText.Of(typeof(T) == typeof(ReadOnlyMemory<char>) ? (object)"" : default(T)!);

        public override ValueList<string> Read(DataViewSchema.Annotations annotations, string name)
        {
            VBuffer<T> values = default;
            annotations.GetValue(name, ref values);
            return values.DenseValues().Select(ClassValueText.Of).ToValueList();
        }

        public override void AddTo(DataViewSchema.Annotations.Builder annotations, string name, ValueList<string> names)
        {
            var values = names.Select(n => (T)ClassValueText.Parse(Type, n)).ToArray();
            ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> target) =>
            {
                var editor = VBufferEditor.Create(ref target, values.Length);
                values.CopyTo(editor.Values);
                target = editor.Commit();
            };
            annotations.Add(name, new VectorDataViewType((PrimitiveDataViewType)Item, values.Length), getter);
        }
    }
}
