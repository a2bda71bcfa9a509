using TorchSharp;
using static TorchSharp.torch;

namespace MlNetDl;

/// <summary>Operations of a tensor and a number, for code of layers, losses and optimizers. They compute what TorchSharp's
/// members of the same name compute, and are safe beside a garbage collection.</summary>
/// <remarks>TorchSharp makes an object with a finalizer of the number, reads its native address, and calls torch. From then
/// on nothing refers to the object. A collection that any thread starts before torch has read the number may free it, and
/// torch then throws "Unknown scalar type" or computes with something else. Here the object lives until torch has returned.
/// TorchSharp makes such an object also where no number is seen: in <c>a + b</c>, <c>add</c> and <c>square</c>.</remarks>
public static class Scalars
{
    private static readonly Scalar Zero = 0;
    private static readonly Scalar One = 1;

    /// <summary>The sum.</summary>
    public static Tensor Add(this Tensor tensor, Scalar number) => Kept(tensor.add(number, One), number);

    /// <summary>The sum of two tensors.</summary>
    public static Tensor Add(this Tensor tensor, Tensor other) => tensor.add(other, One);

    /// <summary>The tensor plus a multiple of another.</summary>
    public static Tensor Add(this Tensor tensor, Tensor other, Scalar alpha) => Kept(tensor.add(other, alpha), alpha);

    /// <summary>Adds the number to the tensor itself.</summary>
    public static Tensor AddInPlace(this Tensor tensor, Scalar number) => Kept(tensor.add_(number, One), number);

    /// <summary>Adds the other to the tensor itself.</summary>
    public static Tensor AddInPlace(this Tensor tensor, Tensor other) => tensor.add_(other, One);

    /// <summary>Adds a multiple of the other to the tensor itself.</summary>
    public static Tensor AddInPlace(this Tensor tensor, Tensor other, Scalar alpha) => Kept(tensor.add_(other, alpha), alpha);

    /// <summary>The difference.</summary>
    public static Tensor Sub(this Tensor tensor, Scalar number) => Kept(tensor.sub(number), number);

    /// <summary>Subtracts the number from the tensor itself.</summary>
    public static Tensor SubInPlace(this Tensor tensor, Scalar number) => Kept(tensor.sub_(number), number);

    /// <summary>The product.</summary>
    public static Tensor Mul(this Tensor tensor, Scalar number) => Kept(tensor.mul(number), number);

    /// <summary>Multiplies the tensor itself.</summary>
    public static Tensor MulInPlace(this Tensor tensor, Scalar number) => Kept(tensor.mul_(number), number);

    /// <summary>The quotient.</summary>
    public static Tensor Div(this Tensor tensor, Scalar number) => Kept(tensor.div(number), number);

    /// <summary>The power.</summary>
    public static Tensor Pow(this Tensor tensor, Scalar exponent) => Kept(tensor.pow(exponent), exponent);

    /// <summary>Raises the tensor itself to a power.</summary>
    public static Tensor PowInPlace(this Tensor tensor, Scalar exponent) => Kept(tensor.pow_(exponent), exponent);

    /// <summary>The values, moved into a range. An end that is null is open.</summary>
    public static Tensor Clamp(this Tensor tensor, Scalar? min = null, Scalar? max = null) => Kept(tensor.clamp(min, max), min, max);

    /// <summary>Moves the values of the tensor itself into a range. An end that is null is open.</summary>
    public static Tensor ClampInPlace(this Tensor tensor, Scalar? min = null, Scalar? max = null) =>
        Kept(tensor.clamp_(min, max), min, max);

    /// <summary>The values, where smaller raised to the number.</summary>
    public static Tensor ClampMin(this Tensor tensor, Scalar min) => Kept(tensor.clamp_min(min), min);

    /// <summary>Raises smaller values of the tensor itself to the number.</summary>
    public static Tensor ClampMinInPlace(this Tensor tensor, Scalar min) => Kept(tensor.clamp_min_(min), min);

    /// <summary>Where a value equals the number.</summary>
    public static Tensor Eq(this Tensor tensor, Scalar number) => Kept(tensor.eq(number), number);

    /// <summary>Where a value does not equal the number.</summary>
    public static Tensor Ne(this Tensor tensor, Scalar number) => Kept(tensor.ne(number), number);

    /// <summary>Where a value is greater than the number.</summary>
    public static Tensor Gt(this Tensor tensor, Scalar number) => Kept(tensor.gt(number), number);

    /// <summary>Where a value is greater than the number or equals it.</summary>
    public static Tensor Ge(this Tensor tensor, Scalar number) => Kept(tensor.ge(number), number);

    /// <summary>Where a value is less than the number.</summary>
    public static Tensor Lt(this Tensor tensor, Scalar number) => Kept(tensor.lt(number), number);

    /// <summary>Where a value is less than the number or equals it.</summary>
    public static Tensor Le(this Tensor tensor, Scalar number) => Kept(tensor.le(number), number);

    /// <summary>Sets all values of the tensor itself.</summary>
    public static Tensor FillInPlace(this Tensor tensor, Scalar number) => Kept(tensor.fill_(number), number);

    /// <summary>Sets all values of the tensor itself, as the start of a weight: without a derivative.</summary>
    public static Tensor ConstantInPlace(this Tensor tensor, Scalar number) => Kept(nn.init.constant_(tensor, number), number);

    /// <summary>The values, with the number where the mask is true.</summary>
    public static Tensor MaskedFill(this Tensor tensor, Tensor mask, Scalar number) => Kept(tensor.masked_fill(mask, number), number);

    /// <summary>Sets the values of the tensor itself where the mask is true.</summary>
    public static Tensor MaskedFillInPlace(this Tensor tensor, Tensor mask, Scalar number) =>
        Kept(tensor.masked_fill_(mask, number), number);

    /// <summary>The values, with the number at some places of an axis.</summary>
    public static Tensor IndexFill(this Tensor tensor, long axis, Tensor index, Scalar number) =>
        Kept(tensor.index_fill(axis, index, number), number);

    /// <summary>The values, with a multiple of the source added at some places of an axis.</summary>
    public static Tensor IndexAdd(this Tensor tensor, long axis, Tensor index, Tensor source, Scalar alpha) =>
        Kept(tensor.index_add(axis, index, source, alpha), alpha);

    /// <summary>Adds a multiple of the source at some places of an axis of the tensor itself.</summary>
    public static Tensor IndexAddInPlace(this Tensor tensor, long axis, Tensor index, Tensor source, Scalar alpha) =>
        Kept(tensor.index_add_(axis, index, source, alpha), alpha);

    /// <summary>The values, where negative multiplied by the slope.</summary>
    public static Tensor LeakyRelu(this Tensor tensor, Scalar slope) => Kept(tensor.leaky_relu(slope), slope);

    /// <summary>The whole numbers from 0 to below the end.</summary>
    public static Tensor Arange(Scalar stop, ScalarType? dtype = null, Device? device = null) =>
        Kept(arange(Zero, stop, One, dtype, device), stop);

    /// <summary>The numbers from the start to below the end, in steps of 1.</summary>
    public static Tensor Arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null) =>
        Kept(arange(start, stop, One, dtype, device), start, stop);

    /// <summary>The result; until it is there, the numbers are in use.</summary>
    private static Tensor Kept(Tensor result, Scalar? number, Scalar? second = null)
    {
        GC.KeepAlive(number);
        GC.KeepAlive(second);
        return result;
    }
}
