using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Analysis;
using MlNetDl.Configuration;
using MlNetDl.Experiments;
using MlNetDl.Layers.Contracts;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Onnx;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl inspect</c>.</summary>
internal static class InspectCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        var what = new Argument<string>("what") { Description = "A network's name, a model .zip, or an experiment's YAML file." };
        var input = new Option<string?>("--input") { Description = "Input of a network: 3x224x224, or 30 for a vector.", HelpName = "CxHxW" };
        var classes = new Option<int?>("--classes") { Description = "Outputs of a network; 10 by default, 1000 for inputs of 224 x 224 and more." };
        var command = new Command("inspect", "Shows a network's layers with their shapes, weights and multiply-adds; of a model also what it takes and how it was trained.") { what, input, classes };
        return scope.With(command, (parsed, _) => Inspect(scope, parsed.GetValue(what)!, parsed.GetValue(input), parsed.GetValue(classes), parsed.GetValue(scope.JsonOption)));
    }

    private static JsonObject Inspect(CommandScope scope, string what, string? input, int? classes, bool json)
    {
        var (network, manifest) = Find(what, input, classes);
        var inputs = manifest is null ? [] : Inputs(scope, what);
        var summary = Summary.Of(network.Plan());
        if (!json)
        {
            scope.Output.Write(summary.ToText());
            Write(scope.Output, manifest, inputs);
            foreach (var training in manifest?.Trainings ?? [])
            {
                Write(scope.Output, training);
            }
        }

        var result = new JsonObject
        {
            ["input"] = network.Inputs[0].Shape.ToString(),
            ["parameters"] = summary.Parameters,
            ["macs"] = summary.Macs,
            ["layers"] = new JsonArray([.. summary.Rows.Select(r => (JsonNode)new JsonObject
            {
                ["path"] = r.Path, ["type"] = r.Type, ["output"] = r.Output.ToString(), ["parameters"] = r.Parameters, ["macs"] = r.Macs,
            })]),
        };
        if (manifest is not null)
        {
            result["task"] = manifest.Task is { } task ? Catalogs.Tasks.EntryOf(task.GetType())?.Name : null;
            result["classes"] = new JsonArray([.. manifest.ClassNames.Select(c => (JsonNode)JsonValue.Create(c))]);
            result["columns"] = new JsonArray([.. inputs.Select(i => (JsonNode)new JsonObject { ["name"] = i.Name, ["kind"] = i.Kind, ["categories"] = i.Categories })]);
        }

        if (manifest?.Training is { } last)
        {
            result["training"] = RecordJson.ToNode(last);
            result["trainings"] = RecordJson.ToNode(manifest.Trainings);
        }

        return result;
    }

    // The network is read without ML.NET; the columns are what its chain takes, and that may hold parts that only its host knows.
    private static IReadOnlyList<ModelInput> Inputs(CommandScope scope, string model)
    {
        try
        {
            return ModelInputs.Of(model);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or TargetInvocationException)
        {
            scope.Warn($"the columns of '{model}' cannot be shown, as ML.NET does not load its chain here: {e.GetBaseException().Message}");
            return [];
        }
    }

    private static void Write(TextWriter output, ModelManifest? manifest, IReadOnlyList<ModelInput> inputs)
    {
        if (manifest?.ClassNames.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"classes: {string.Join(", ", manifest.ClassNames)}");
        }

        if (inputs.Count > 0)
        {
            TextTable.Write(output, ["column", "what it holds"], inputs.Select(i => new[] { i.Name, i.Categories is { } count ? string.Create(CultureInfo.InvariantCulture, $"{i.Kind}, {count:N0} categor{(count == 1 ? "y" : "ies")}") : i.Kind }));
        }
    }

    private static void Write(TextWriter output, TrainingSummary training)
    {
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(training.Stage is null ? "" : $"{training.Stage}: ")}trained: {Figures.Count(training.Epochs, "epoch")} on {training.Examples:N0} examples{(training.StoppedEarly ? ", stopped early" : "")}; best epoch {training.BestEpoch}{(training.Restored ? ", whose weights these are" : "")}"));
        output.WriteLine($"training: {Figures.Text(training.Training)}");
        if (training.Validation.Count > 0)
        {
            output.WriteLine($"validation: {Figures.Text(training.Validation)}");
        }

        if (training.Options is { } options)
        {
            TextTable.Write(output, ["setting", "value"], Settings("", options));
        }
    }

    // Keys as an experiment has them below training; what is not set is left out.
    private static IEnumerable<string[]> Settings(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => Settings(path.Length == 0 ? p.Name : $"{path}.{p.Name}", p.Value)),
        JsonValueKind.Null => [],
        JsonValueKind.Array when value.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Object) => value.EnumerateArray().SelectMany((v, i) => Settings($"{path}[{i}]", v)),
        JsonValueKind.Array => value.GetArrayLength() == 0 ? [] : [[path, string.Join(", ", value.EnumerateArray().Select(v => v.ToString()))]],
        _ => [[path, value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText() : value.ToString()]],
    };

    private static (Network Network, ModelManifest? Manifest) Find(string what, string? input, int? classes)
    {
        if (what.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            var manifest = ModelFile.Read(what).Manifest;
            var tree = manifest.Networks.Values.Cast<JsonElement?>().FirstOrDefault() ?? throw new ModelFormatException($"'{what}' holds no description of its network.");
            return (RecordJson.Deserialize<Network>(tree.GetRawText()), manifest);
        }

        if (what.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || what.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
        {
            var experiment = Experiment.Load(what);
            var (shape, outputs) = experiment.InputAndOutputs();
            var architecture = experiment.Network as NetworkSpec ?? throw new UsageException($"'{what}' has a model of several networks; "
                + $"train it and inspect the model that it leaves.");
            return (architecture.ToNetwork(input is null ? shape : Parse(input), classes ?? outputs), null);
        }

        if (Catalogs.Networks.Find(what).Type == typeof(CustomNetwork))
        {
            throw new UsageException($"'{what}' is a network that is given by its layers, so there is nothing to show without them; " +
                "write them into an experiment (mldl new custom > mine.yaml) and inspect that: mldl inspect mine.yaml");
        }

        var spec = RecordJson.FromNode<NetworkSpec>(JsonValue.Create(what));
        var given = input is null ? DefaultInput(Catalogs.Networks.Find(what).Name) : Parse(input);
        return (spec.ToNetwork(given, classes ?? (given.Rank == 4 && given.Size(2) >= 224 ? 1000 : 10)), null);
    }

    private static Shape DefaultInput(string name) => name switch
    {
        _ when name.StartsWith("leNet5Original", StringComparison.Ordinal) => Shape.Image(1, 32, 32),
        _ when name.StartsWith("leNet", StringComparison.Ordinal) => Shape.Image(1, 28, 28),
        _ when name.StartsWith("cifar", StringComparison.Ordinal) => Shape.Image(3, 32, 32),
        _ when name.StartsWith("mlp", StringComparison.Ordinal) => Shape.Vector(784),
        _ => Shape.Image(3, 224, 224),
    };

    private static Shape Parse(string text)
    {
        var sizes = text.Split('x').Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0 ? size : 0).ToArray();
        return sizes.Contains(0) || sizes.Length is not (1 or 3)
            ? throw new UsageException($"--input '{text}' is not a size; expected channels x height x width such as 3x224x224, or one number for a vector.")
            : sizes.Length == 1 ? Shape.Vector(sizes[0]) : Shape.Image(sizes[0], sizes[1], sizes[2]);
    }
}
