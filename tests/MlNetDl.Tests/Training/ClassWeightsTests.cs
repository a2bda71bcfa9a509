using MlNetDl.Configuration;
using MlNetDl.Tasks;
using MlNetDl.Training;
using TorchSharp;

namespace MlNetDl.Tests.Training;

[Collection("torch")]
public sealed class ClassWeightsTests
{
    private static readonly string[] Names = ["benign", "malignant", "unclear"];

    [Fact]
    public void Weights_go_by_name_and_classes_without_one_weigh_1() =>
        Assert.Equal([1, 3, 0.5], ClassWeights.Of(("unclear", 0.5), ("malignant", 3)).For(Names, []));

    /// <summary>scikit-learn: compute_class_weight("balanced", classes=[0, 1, 2], y=[0]*6 + [1]*3 +
    /// [2]*1) = [0.5556, 1.1111, 3.3333].</summary>
    [Fact]
    public void Balanced_is_scikit_learns() =>
        Assert.Equal([10.0 / 18, 10.0 / 9, 10.0 / 3], ClassWeights.Balanced.For(Names, [6, 3, 1]));

    /// <summary>A mixture is refused, and a class that is named true is the one that is meant.</summary>
    [Fact]
    public void Yes_and_no_may_be_called_by_their_words_or_true_and_false()
    {
        Assert.Equal([1, 3], Of(["dog", "cat"], ("true", 3)));
        Assert.Equal([2, 3], Of(["dog", "cat"], ("true", 3), ("false", 2)));
        Assert.Equal([1, 3], Of(["dog", "cat"], ("cat", 3)));
        Assert.Equal([3, 1], Of(["true", "cat"], ("true", 3)));
        Assert.Equal([1, 3], Of(null, ("true", 3)));
        Assert.Contains("a class 'true' that is not there; the classes are dog, cat.",
            Assert.Throws<ArgumentException>(() => Of(["dog", "cat"], ("dog", 2), ("true", 3))).Message, StringComparison.Ordinal);

        static float[] Of(ValueList<string>? words, params (string, double)[] weights) => [.. ExampleWeights.OfClasses(
            ClassWeights.Of(weights), new BinaryClassification(), new() { YesNoNames = words }, [], torch.CPU)!.data<float>()];
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        Says(
            "a class 'malign' that is not there; the classes are benign, malignant, unclear",
            () => ClassWeights.Of(("malign", 1)).For(Names, []));
        Says("are all 0", () => ClassWeights.Of(("benign", 0), ("malignant", 0), ("unclear", 0)).For(Names, []));
        Says("the task has no classes", () => ClassWeights.Of(("benign", 1)).For([], []));
        Says("nobody has counted", () => ClassWeights.Balanced.For(Names, []));

        static void Says(string message, Action action) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classWeights: { benign: 1, 'a b': 2.5 }")]
    [InlineData("classWeights: balanced")]
    [InlineData("classWeights: {}")]
    public void YAML_reads_back_equal(string yaml)
    {
        var options = ConfigurationDocument.Parse(yaml).Bind<TrainingOptions>();
        Assert.Equal(options, ConfigurationDocument.Parse(ConfigurationDocument.ToYaml(options)).Bind<TrainingOptions>());
    }

    [Theory]
    [InlineData("classWeights: [1, 2]", "A list of numbers would depend on the order of the classes")]
    [InlineData("classWeights: equal", "'balanced', but got the text 'equal'")]
    [InlineData("classWeights: { a: b }", "the weight of class 'a' must be a number")]
    public void Other_forms_are_one_clear_error(string yaml, string message) => Assert.Contains(
        message,
        Assert.Throws<ConfigurationException>(() => ConfigurationDocument.Parse(yaml).Bind<TrainingOptions>()).Message,
        StringComparison.Ordinal);
}
