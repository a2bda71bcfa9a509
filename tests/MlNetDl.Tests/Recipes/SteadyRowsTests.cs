using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetDl.MlNet;
using MlNetDl.Tests.MlNet;

namespace MlNetDl.Tests.Recipes;

/// <summary>Streamed data that is another at each reading is told, not cut.</summary>
[Collection("torch")]
public sealed class SteadyRowsTests
{
    private readonly MLContext ml = new(seed: 1);

    [Theory]
    [InlineData(60, "90 usable rows when it was first read and 60 when")]
    [InlineData(120, "90 usable rows when it was first read and more when")]
    public void Another_number_of_rows_at_a_later_reading_is_an_error_that_says_so(int later, string expected)
    {
        int readings = 0;
        var data = ml.Data.LoadFromEnumerable(Changing());
        var keyed = ml.Transforms.CopyColumns("Label", "Value").Fit(data).Transform(data);
        var (_, trainer) = TrainerContractTests.Case(
            ml,
            PredictionTask.Regression,
            o => o.Training = o.Training with
            {
                Epochs = 3,
                MemoryBudgetMB = 0,
                ShuffleBuffer = 20,
            });
        readings = 0;
        var message = Assert.Throws<InvalidOperationException>(() => trainer.Fit(keyed)).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("ml.Data.Cache", message, StringComparison.Ordinal);

        IEnumerable<TrainerContractTests.Row> Changing()
        {
            int count = readings++ == 0 ? 90 : later;
            foreach (var row in TrainerContractTests.Rows(count))
            {
                yield return row;
            }
        }
    }
}
