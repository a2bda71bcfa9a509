using MlNetDl.Files;

namespace MlNetDl.Experiments;

/// <summary>Pages about a model, beside it. A page must not cost a training.</summary>
internal static class ModelPage
{
    /// <summary>Writes the first form of a page that can be made, and no page where none can.</summary>
    /// <param name="path">The page's file.</param>
    /// <param name="tell">Gets told why a form cannot be made, as when rows do not suit the model.</param>
    /// <param name="forms">Make the page's text, the fullest form first.</param>
    public static void Write(string path, Action<string>? tell, params IEnumerable<Func<string>> forms)
    {
        foreach (var form in forms)
        {
            try
            {
                AtomicFile.WriteText(path, form());
                return;
            }
            catch (Exception e) when (e is ArgumentException or InvalidDataException)
            {
                tell?.Invoke($"warning: {Path.GetFileName(path)} shows less: {e.Message.Split(" (Parameter '")[0]}");
            }
        }
    }
}
