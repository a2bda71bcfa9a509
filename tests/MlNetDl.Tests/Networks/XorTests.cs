namespace MlNetDl.Tests.Networks;

/// <summary>Exclusive or and straight lines (Minsky and Papert 1969).</summary>
public sealed class XorTests
{
    private static readonly (int X, int Y)[] Points = [(0, 0), (0, 1), (1, 0), (1, 1)];

    [Fact]
    public void No_linear_classifier_gets_more_than_three_of_four_right()
    {
        // A line's answers on the four points depend on the signs of b, b + v, b + u and b + u + v only; this grid
        // meets every combination that exists, 14 of 16.
        var answers = new HashSet<string>();
        for (int u = -4; u <= 4; u++)
        {
            for (int v = -4; v <= 4; v++)
            {
                for (int b = -9; b <= 9; b++)
                {
                    answers.Add(string.Concat(Points.Select(p => (u * p.X) + (v * p.Y) + (b / 2.0) - 0.25 > 0 ? '1' : '0')));
                }
            }
        }

        Assert.Equal(14, answers.Count);
        Assert.DoesNotContain("0110", answers);
        Assert.DoesNotContain("1001", answers);
        Assert.Equal(3, answers.Max(a => a.Zip("0110").Count(p => p.First == p.Second)));
    }
}
