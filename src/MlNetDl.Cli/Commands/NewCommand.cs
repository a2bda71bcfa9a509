using System.CommandLine;
using System.Text.Json.Nodes;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl new</c>.</summary>
internal static class NewCommand
{
    private static readonly string[] Tasks = ["multiclass", "binary", "regression"];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var task = new Argument<string>("task") { Description = string.Join(" | ", Tasks) };
        task.AcceptOnlyFromAmong(Tasks);
        return scope.With(new Command("new", "Prints a commented experiment file for a task, to start from.") { task }, (parsed, _) =>
        {
            var yaml = Template(parsed.GetValue(task)!);
            if (!parsed.GetValue(scope.JsonOption))
            {
                output.Write(yaml);
            }

            return new JsonObject { ["yaml"] = yaml };
        });
    }

    internal static string Template(string task) => $"""
        # An experiment of mldl. Run it with: mldl run THIS.yaml
        # Any value can be changed from the command line: mldl run THIS.yaml training.epochs=3
        # Every key, with its meaning: mldl schema
        name: my-{task}
        description: What this experiment shows, in a sentence.
        task: {task}

        # Where the data comes from: one of dataset, folder, csv.
        data:
        {Data(task)}
        # The architecture; all names: mldl list networks. Look at it with: mldl inspect THIS.yaml
        network:
          type: {(task == "multiclass" ? "leNet5" : "mlp")}
        {(task == "multiclass" ? "  activation: relu" : "  hidden: [64, 64]")}

        training:
          epochs: {(task == "multiclass" ? 6 : 50)}
          batchSize: {(task == "multiclass" ? 128 : 32)}
          optimizer:                  # mldl list optimizers
            type: adam
            learningRate: {(task == "multiclass" ? "0.002" : "0.003")}
          schedule: oneCycle          # mldl list schedules
          validationFraction: 0.1     # held out of the training part, stratified by class
          restoreBestWeights: true    # by validation loss; the test part chooses nothing
          # earlyStopping: {"{ patience: 5 }"}
          seed: 1                     # the same seed gives the same weights

        # seeds: [1, 2, 3]            # repeats, reported as mean and standard deviation

        """;

    private static string Data(string task) => task switch
    {
        "multiclass" => """
              dataset: mnist              # mldl list datasets
              # folder: photos            # a sub-folder of images for each class
              # image: { channels: 3, height: 64, width: 64 }
              # csv: table.csv            # with a header row
              # label: species            # its column to predict

            """,
        "binary" => """
              csv: datasets/tabular/breast-cancer.csv
              label: benign               # the column to predict: 0 and 1, or true and false
              testFraction: 0.2

            """,
        _ => """
              csv: datasets/tabular/diabetes.csv
              label: progression          # the column to predict: numbers
              testFraction: 0.2

            """,
    };
}
