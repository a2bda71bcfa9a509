using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlNetDl.Images;
using MlNetDl.Layers.Contracts;
using MlNetDl.Tasks;

namespace MlNetDl.MlNet;

/// <summary>Copies the current row's features, as floats, to where the network takes them.</summary>
internal delegate void ReadFeatures(Span<float> target);

/// <summary>Copies the current row's image to where the network takes it, and says how wide and high it was; (0, 0)
/// where it is missing.</summary>
internal delegate (int Width, int Height) ReadImage(Span<float> target);

/// <summary>The content of a feature column and how it is read, the same in training and scoring.</summary>
internal static class FeatureColumn
{
    /// <summary>Problem of a vector whose size the type does not say.</summary>
    public const string UnknownSize = "is a vector of unknown size; a network needs a known size (FeaturizeText, "
        + "Concatenate and the like give one)";

    /// <summary>The input shape that a column gives, or why it gives none.</summary>
    public static (Shape Shape, ImageInput? Image) ShapeOf(DataViewSchema.Column column, Shape? inputShape, ImageInput? image)
    {
        if (inputShape is { Type: ElementType.Int64 })
        {
            return (IntegerColumn.ShapeOf(column, inputShape), null);
        }

        switch (column.Type)
        {
            case ImageDataViewType type:
                return ShapeOfImages(column.Name, inputShape, image ?? ImageOf(column.Name, type, inputShape));
            case var bytes when EncodedImageColumn.Takes(bytes):
                return image is null && inputShape is not { Rank: 4 }
                    ? throw Problem(column.Name, EncodedImageColumn.Unsaid)
                    : ShapeOfImages(column.Name, inputShape, image ?? new(inputShape!.Size(1), inputShape.Size(2), inputShape.Size(3)));
            case VectorDataViewType { ItemType: NumberDataViewType item } vector when item == NumberDataViewType.Single:
                if (vector.Size == 0)
                {
                    throw Problem(column.Name, UnknownSize);
                }

                var shape = inputShape ?? Shape.Vector(vector.Size);
                if (shape.ElementsPerExample() != vector.Size)
                {
                    throw Problem(column.Name, $"is a vector of {vector.Size}, which does not fill the InputShape "
                        + $"{shape} of {shape.ElementsPerExample()}");
                }

                return (shape, null);
            case NumberDataViewType number when number == NumberDataViewType.Single:
                if (inputShape is not null && inputShape.ElementsPerExample() != 1)
                {
                    throw Problem(column.Name, $"is one number, which does not fill the InputShape {inputShape} of "
                        + $"{inputShape.ElementsPerExample()}");
                }

                return (inputShape ?? Shape.Vector(1), null);
            default:
                throw Problem(column.Name, WrongType($"{column.Type}"));
        }
    }

    /// <summary>Whether a column of this type holds images, decoded or as files.</summary>
    public static bool HoldsImages(DataViewType type) => type is ImageDataViewType || EncodedImageColumn.Takes(type);

    /// <summary>The numbers of a row; 0 where the type does not say them, or holds something else.</summary>
    public static long SizeOf(DataViewType type) =>
        type is VectorDataViewType { ItemType: NumberDataViewType item } vector && item == NumberDataViewType.Single ? vector.Size
        : type is NumberDataViewType number && number == NumberDataViewType.Single ? 1
        : 0;

    private static (Shape Shape, ImageInput Image) ShapeOfImages(string column, Shape? inputShape, ImageInput input) =>
        input.Channels is 1 or 3
            ? (Shape.Image(input.Channels, input.Height, input.Width), input)
            : throw Problem(column, "holds images, which have 1 (grey) or 3 (colour) channels, but the "
                + $"{(inputShape is null ? "option Image" : $"InputShape {inputShape}")} asks for {input.Channels}");

    private static ImageInput ImageOf(string column, ImageDataViewType type, Shape? inputShape)
    {
        if (type is { Width: > 0, Height: > 0 })
        {
            return new(3, type.Height, type.Width);
        }

        if (inputShape is not { Rank: 4 })
        {
            throw Problem(column, "holds images of any size; say what the network takes with the option Image, such as "
                + "new ImageInput(3, 224, 224)");
        }

        return new(inputShape.Size(1), inputShape.Size(2), inputShape.Size(3));
    }

    /// <summary>Whether the column says that it is normalised already, as ML.NET's normalisers and
    /// text featurisation do.</summary>
    public static bool IsNormalized(DataViewSchema.Column column)
    {
        bool normalized = false;
        if (column.Annotations.Schema.GetColumnOrNull("IsNormalized") is { } annotation && annotation.Type is BooleanDataViewType)
        {
            column.Annotations.GetValue("IsNormalized", ref normalized);
        }

        return normalized;
    }

    /// <summary>A reader of the column's value in the row at hand.</summary>
    public static ReadFeatures Reader(DataViewRow row, DataViewSchema.Column column, ImageInput? image)
    {
        if (HoldsImages(column.Type))
        {
            var read = ImageReader(row, column, image!);
            return target => read(target);
        }

        if (column.Type is VectorDataViewType vector)
        {
            var getVector = row.GetGetter<VBuffer<float>>(column);
            VBuffer<float> buffer = default;
            return target =>
            {
                getVector(ref buffer);
                RowLength.MustFill(buffer.Length, vector.Size, column.Name);
                if (buffer.IsDense)
                {
                    buffer.GetValues().CopyTo(target);
                }
                else
                {
                    buffer.CopyTo(target);
                }
            };
        }

        var getNumber = row.GetGetter<float>(column);
        return target => getNumber(ref target[0]);
    }

    /// <summary>A reader of the image in the row at hand.</summary>
    public static ReadImage ImageReader(DataViewRow row, DataViewSchema.Column column, ImageInput image)
    {
        if (EncodedImageColumn.Takes(column.Type))
        {
            return EncodedImageColumn.Reader(row, column, image);
        }

        var getImage = row.GetGetter<MLImage>(column);
        var pixels = new byte[image.Channels * image.Height * image.Width];
        // ML.NET's convention: the getter frees the image it made for the row before; one that the host made
        // stays the host's.
        MLImage value = null!;
        return target =>
        {
            getImage(ref value);
            if (value is null)
            {
                target.Fill(float.NaN);
                return (0, 0);
            }

            ImageDecoder.Read(value, image, pixels);
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked<byte, float>(pixels, target);
            return (value.Width, value.Height);
        };
    }

    /// <summary>The column of that name.</summary>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role) =>
        schema.GetColumnOrNull(name) ?? throw Absent(name, role, schema.Select(c => c.Name));

    /// <summary>The error of a column that is not there.</summary>
    public static ArgumentOutOfRangeException Absent(string name, string role, IEnumerable<string> there) =>
        new(paramName: null, $"{role} column '{name}' is not in the data; there are: {string.Join(", ", there)}.");

    /// <summary>The error of a feature column that cannot be used.</summary>
    public static ArgumentException Problem(string name, string problem) => new($"Feature column '{name}' {problem}.");

    /// <summary>Problem of a column of another type.</summary>
    public static string WrongType(string type) => $"is {type}; expected a vector of Single of known size, a Single, an image, or the "
        + "bytes of an image's file (ConvertType or Concatenate make such a column). "
        + "For tokens, which an embedding looks up (whole numbers, keys, or text by its "
        + "bytes), say so with InputShape, such as Shape.Parse(\"int64[N, 128]\")";
}
