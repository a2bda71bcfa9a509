using MlNetDl.Torch;

namespace MlNetDl.Tests.Torch;

public sealed class ProcessorFeaturesTests
{
    [Fact]
    public void The_processor_says_what_the_system_says_of_it()
    {
        const string System = "/proc/cpuinfo";
        if (File.Exists(System) && File.ReadLines(System).FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal)) is { } line)
        {
            var flags = line.Split(' ');
            bool hasBFloat16 = flags.Contains("avx512_bf16") || flags.Contains("amx_bf16");
            Assert.Equal(ProcessorFeatures.HidesCaches || !hasBFloat16, ProcessorFeatures.EmulatesBFloat16);
        }
        else if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            Assert.False(ProcessorFeatures.EmulatesBFloat16);
        }
    }
}
