using System.Globalization;
using MlNetDl.Tasks;

namespace MlNetDl.Tests.Tasks;

public sealed class ClassValueTextTests
{
    private static readonly DateTime Clock = new DateTime(2001, 2, 3, 4, 5, 6).AddTicks(1234567);

    [Theory]
    [InlineData(DateTimeKind.Unspecified, "2001-02-03T04:05:06.1234567")]
    [InlineData(DateTimeKind.Local, "2001-02-03T04:05:06.1234567")]
    [InlineData(DateTimeKind.Utc, "2001-02-03T04:05:06.1234567Z")]
    public void A_date_is_written_as_its_clock_shows_it(DateTimeKind kind, string text) =>
        Assert.Equal(text, ClassValueText.Of(DateTime.SpecifyKind(Clock, kind)));

    // Offsets on both sides of any zone that this may run in; older models have them.
    [Theory]
    [InlineData("2001-02-03T04:05:06.1234567", DateTimeKind.Unspecified)]
    [InlineData("2001-02-03T04:05:06.1234567Z", DateTimeKind.Utc)]
    [InlineData("2001-02-03T04:05:06.1234567+14:00", DateTimeKind.Unspecified)]
    [InlineData("2001-02-03T04:05:06.1234567+00:00", DateTimeKind.Unspecified)]
    [InlineData("2001-02-03T04:05:06.1234567-11:30", DateTimeKind.Unspecified)]
    public void A_date_is_read_the_same_in_every_zone(string text, DateTimeKind kind)
    {
        var date = (DateTime)ClassValueText.Parse(ClassValueType.DateTime, text);
        Assert.Equal((Clock.Ticks, kind), (date.Ticks, date.Kind));
    }

    [Theory]
    [InlineData("2001-02-03T04:05:06.1234567+09:00", 9)]
    [InlineData("2001-02-03T04:05:06.1234567", 0)]
    public void A_date_with_an_offset_keeps_it(string text, int hours) =>
        Assert.True(new DateTimeOffset(Clock, TimeSpan.FromHours(hours))
            .EqualsExact((DateTimeOffset)ClassValueText.Parse(ClassValueType.DateTimeOffset, text)));

    [Fact]
    public void Values_are_the_same_text_under_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.German;
            Assert.Equal("-1234.5", ClassValueText.Of(-1234.5));
            Assert.Equal(-1234.5f, ClassValueText.Parse(ClassValueType.Single, "-1234.5"));
            Assert.Equal("2001-02-03T04:05:06.1234567", ClassValueText.Of(Clock));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
