using System.Globalization;

namespace MlNetDl.Tests.Contracts;

public sealed class ValueListTests
{
    /// <summary>A checkpoint's fingerprint is made of such text: one written on a German machine must continue on
    /// an English one.</summary>
    [Fact]
    public void Its_text_does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("~1,5", $"{-1.5f}");
            Assert.Equal("[-1.5, 2]", new ValueList<float>([-1.5f, 2]).ToString());
            ValueList<ValueList<double>> nested = [[0.5], []];
            Assert.Equal("[[0.5], []]", nested.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        ValueList<string?> words = ["a", null];
        Assert.Equal("[a, ]", words.ToString());
    }
}
