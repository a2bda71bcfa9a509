using System.Text.Json.Serialization;
using MlNetDl.Configuration;
using MlNetDl.Metrics;

namespace MlNetDl.Training;

/// <summary>The figure of validation by which epochs are judged. In C# a metric, such as <c>Monitor = new F1Score()</c>, or its name; in files the
/// name.</summary>
[JsonConverter(typeof(MonitoredFigureJson))]
public sealed class MonitoredFigure : IEquatable<MonitoredFigure>
{
    private MonitoredFigure(string name, Metric? metric = null) => (Name, Metric) = (name, metric);

    /// <summary>The loss; every training has it, and the least is best.</summary>
    public static MonitoredFigure Loss { get; } = new("loss");

    /// <summary>The figure's name: <c>loss</c>, or that of a metric or of a figure of the training's step.</summary>
    public string Name { get; }

    /// <summary>The metric, which the training then has among its figures; <see langword="null"/> where only its name is said.</summary>
    public Metric? Metric { get; }

    /// <summary>A metric.</summary>
    public static MonitoredFigure Of(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return new(metric.FigureName, metric);
    }

    /// <summary>A figure by its name; one that the training does not have is refused when it starts.</summary>
    public static MonitoredFigure Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name);
    }

    /// <summary>A metric, as <see cref="Of"/> does.</summary>
    /// <param name="metric">The metric.</param>
    public static implicit operator MonitoredFigure(Metric metric) => Of(metric);

    /// <summary>A name, as <see cref="Named"/> does.</summary>
    /// <param name="name">The name.</param>
    public static implicit operator MonitoredFigure(string name) => Named(name);

    /// <inheritdoc/>
    public bool Equals(MonitoredFigure? other) => Name == other?.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MonitoredFigure);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A figure as its name.</summary>
internal sealed class MonitoredFigureJson() : TextJson<MonitoredFigure>("the name of a figure, such as loss or accuracy")
{
    protected override MonitoredFigure Parse(string text) => MonitoredFigure.Named(text);
}
