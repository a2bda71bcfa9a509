using MlNetDl.Torch;

namespace MlNetDl.Tests.Torch;

public sealed class NativeTuningTests
{
    private const int Trim = -1, Mmap = -3;

    /// <summary>What the C library takes at most, and what it is then told.</summary>
    public static TheoryData<int, (int, int)[]> Libraries => new()
    {
        { int.MaxValue, [(Mmap, 1 << 30), (Trim, 1 << 30)] },
        { 32 << 20, [(Mmap, 1 << 30), (Mmap, 32 << 20), (Trim, 1 << 30)] },
        { 0, [(Mmap, 1 << 30), (Mmap, 32 << 20)] },
    };

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_trim_threshold_follows_only_a_threshold_that_was_taken(int most, (int, int)[] expected)
    {
        var calls = new List<(int, int)>();
        NativeTuning.TuneAllocator((parameter, value) =>
        {
            calls.Add((parameter, value));
            return parameter == Mmap && value > most ? 0 : 1;
        });
        Assert.Equal(expected, calls);
    }

    [Fact]
    public void Another_C_library_is_left_alone() => NativeTuning.TuneAllocator((_, _) => throw new EntryPointNotFoundException());
}
