using MlNetDl.Compression;

namespace MlNetDl.Tests.Compression.Pruning;

public sealed class PruningScheduleTests
{
    public static TheoryData<PruningSchedule> All => [new OneShot(), new Iterative(), new Agp(), new NetworkSurgery()];

    [Theory]
    [MemberData(nameof(All))]
    public void The_share_begins_at_nothing_never_falls_and_ends_at_the_final_one(PruningSchedule schedule)
    {
        double[] shares = [.. Enumerable.Range(0, 101).Select(i => schedule.Share(0.9, i / 100.0))];
        Assert.Equal(0, shares[0]);
        Assert.Equal(0.9, shares[^1], 12);
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
    }

    // Zhu and Gupta 2017, eq. 1, with s_i = 0: at half the way seven eighths of the final share.
    [Theory]
    [InlineData(0.25, 0.578125)]
    [InlineData(0.5, 0.875)]
    [InlineData(0.75, 0.984375)]
    public void Automated_gradual_pruning_follows_its_curve(double progress, double part) =>
        Assert.Equal(0.8 * part, new Agp().Share(0.8, progress), 12);

    [Fact]
    public void A_round_prunes_the_same_part_of_what_the_one_before_left()
    {
        var schedule = new Iterative { Rounds = 4 };
        double[] left = [.. Enumerable.Range(0, 5).Select(i => 1 - schedule.Share(0.9, i / 4.0))];
        Assert.All(left.Zip(left.Skip(1)), pair => Assert.Equal(Math.Pow(0.1, 0.25), pair.Second / pair.First, 12));
    }
}
