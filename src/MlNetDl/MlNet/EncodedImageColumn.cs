using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.Images;

namespace MlNetDl.MlNet;

/// <summary>A column of images as the bytes of their files: PNG, JPEG, BMP, GIF or WebP.</summary>
internal static class EncodedImageColumn
{
    /// <summary>The problem of a column of bytes that nobody said to be images.</summary>
    public const string Unsaid = "holds bytes; where these are the files of images, say what the network takes with the option Image, such as "
        + "new ImageInput(3, 224, 224)";

    /// <summary>Whether a column of this type can hold files.</summary>
    public static bool Takes(DataViewType type) => type is VectorDataViewType { ItemType: NumberDataViewType item } && item == NumberDataViewType.Byte;

    /// <summary>A reader of the image in the row at hand. It says how wide and high the image was.</summary>
    /// <exception cref="ImageFormatException">When it reads a row without bytes, or whose bytes are no image or claim too many pixels.</exception>
    public static ReadImage Reader(DataViewRow row, DataViewSchema.Column column, ImageInput image)
    {
        var getBytes = row.GetGetter<VBuffer<byte>>(column);
        var pixels = new byte[image.Channels * image.Height * image.Width];
        VBuffer<byte> file = default;
        return target =>
        {
            getBytes(ref file);
            var name = $"{column.Name}, row {row.Position + 1}";
            if (file.Length == 0)
            {
                throw new ImageFormatException(name, "there are no bytes; expected those of a PNG, JPEG, BMP, GIF or WebP file. "
                    + "Leave such rows out before, or give an image.");
            }

            var bytes = file.IsDense ? file.GetValues() : [.. file.DenseValues()];
            var head = ImageDecoder.Decode(bytes, name, image, pixels, ImageDecoder.HostPixels);
            System.Numerics.Tensors.TensorPrimitives.ConvertChecked<byte, float>(pixels, target);
            return (head.Width, head.Height);
        };
    }
}
