using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MlNetDl.Cli;

/// <summary>Examples at the end of each command's help.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> Lines = new()
    {
        [""] =
        [
            "mldl run experiments/quickstart.yaml                 train LeNet-5 on MNIST",
            "mldl predict runs/quickstart/model.zip digit.png     what is on this picture?",
            "mldl new multiclass > mine.yaml                      start an experiment of your own",
        ],
        ["run"] =
        [
            "mldl run experiments/quickstart.yaml",
            "mldl run experiments/quickstart.yaml training.epochs=6 training.optimizer.learningRate=0.001 --output runs/longer",
            "mldl run experiments/quickstart.yaml network=mlp network.hidden=[300,100] --output runs/mlp",
        ],
        ["new"] = ["mldl new multiclass > flowers.yaml     rows of a table", "mldl new images > photos.yaml", "mldl new custom > mine.yaml             a network given by its layers"],
        ["evaluate"] = ["mldl evaluate runs/quickstart/model.zip --data mnist", "mldl evaluate runs/iris/model.zip --data iris.csv --label species --json"],
        ["predict"] = ["mldl predict runs/quickstart/model.zip digit.png another.png", "mldl predict runs/iris/model.zip rows.csv --json"],
        ["inspect"] = ["mldl inspect resNet34 --input 3x224x224 --classes 1000", "mldl inspect runs/quickstart/model.zip", "mldl inspect experiments/quickstart.yaml --json"],
        ["list"] = ["mldl list networks", "mldl list layers conv2d     its keys, with types, defaults and meanings", "mldl list optimizers --json"],
        ["schema"] = ["mldl schema > experiment.schema.json"],
        ["verify-results"] = ["mldl verify-results experiments/lecture03-fitting", "mldl verify-results experiments --update"],
    };

    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }
    }

    /// <summary>The usual help, then examples.</summary>
    internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            var command = parseResult.CommandResult.Command;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in Lines.GetValueOrDefault(command is RootCommand ? "" : command.Name, []))
            {
                output.WriteLine($"  {line}");
            }

            if (command is RootCommand)
            {
                output.WriteLine();
                output.WriteLine("Exit codes: 0 done, 1 the work failed, 2 wrong usage or configuration, 130 cancelled.");
            }

            return code;
        }
    }
}
