using System.Text.Json.Nodes;
using MlNetDl.Files;
using MlNetDl.Search.Analysis;

namespace MlNetDl.Commands;

/// <summary>What <c>mldl study export</c> has written.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record ExportedStudy(string File, int Rows);

/// <summary><c>mldl study export</c>.</summary>
internal sealed class StudyExport() : StudyAction<object>("export", "[FILE.csv|FILE.json] [--metrics]", "its trials, or all their figures", most: 1)
{
    protected override object Do(StudyCall call)
    {
        var file = call.Arguments is [var path] ? path : null;
        bool isJson = file is null ? call.Context.IsJson : Extension(file, call) == ".json";
        var table = call.IsMetrics ? call.Folder.Metrics() : call.Folder.Trials().ToTable();
        var text = isJson ? table.ToJson() : table.ToCsv();
        if (file is not null)
        {
            AtomicFile.WriteText(file, text);
            return new ExportedStudy(file, table.Rows.Count);
        }

        return isJson ? (object)JsonNode.Parse(text)! : text;
    }

    protected override void Tell(object result, StudyCall call)
    {
        if (result is ExportedStudy exported)
        {
            call.Context.Output.WriteLine($"{Figures.Count(exported.Rows, "row")} in {exported.File}");
        }
        else
        {
            call.Context.Output.Write((string)result);
        }
    }

    private string Extension(string file, StudyCall call)
    {
        var extension = Path.GetExtension(file).ToLowerInvariant();
        if (extension is not (".csv" or ".json"))
        {
            throw new UsageException($"'{file}' is no name of an export, as it ends neither in .csv nor in .json: {Usage(call.Tool)}");
        }

        return extension;
    }
}

/// <summary>What <c>mldl study report</c> has written.</summary>
/// <param name="File">The page.</param>
internal sealed record StudyPage(string File);

/// <summary><c>mldl study report</c>.</summary>
internal sealed class StudyReportPage() : StudyAction<StudyPage>("report", "", "writes study.html with its plots")
{
    protected override StudyPage Do(StudyCall call) => new(call.Folder.WriteReport());

    protected override void Tell(StudyPage result, StudyCall call) => call.Context.Output.WriteLine(result.File);
}
