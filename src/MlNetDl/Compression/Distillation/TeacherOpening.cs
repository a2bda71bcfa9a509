using MlNetDl.Analysis;
using MlNetDl.Layers.Contracts;
using MlNetDl.Metrics;
using MlNetDl.Models;
using MlNetDl.Networks;
using MlNetDl.Tasks;
using MlNetDl.Training;

namespace MlNetDl.Compression;

/// <summary>Starts teachers, and refuses those that do not suit the student.</summary>
internal static class TeacherOpening
{
    /// <summary>A teacher of a student's classes or values.</summary>
    /// <exception cref="ArgumentException">The teacher is of another task, or for other classes, values or
    /// inputs.</exception>
    public static TeacherModel Open(TeacherContent content, StudentSide student, StageContext context) =>
        content.Package is { } package
            ? OfPackage(content, package.Manifest, student, context)
            : OnnxTeacher.Open(content, student, context);

    /// <summary>A teacher of the student's own tree, which answers in the form of the student's outputs.</summary>
    public static TeacherModel OfNetwork(TeacherContent content, StudentSide student, StageContext context) =>
        new(content, [.. student.Inputs.Select(i => i.Name)], Network.DefaultOutput, context.Options.Threads);

    /// <summary>The meaning of answers that the library's own scoring layers made.</summary>
    public static AnswerKind KindOf(ScoreForm form) =>
        form == ScoreForm.Probabilities ? AnswerKind.Probabilities : AnswerKind.Plain;

    /// <summary>For each of the student's classes its place among the teacher's; <see langword="null"/> where they stand in one
    /// order.</summary>
    /// <exception cref="ArgumentException">The teacher has other classes.</exception>
    public static long[]? OrderOfClasses(TeacherContent content, IReadOnlyList<string> teacher, StudentSide student)
    {
        var order = NameOrder.Of(student.Label.ClassNames, teacher, out bool areSame);
        return areSame || teacher.SequenceEqual(student.Label.ClassNames) ? order : throw new ArgumentException(
            $"{content.Subject} has the classes {teacher.ToValueList()}, the student's label has {student.Label.ClassNames}; a teacher needs "
                + "the same classes.");
    }

    /// <summary>Refuses a teacher that calls yes and no otherwise, of which the student would learn the opposite.</summary>
    public static void CheckWords(TeacherContent content, LabelInfo teacher, StudentSide student)
    {
        if (teacher.HasOtherWordsThan(student.Label))
        {
            throw new ArgumentException($"{content.Subject} has the classes {teacher.YesNoNames} for no and yes, the student's label has "
                + $"{student.Label.YesNoNames}; a teacher needs the same ones.");
        }
    }

    /// <summary>For each of the teacher's features its place among the student's; <see langword="null"/> where they stand in one
    /// order, or have no names.</summary>
    /// <exception cref="ArgumentException">The teacher takes other features.</exception>
    public static long[]? OrderOfFeatures(TeacherContent content, ModelManifest manifest, StageContext context)
    {
        if (manifest.FeatureNames is not { } names || context.FeatureNames.Count == 0)
        {
            return null;
        }

        var order = NameOrder.Of(names, context.FeatureNames, out bool areSame);
        return areSame ? order : throw new ArgumentException(
            $"{content.Subject} takes the features {names}, the student {context.FeatureNames}; a teacher needs the same columns, and of words the "
                + "same categories.");
    }

    /// <summary>Refuses another number of answers.</summary>
    public static void CheckWidth(TeacherContent content, long teacher, StudentSide student)
    {
        if (teacher != student.Width)
        {
            var what = student.Form == ScoreForm.Probabilities ? "classes" : student.Form == ScoreForm.Logits ? "labels" : "values";
            throw new ArgumentException($"{content.Subject} answers with {teacher} {what}, the student gives {student.Width}; a student "
                + $"learns the same {what} as its teacher.");
        }
    }

    /// <summary>Refuses another task.</summary>
    public static void CheckTask(TeacherContent content, string teacher, StudentSide student, bool isSame)
    {
        if (!isSame)
        {
            var own = StudentSide.NameOf(student.Task);
            throw new ArgumentException($"{content.Subject} is for {teacher}, this training for {own}"
                + $"{(teacher == own ? " with other settings" : "")}; a student learns the task of its teacher.");
        }
    }

    /// <summary>Refuses other inputs.</summary>
    public static void CheckInputs(TeacherContent content, IReadOnlyList<Shape?> shapes, StudentSide student)
    {
        if (student.Misfit(shapes) is { } problem)
        {
            throw new ArgumentException($"{content.Subject} {problem}; a teacher scores the batches that the student learns from, so "
                + "both need inputs of one shape.");
        }
    }

    private static TeacherModel OfPackage(
        TeacherContent content, ModelManifest manifest, StudentSide student, StageContext context)
    {
        CheckTask(content, StudentSide.NameOf(manifest.Task), student, Equals(manifest.Task, student.Task));
        CheckWords(content, manifest.Label, student);
        var main = manifest.Main;
        if (main.Role != GraphRole.Score)
        {
            throw new ArgumentException($"{content.Subject} begins with the graph '{main.Name}', which gives no scores ({main.Role}).");
        }

        var (classes, features) = (OrderOfClasses(content, manifest.ClassNames, student), OrderOfFeatures(content, manifest, context));
        CheckWidth(content, manifest.Outputs, student);
        CheckInputs(content, [.. main.Inputs.Select(i => i.Shape)], student);
        return new(content, [.. main.Inputs.Select(i => i.Name)], Network.DefaultOutput, context.Options.Threads)
        {
            Kind = KindOf(student.Form),
            ClassOrder = classes,
            FeatureOrder = features,
        };
    }
}
