using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MlNetDl.Configuration;
using MlNetDl.Experiments;

namespace MlNetDl.Commands;

/// <summary><c>mldl schema</c>.</summary>
internal sealed class SchemaCommand() : ToolCommand<JsonNode>(
    "schema", "Prints the JSON schema of experiment files, and says how an editor uses it.",
    "mldl schema > experiment.schema.json")
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    protected override JsonNode Run(ToolContext context) => Schema.For<Experiment>();

    protected override void Write(JsonNode result, ToolContext context)
    {
        context.Output.WriteLine(result.ToJsonString(Indented));
        context.Error.WriteLine("Save it as experiment.schema.json and start a YAML file with this line; editors with "
            + "a YAML language server then complete and check:");
        context.Error.WriteLine("# yaml-language-server: $schema=experiment.schema.json");
    }
}
