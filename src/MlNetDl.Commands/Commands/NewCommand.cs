using System.CommandLine;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary>An experiment to start from.</summary>
/// <param name="Yaml">The file.</param>
internal sealed record Starter(string Yaml);

/// <summary><c>mldl new</c>.</summary>
internal sealed class NewCommand : ToolCommand<Starter>
{
    private static readonly string[] Kinds = ["multiclass", "binary", "multilabel", "regression", "text", "images", "custom"];

    private readonly Argument<string?> kind = new("kind")
    {
        Description = "Without --data, a template: multiclass | binary | multilabel | regression: a table; text: a table with a column of texts; "
            + "images: a folder or data set of images; custom: images, and a network given by its layers.",
        HelpName = "kind",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> data = new("--data")
    {
        Description = "Your data, for which the file is written: a table, a folder with a sub-folder of images for each class, or a data set's name.",
        HelpName = "D",
    };

    private readonly Option<string?> label = new("--label") { Description = "Of a table, the column to predict.", HelpName = "COLUMN" };

    private readonly TableForm form = new();

    public NewCommand() : base(
        "new", "Prints a commented experiment file to start from: for your data, or a template.",
        "mldl new --data houses.csv --label price > houses.yaml",
        "mldl new --data photos > photos.yaml     a sub-folder of images for each class",
        "mldl new multiclass > flowers.yaml     a template for rows of a table",
        "mldl new custom > mine.yaml             a network given by its layers") => kind.AcceptOnlyFromAmong(Kinds);

    protected override IEnumerable<Symbol> Symbols => [kind, data, label, .. form.Symbols];

    protected override Starter Run(ToolContext context)
    {
        var (asked, path) = (context.Get(kind), context.Get(data));
        if (asked is null == path is null)
        {
            throw new UsageException(asked is null
                ? $"give your data with --data, or the kind of a template: {string.Join(", ", Kinds)}."
                : "--data says by itself what kind of experiment it needs; leave one of the two out.");
        }

        if (path is null)
        {
            return context.Get(label) is null ? new(context.Name.In(Template(asked!))) : throw new UsageException("--label goes with --data; leave it out.");
        }

        try
        {
            return new(context.Name.In(StarterFile.Of(path, context.Get(label), form.Of(context))));
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter '")[0]);
        }
    }

    protected override void Write(Starter result, ToolContext context) => context.Output.Write(result.Yaml);

    internal static string Template(string kind) => $"""
        # An experiment of mldl. Run it with: mldl run THIS.yaml
        # Any value can be changed from the command line: mldl run THIS.yaml training.epochs=3
        # Every key, with its meaning: mldl schema
        name: my-{kind}
        description: What this experiment shows, in a sentence.
        task: {kind switch { "text" => "binary", "images" or "custom" => "multiclass", _ => kind }}

        {Data(kind)}

        # The architecture. Look at it with: mldl inspect THIS.yaml
        network:
        {Network(kind)}

        training:
          epochs: {(IsTable(kind) ? 50 : 6)}
          batchSize: {(IsTable(kind) ? 32 : 128)}
          optimizer:                  # mldl list optimizers
            type: adam
            learningRate: {(IsTable(kind) ? "0.003" : "0.002")}
          schedule: oneCycle          # mldl list schedules
          validationFraction: 0.1     # held out of the training part, stratified by class
          restoreBestWeights: true    # by validation loss; the test part chooses nothing
          # earlyStopping: {"{ patience: 5 }"}
          seed: 1                     # the same seed gives the same weights

        # seeds: [1, 2, 3]            # repeats, reported as mean and standard deviation
        # arms:                       # the same with other settings, set beside each other
        #   base: {"{}"}
        #   slow: {"{ set: { training.optimizer.learningRate: 0.0001 } }"}

        """;

    private static bool IsTable(string kind) => kind is "multiclass" or "binary" or "multilabel" or "regression" or "text";

    private static string Label(string kind) => kind switch
    {
        "multiclass" => "species              # the column to predict: the names of the classes",
        "text" => "column2              # the column to predict: 0 and 1, or true and false",
        "multilabel" => """
            languages             # the column to predict: the labels of each row, as in French|German
              # labelSeparator: ","       # what stands between labels, by default |
              # labels: [red, round]      # in place of label: a column of 0 and 1 for each label
            """,
        "binary" => "benign               # the column to predict: 0 and 1, or true and false",
        _ => "progression          # the column to predict: numbers",
    };

    private static string Text(string kind) => kind switch
    {
        "text" => "text: [column1]           #",
        "multilabel" => "text: [name]              #",
        _ => "# text: [review]          #",
    };

    private static string Data(string kind) => IsTable(kind) ? $"""
        # A table: a CSV or TSV file with a header row. Columns of numbers and of words are told apart by what is in them.
        data:
          csv: datasets/{kind switch
    {
        "multiclass" => "tabular/iris.csv",
        "binary" => "tabular/breast-cancer.csv",
        "text" => "sentiment/amazon_cells_labelled.txt",
        "multilabel" => "surnames/surnames.csv",
        _ => "tabular/diabetes.csv",
    }}
          label: {Label(kind)}
          {Text(kind)} columns of texts, whose words are features; they are seen, too
          # ignore: [id, date]        # columns that say nothing about the label, or give it away
          # categorical: [zip]        # columns of numbers that are codes
          # numeric: [age]            # columns in which a word is a mistake
          # missing: median           # of values that are not there; also mean, mode, indicator, drop, error
          # missingIn: {"{ age: drop }"}  # the same for single columns
          # positive: malignant       # the label that means yes, for task: binary
          {(kind == "text" ? "header: false " : "# header: true")}              # false where the first row has values; all these are seen, or asked for
          # separator: ";"
          # decimal: ","              # 1,5 is one and a half
          # dates: dayFirst           # 03/04/2025 is 3 April
          # encoding: windows-1252
          testFraction: 0.2           # this share of the rows, and of each class, is held out for the test
          # testCsv: test.csv         # or: a file of its own with the same columns
          # validation: 0.1           # in place of training.validationFraction; also a file of its own: validation.csv
        """ : """
        # Images: a data set or a folder, with the keys of its kind.
        data:
          dataset: mnist              # all names: mldl list datasets
          # size: 64                  # height and width to which a data set's images are scaled; without it, they keep their size
          # take: 1000                # only the first training examples of a data set
          # only: ["1", "7"]          # only some classes of a data set
          # without: ["4"]            # or all but some
          # folder: photos            # a sub-folder of images for each class, or train/, val/ and test/ with such sub-folders;
                                      # for models without labels, such as vae, the images may lie right in it
          # imageList: photos.csv     # or a list: a column of paths, one of labels
          # pathColumn: file          # its columns, where their names do not tell
          # label: breed
          # split: part               # train, val or test
          # header: true              # false where the first row is an image; all these are seen, or asked for
          # separator: ";"
          # decimal: ","              # of labels that are numbers
          # encoding: utf-8
          # image: { channels: 3, height: 64, width: 64, resize: stretch }   # by default as the images are, if small; channels 1 is grey,
                                      # resize also crop and pad
          # testFraction: 0.2         # of each class, where there is no test part
          # validation: 0.1           # in place of training.validationFraction; also a folder or list of its own: photos/val
          # badFiles: skip            # leaves out images that cannot be read; error names them all
          # memoryBudgetMB: 2048      # for decoded images; those beyond it are decoded anew in each epoch. By default a quarter of what is free
          # positive: malignant       # the class that means yes, for task: binary
          # codes: vae/model.zip      # the codes that a saved model makes of other data
          # of: { dataset: mnist }    # that data
        """;

    private static string Network(string kind) => kind switch
    {
        "images" => """
              type: leNet5                # for small images; for photos resNet18. All names: mldl list networks
              activation: relu
            """,
        "custom" => """
              type: custom
              layers:                     # one after the other; all names: mldl list layers
                - { type: conv2d, out: 8, kernel: 3, padding: 1 }
                - relu
                - { type: maxPool2d, kernel: 2 }
                - { type: conv2d, out: 16, kernel: 3, padding: 1 }
                - relu
                - globalAvgPool           # any size of images fits
                - flatten
                - { type: linear, out: 10 }   # as many as there are classes
            """,
        _ => """
              type: mlp                   # all names: mldl list networks
              hidden: [64, 64]
              # dropout: 0.2              # against fitting the training rows by heart
            """,
    };
}
