using System.CommandLine;
using MlNetDl.Configuration;
using MlNetDl.Experiments;

namespace MlNetDl.Cli.Commands;

/// <summary><c>mldl schema</c>.</summary>
internal static class SchemaCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scope = new CommandScope(output, error);
        return scope.With(new Command("schema", "Prints the JSON schema of experiment files, and says how an editor uses it."), (parsed, _) =>
        {
            var schema = Schema.For<Experiment>();
            if (!parsed.GetValue(scope.JsonOption))
            {
                output.WriteLine(schema.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
                error.WriteLine("Save it as experiment.schema.json and start a YAML file with this line; editors with a YAML language server then complete and check:");
                error.WriteLine("# yaml-language-server: $schema=experiment.schema.json");
            }

            return schema;
        });
    }
}
