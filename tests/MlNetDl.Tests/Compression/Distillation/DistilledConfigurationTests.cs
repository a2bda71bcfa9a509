using MlNetDl.Compression;
using MlNetDl.Configuration;
using MlNetDl.Testing;
using MlNetDl.Training;
using MlNetDl.Training.Optimizers;

namespace MlNetDl.Tests.Compression.Distillation;

/// <summary>The stages as data.</summary>
public sealed class DistilledConfigurationTests
{
    public static TheoryData<string> Facts => [.. Contracts.Select(f => f.Name).Distinct()];

    private static IEnumerable<ContractFact> Contracts =>
    [
        .. ComponentContract.Of<Stage>(new Distilled
        {
            Teacher = ["teacher.zip", "other.onnx"],
            Temperature = 2,
            Alpha = 0.5,
            CacheMB = 7,
        }),
        .. ComponentContract.Of<Stage>(new Distilled
        {
            Teacher = ["teacher.zip"],
            Hints = [new("layer3/1", "layer2/1") { Weight = 0.25 }],
            Attention = [new("layer2", "layer2")],
        }),
        .. ComponentContract.Of<Stage>(new BornAgain
        {
            Generations = 3,
            Temperature = 2,
            Alpha = 0.5,
            Epochs = 4,
            Optimizer = new Adam { LearningRate = 0.01 },
        }),
    ];

    [Theory]
    [MemberData(nameof(Facts))]
    public void The_contract_of_components_holds(string fact) => Assert.All(Contracts.Where(f => f.Name == fact), f => f.Run());

    [Fact]
    public void Yaml_names_one_teacher_or_several()
    {
        var stages = Read("""
            stages:
              - fit
              - { type: distilled, teacher: teacher.zip, temperature: 3, hints: [{ teacher: c3, student: c3 }] }
              - type: distilled
                teacher: [teacher.zip, other.onnx]
              - { type: bornAgain, generations: 2 }
            """).Stages;
        Assert.Equal(
            [
                new Fit(),
                new Distilled { Teacher = ["teacher.zip"], Temperature = 3, Hints = [new("c3", "c3")] },
                new Distilled { Teacher = ["teacher.zip", "other.onnx"] },
                new BornAgain { Generations = 2 },
            ],
            stages);
        Assert.Equal((4, 0.9), (((Distilled)stages[2]).Temperature, ((Distilled)stages[2]).Alpha));
    }

    [Theory]
    [InlineData("{ type: distilled }", "stages[0]: the key 'teacher' is missing: the teacher: a model .zip or an .onnx")]
    [InlineData("{ type: distilled, teacher: 3 }", "expected the path of a model .zip or of an .onnx")]
    [InlineData("{ type: distilled, teacher: a.zip, temprature: 3 }", "unknown key 'temprature'; did you mean 'temperature'?")]
    [InlineData("{ type: distilled, teacher: a.zip, hints: [{ teacher: x }] }", "stages[0].hints[0]: the key 'student' is missing")]
    [InlineData("{ type: bornAgain, generations: 0 }", "stages[0].generations must be 1 or more but is 0.")]
    public void Mistakes_are_told_with_their_place(string stage, string message) => Assert.Contains(
        message, Assert.Throws<ConfigurationException>(() => Read($"stages: [{stage}]")).Message, StringComparison.Ordinal);

    private static TrainingOptions Read(string yaml) => ConfigurationDocument.Parse(yaml).Bind<TrainingOptions>();
}
