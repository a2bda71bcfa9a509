using MlNetDl.Generative;

namespace MlNetDl.Tests.Generative;

/// <summary>Ways between codes.</summary>
public sealed class CodePathTests
{
    private static readonly float[] From = [3, 0, -1, 2], To = [-1, 3, 2, 0];

    [Fact]
    public void Both_ways_begin_and_end_at_their_ends_exactly()
    {
        foreach (var way in new[] { CodePath.Linear(From, To, 5), CodePath.Spherical(From, To, 5) })
        {
            Assert.Equal(20, way.Length);
            Assert.Equal(From, way[..4]);
            Assert.Equal(To, way[^4..]);
        }
    }

    [Fact]
    public void The_middle_of_the_straight_line_is_the_mean() =>
        Assert.Equal(From.Zip(To, (a, b) => (a + b) / 2), CodePath.Linear(From, To, 3)[4..8]);

    [Fact]
    public void The_arc_keeps_a_norm_that_both_ends_have_and_turns_by_equal_angles()
    {
        var way = CodePath.Spherical(From, To, 7).Chunk(4).ToList();
        Assert.All(way, code => Assert.Equal(Math.Sqrt(14), Norm(code), 1e-5));
        var cosines = way.Zip(way.Skip(1), (a, b) => a.Zip(b, (x, y) => (double)x * y).Sum() / 14).ToList();
        Assert.All(cosines, cosine => Assert.Equal(cosines[0], cosine, 1e-5));
        Assert.True(Norm(CodePath.Linear(From, To, 3)[4..8]) < 3);
    }

    [Fact]
    public void Codes_on_one_line_through_0_have_the_straight_line()
    {
        float[] opposite = [.. From.Select(v => -v)], zero = new float[4];
        Assert.All(new[] { From, opposite, zero }, to => Assert.Equal(CodePath.Linear(From, to, 4), CodePath.Spherical(From, to, 4)));
    }

    [Fact]
    public void What_is_no_way_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CodePath.Linear(From, To, 1));
        Assert.Throws<ArgumentException>(() => CodePath.Spherical(From, [1, 2], 5));
    }

    private static double Norm(float[] code) => Math.Sqrt(code.Sum(v => (double)v * v));
}
