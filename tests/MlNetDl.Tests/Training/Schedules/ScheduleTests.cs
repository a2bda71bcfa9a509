using MlNetDl.Configuration;
using MlNetDl.Training.Schedules;

namespace MlNetDl.Tests.Training.Schedules;

public sealed class ScheduleTests
{
    /// <summary>Factors printed by PyTorch's <c>lr_scheduler</c> of the same settings.</summary>
    public static TheoryData<Schedule, double[]> PyTorch => new()
    {
        {
            new OneCycle(),
            [
                0.04, 0.52, 1, 0.9504846320134737, 0.8117456539497631, 0.6112620219362893, 0.38874197806371075,
                0.18825834605023697, 0.049519367986526286, 4e-06,
            ]
        },
        {
            new OneCycle
            {
                Rise = 0.5,
                StartDivisor = 10,
                EndDivisor = 100,
            },
            [
                0.1, 0.41094235253127365, 0.9140576474687263, 0.9505339495172583, 0.611649206511179,
                0.18906684397156262, 0.001,
            ]
        },
        {
            new Cosine { Floor = 0.1 },
            [
                1, 0.9657457896300791, 0.8681980515339464, 0.7222075445642905, 0.55, 0.3777924554357097,
                0.2318019484660537, 0.134254210369921,
            ]
        },
        { new Step(), [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01] },
        { new Constant(), [1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(PyTorch))]
    public void Factors_are_PyTorchs(Schedule schedule, double[] expected)
    {
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.Equal(expected[step], schedule.FactorAt(step, expected.Length), 12);
        }
    }

    [Theory]
    [MemberData(nameof(PyTorch))]
    public void Warm_up_joins_its_schedule_without_a_jump(Schedule schedule, double[] unused)
    {
        Assert.NotEmpty(unused);
        foreach (double share in new[] { 0.1, 0.3, 0.5 })
        {
            var warm = schedule with { WarmUp = share };
            int joint = (int)Math.Round(share * 1000);
            Assert.Equal(warm.FactorAt(joint - 1, 1000), warm.FactorAt(joint, 1000), 12);
            Assert.True(warm.FactorAt(joint - 2, 1000) < warm.FactorAt(joint - 1, 1000));
        }
    }

    [Fact]
    public void A_share_of_the_steps_that_is_whole_gives_that_many_steps_of_warm_up() => Assert.Equal(
        [1.0 / 3, 2.0 / 3, 1, 1],
        Enumerable.Range(0, 4).Select(step => new Cosine { Floor = 0.999999999, WarmUp = 0.1 }.FactorAt(step, 30)),
        (a, b) => Math.Abs(a - b) < 1e-8);

    [Theory]
    [MemberData(nameof(PyTorch))]
    public void Factors_are_finite_and_above_0_for_trainings_of_any_length(Schedule schedule, double[] unused)
    {
        Assert.NotEmpty(unused);
        foreach (int total in new[] { 1, 2, 3, 5, 1000 })
        {
            Assert.All(Enumerable.Range(0, total), step => Assert.InRange(schedule.FactorAt(step, total), 1e-12, 1));
            Assert.All(
                Enumerable.Range(0, total),
                step => Assert.InRange((schedule with { WarmUp = 0.9 }).FactorAt(step, total), 1e-12, 1));
        }
    }

    public static TheoryData<Schedule, string> Bad => new()
    {
        { new Constant { WarmUp = 1 }, "training.schedule.warmUp" },
        { new Constant { WarmUp = double.NaN }, "training.schedule.warmUp" },
        { new Step { Every = 0 }, "training.schedule.every" },
        { new Step { Gamma = -1 }, "training.schedule.gamma" },
        { new Cosine { Floor = 1.5 }, "training.schedule.floor" },
        { new OneCycle { Rise = 0 }, "training.schedule.rise" },
        { new OneCycle { StartDivisor = 1 }, "training.schedule.startDivisor" },
        { new OneCycle { EndDivisor = double.PositiveInfinity }, "training.schedule.endDivisor" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Settings_out_of_range_are_named(Schedule schedule, string member) => Assert.StartsWith(
        $"{member} must be",
        Assert.Throws<ArgumentException>(() => RecordCheck.Require(schedule, "training.schedule")).Message);
}
