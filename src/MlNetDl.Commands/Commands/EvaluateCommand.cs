using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Generative;
using MlNetDl.Metrics;
using MlNetDl.Models;

namespace MlNetDl.Commands;

/// <summary>How a model does on data.</summary>
/// <param name="Rows">Rows that were scored.</param>
/// <param name="RowsPerSecond">The rate.</param>
/// <param name="Evaluation">The same for people.</param>
internal sealed record EvaluatedModel(int Rows, double RowsPerSecond, [property: JsonIgnore] Evaluation Evaluation)
{
    /// <summary>Classes, confusions, residuals; null where nothing is compared with labels.</summary>
    public ScoreReport? Report => Evaluation.Report;

    /// <summary>The figures by name, beside the two; null for one that is not finite.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Metrics { get; init; } = [];
}

/// <summary><c>mldl evaluate</c>.</summary>
internal sealed class EvaluateCommand() : ToolCommand<EvaluatedModel>(
    "evaluate", "Scores data and compares with its labels.",
    "mldl evaluate runs/quickstart/best/model.zip --data mnist",
    "mldl evaluate runs/iris/model.zip --data iris.csv --label species --json",
    "mldl evaluate runs/vae/model.zip --data sprites --disentanglement")
{
    private const int Drawn = 100;

    private readonly Argument<string> model = new("model") { Description = "The model .zip." };

    private readonly Option<string> data = new("--data")
    {
        Description = "A data set's name (its test part is taken), a folder of images, a CSV file, "
            + "or an experiment's YAML file (the test part of its data).",
        Required = true,
        HelpName = "D",
    };

    private readonly Option<string?> label = new(
        "--label")
    { Description = "The table's column with the truth, where it is not named as in training." };

    private readonly Option<string[]> metrics = new("--metric")
    {
        Description = "A figure beside those of the task, such as top5Accuracy (mldl list metrics); may be given several times.",
        HelpName = "M",
    };

    private readonly Option<int?> samples = new("--samples")
    {
        Description = "Of a variational autoencoder: codes that are drawn for each row to tell its likelihood, 1 or more (default: 100).",
        HelpName = "K",
    };

    private readonly Option<bool> disentanglement = new("--disentanglement")
    {
        Description = "Of a model that encodes sprites: whether each number of a code stands for one factor (β-VAE score, FactorVAE score, MIG, SAP, "
            + "DCI). About a minute.",
    };

    private readonly Option<int> seed = new("--seed")
    {
        Description = "The seed of what --samples and --disentanglement draw.",
        DefaultValueFactory = _ => 0,
    };

    private readonly TableForm form = new();

    protected override IEnumerable<Symbol> Symbols => [model, data, label, metrics, samples, disentanglement, seed, .. form.WithLabel];

    private protected override bool MayBeLeft => true;

    protected override EvaluatedModel Run(ToolContext context)
    {
        using var working = context.Working($"scoring {context.Get(data)}");
        var more = (context.Get(metrics) ?? []).Select(MetricOf).ToList();
        var evaluation = Evaluate(context, more, working);
        return new(evaluation.Rows, Math.Round(evaluation.RowsPerSecond, 1), evaluation)
        {
            Metrics = evaluation.Metrics.ToDictionary(m => m.Key, m => double.IsFinite(m.Value) ? (object?)m.Value : null),
        };
    }

    protected override void Write(EvaluatedModel result, ToolContext context)
    {
        var (figures, rows, rate) = result.Evaluation;
        ScoreReportView.Write(context.Output, result.Report);
        TextTable.Write(
            context.Output,
            ["figure", "value"],
            Figures.Defined(figures).Select(m => new[] { m.Key, Figures.Number(m.Key, m.Value) }),
            right: 1);
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {rate:N0} a second"));
    }

    private Evaluation Evaluate(ToolContext context, List<Metric> more, IProgress<long> progress)
    {
        var path = context.Get(data);
        if (context.Get(disentanglement))
        {
            return Disentanglement(context, path, more.Count > 0);
        }

        if (!Experiment.IsFile(path))
        {
            return Evaluator.Evaluate(context.Get(model), path, context.Get(label), context.Warn, more, Samples(context), context.Get(seed),
                form.Of(context), progress);
        }

        if (context.Get(label) is not null)
        {
            throw new UsageException($"--label does not go with the experiment '{path}', which says by data.label what "
                + "its label is; leave --label out.");
        }

        if (form.Of(context) != new TableOptions())
        {
            throw new UsageException($"The experiment '{path}' says how its data is read; leave options of tables and --positive out.");
        }

        return Evaluator.Evaluate(context.Get(model), Experiment.Load(path).Data, more, Samples(context), context.Get(seed), context.Warn, progress);
    }

    private Evaluation Disentanglement(ToolContext context, string path, bool hasMetrics)
    {
        if (path != "sprites" || context.Get(label) is not null || hasMetrics)
        {
            throw new UsageException("--disentanglement is judged by the known factors of the sprites: give --data sprites, and neither --label nor --metric.");
        }

        return Evaluator.Disentanglement(context.Get(model), new() { Seed = context.Get(seed) }, context.Stop);
    }

    private int Samples(ToolContext context)
    {
        if (context.Get(samples) is not { } asked)
        {
            return Drawn;
        }

        if (asked < 1)
        {
            throw new UsageException($"--samples is {asked}, but must be 1 or more.");
        }

        return ModelFile.Read(context.Get(model)).Manifest is { Task: null } manifest && CodeModel.SpecOf(manifest) is Vae ? asked
            : throw new UsageException("--samples is for the likelihood of a variational autoencoder, which the model does not tell; leave it out.");
    }

    private static Metric MetricOf(string name)
    {
        try
        {
            return RecordJson.FromNode<Metric>(JsonValue.Create(name));
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException("--metric", e.Problem, e);
        }
    }
}
