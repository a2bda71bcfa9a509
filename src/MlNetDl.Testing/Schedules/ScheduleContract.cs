using MlNetDl.Training.Schedules;

namespace MlNetDl.Testing;

/// <summary>The contract of every schedule: it is a function of the step alone, so that a training resumes exactly, and
/// its factors are learning rates.</summary>
/// <example><code>
/// ScheduleContract.Of(new Polynomial()).RunAll();
/// </code></example>
public static class ScheduleContract
{
    private static readonly int[] Lengths = [1, 2, 3, 5, 100, 1000];

    private static readonly FactList<Schedule> List = new()
    {
        { "Factors are finite and 0 or more, for trainings of any length and warm-up", FactorsAreRates },
        { "Factors follow from the step alone, in any order and from an equal schedule", IsAFunction },
        {
            "The first step moves something",
            s => Array.ForEach(Lengths, n => Expect.True(s.FactorAt(0, n) > 0, $"the first of {n} factors is 0."))
        },
        { "Warm-up rises in a line to what it begins with, and then it runs from its beginning", WarmsUp },
        { "Settings that are not a number are refused", s => Settings.MustBeRefused(s, wholeNumber: null) },
    };

    /// <summary>The facts of a schedule.</summary>
    /// <param name="schedule">The schedule.</param>
    public static IReadOnlyList<ContractFact> Of(Schedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return [.. ComponentContract.Of(schedule), .. List.Of(ComponentContract.NameOf(schedule), schedule)];
    }

    private static void FactorsAreRates(Schedule schedule) => Array.ForEach(Lengths, total =>
    {
        foreach (var form in (Schedule[])[schedule, schedule with { WarmUp = 0.1 }, schedule with { WarmUp = 0.9 }])
        {
            for (int step = 0; step < total; step++)
            {
                double factor = form.FactorAt(step, total);
                Expect.True(
                    double.IsFinite(factor) && factor >= 0,
                    FormattableString.Invariant($"the factor at step {step} of {total} is {factor}."));
            }
        }
    });

    private static void IsAFunction(Schedule schedule) => Array.ForEach(Lengths, total =>
    {
        double[] forth = [.. Enumerable.Range(0, total).Select(step => schedule.FactorAt(step, total))];
        var equal = Settings.Copy(schedule);
        for (int step = total - 1; step >= 0; step--)
        {
            Expect.Equal(forth[step], schedule.FactorAt(step, total), $"the factor at step {step} of {total}, asked again");
            Expect.Equal(forth[step], equal.FactorAt(step, total), $"the factor at step {step} of {total}, of an equal schedule");
        }
    });

    private static void WarmsUp(Schedule schedule)
    {
        var (cold, warm) = (schedule with { WarmUp = 0 }, schedule with { WarmUp = 0.25 });
        for (int step = 0; step < 100; step++)
        {
            double expected = step < 25 ? (step + 1) / 25.0 * cold.FactorAt(0, 75) : cold.FactorAt(step - 25, 75);
            Expect.Close(expected, warm.FactorAt(step, 100), 1e-12, $"the factor at step {step} of 100 with a warm-up of a quarter");
        }
    }
}
