using System.Globalization;
using System.Text.Json;
using MlNetDl.Configuration;

namespace MlNetDl.Search.Distributions;

/// <summary>A parameter as it is written in YAML and stored: <c>{ logUniform: [1e-4, 1e-1] }</c>,
/// <c>{ uniform: [0, 0.5], step: 0.1 }</c>, <c>{ integer: [8, 256], log: true }</c>, <c>{ choice: [relu, tanh], when: { network.type: mlp } }</c>.</summary>
/// <remarks>Exactly one of <see cref="Uniform"/>, <see cref="LogUniform"/>, <see cref="Integer"/> and
/// <see cref="Choice"/> is given.</remarks>
public sealed record ParameterForm
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Smallest and largest real number.</summary>
    public ValueList<double>? Uniform { get; init; }

    /// <summary>Smallest, above 0, and largest real number of a logarithmic range.</summary>
    public ValueList<double>? LogUniform { get; init; }

    /// <summary>Smallest and largest whole number.</summary>
    public ValueList<long>? Integer { get; init; }

    /// <summary>From one number to the next, of <see cref="Uniform"/> and <see cref="Integer"/>. When left out, 1 for whole
    /// numbers; real numbers have no step.</summary>
    public double? Step { get; init; }

    /// <summary>Whether the range of whole numbers is logarithmic; not so when left out.</summary>
    public bool? Log { get; init; }

    /// <summary>The options of a choice.</summary>
    public ValueList<Option>? Choice { get; init; }

    /// <summary>The name of an earlier parameter that this one is never below; none when left out.</summary>
    public string? AtLeast { get; init; }

    /// <summary>The name of an earlier parameter that this one is never above; none when left out.</summary>
    public string? AtMost { get; init; }

    /// <summary>The parameter exists only where these parameters have one of these values; always
    /// when left out.</summary>
    public OrderedDictionary<string, ValueList<Option>>? When { get; init; }

    /// <summary>The form of a distribution.</summary>
    public static ParameterForm Of(Distribution distribution) => distribution switch
    {
        Distributions.Uniform u => new() { Uniform = [u.From, u.To], Step = u.Step },
        Distributions.LogUniform u => new() { LogUniform = [u.From, u.To] },
        Distributions.Integer i => new()
        {
            Integer = [i.From, i.To],
            Step = i.Step == 1 ? null : i.Step,
            Log = i.Log ? true : null,
        },
        Distributions.Choice c => new() { Choice = c.Options },
        _ => throw new NotSupportedException(
            $"{distribution.GetType().Name} has no form; distributions are uniform, logUniform, integer and choice."),
    };

    /// <summary>Reads a form from JSON.</summary>
    /// <exception cref="ConfigurationException">The JSON is no such form.</exception>
    public static ParameterForm FromJson(string json) => RecordJson.Deserialize<ParameterForm>(json);

    /// <summary>The form as compact JSON.</summary>
    public string ToJson() => RecordJson.ToNode(this).ToJsonString(Compact);

    /// <summary>The distribution, checked.</summary>
    /// <param name="name">The parameter's name, for messages.</param>
    /// <exception cref="ConfigurationException">None or several are given, or the one is wrong.</exception>
    public Distribution ToDistribution(string name)
    {
        int given = (Uniform is null ? 0 : 1) + (LogUniform is null ? 0 : 1) + (Integer is null ? 0 : 1) + (Choice is null ? 0 : 1);
        if (given != 1)
        {
            throw new ConfigurationException(name, "expected one of uniform, logUniform, integer and choice but got "
                + $"{(given == 0 ? "none" : "several")}.");
        }

        if (Integer is null && Log is not null)
        {
            throw new ConfigurationException(name, "log belongs to integer; for a logarithmic range of real numbers write logUniform.");
        }

        if (Integer is null && Uniform is null && Step is not null)
        {
            throw new ConfigurationException(name, LogUniform is null
                ? "step belongs to uniform and integer; leave it out."
                : "a logarithmic range has no step; leave it out, or write uniform.");
        }

        Distribution distribution = Choice is { } options ? new Choice(options)
            : Integer is { } whole ? new Integer(Bound(whole, 0, name), Bound(whole, 1, name), WholeStep(name), Log ?? false)
            : Uniform is { } range ? new Uniform(Bound(range, 0, name), Bound(range, 1, name), Step)
            : new LogUniform(Bound(LogUniform!, 0, name), Bound(LogUniform!, 1, name));
        try
        {
            distribution.Validate(name);
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException(name, e.Message, e);
        }

        return distribution;
    }

    private long WholeStep(string name) => Step switch
    {
        null => 1,
        { } step when step == Math.Floor(step) && Math.Abs(step) <= 1L << 53 => (long)step,
        { } step => throw new ConfigurationException(name, string.Create(CultureInfo.InvariantCulture,
            $"expected a whole number as the step of whole numbers but got {step}; for real numbers write uniform.")),
    };

    private static T Bound<T>(ValueList<T> range, int index, string name)
    {
        if (range.Count != 2)
        {
            throw new ConfigurationException(
                name, $"expected a range of two numbers, [from, to], but got {range.Count}.");
        }

        return range[index];
    }
}
