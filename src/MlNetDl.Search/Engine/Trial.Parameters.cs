using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <content>Parameters, which define the space while the objective runs.</content>
public sealed partial class Trial
{
    private static readonly Dictionary<string, Distribution> NoParameters = [];

    /// <summary>A real number in a range.</summary>
    /// <param name="name">The parameter; in one study a name means one distribution. A program that is started anew may ask
    /// for a wider one, which the study then has.</param>
    /// <param name="from">The smallest value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="step">Distance from one value to the next; by default every number of the range is a value.</param>
    /// <param name="atLeast">The smallest value in this trial, such as that of another parameter; none by default. The study
    /// keeps the whole range.</param>
    /// <param name="atMost">The largest value in this trial; none by default.</param>
    /// <exception cref="ArgumentException">The range is empty, the step does not fit it, or the bounds leave no value.</exception>
    /// <exception cref="StudyException">The trial or the study has the parameter with another distribution.</exception>
    public double Uniform(string name, double from, double to, double? step = null, double? atLeast = null, double? atMost = null) =>
        Resolve(name, new Uniform(from, to, step), atLeast, atMost);

    /// <summary>A positive real number in a logarithmic range.</summary>
    /// <param name="name">The parameter; in one study a name means one distribution. A program that is started anew may ask
    /// for a wider one, which the study then has.</param>
    /// <param name="from">The smallest value, above 0.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="atLeast">The smallest value in this trial, such as that of another parameter; none by default. The study
    /// keeps the whole range.</param>
    /// <param name="atMost">The largest value in this trial; none by default.</param>
    /// <exception cref="ArgumentException">The range is empty or touches zero, or the bounds leave no value.</exception>
    /// <exception cref="StudyException">The trial or the study has the parameter with another distribution.</exception>
    public double LogUniform(string name, double from, double to, double? atLeast = null, double? atMost = null) =>
        Resolve(name, new LogUniform(from, to), atLeast, atMost);

    /// <summary>A whole number in a range, bounds included.</summary>
    /// <param name="name">The parameter; in one study a name means one distribution. A program that is started anew may ask
    /// for a wider one, which the study then has.</param>
    /// <param name="from">The smallest value.</param>
    /// <param name="to">The largest value.</param>
    /// <param name="step">Distance from one value to the next.</param>
    /// <param name="log">Whether the range is logarithmic.</param>
    /// <param name="atLeast">The smallest value in this trial, such as that of another parameter; none by default. The study
    /// keeps the whole range.</param>
    /// <param name="atMost">The largest value in this trial; none by default.</param>
    /// <exception cref="ArgumentException">The range is empty, or the bounds leave no value.</exception>
    /// <example><code>
    /// int first = trial.Integer("first", 16, 256), second = trial.Integer("second", 16, 256, atMost: first);
    /// </code></example>
    /// <exception cref="StudyException">The trial or the study has the parameter with another distribution.</exception>
    public int Integer(string name, int from, int to, int step = 1, bool log = false, int? atLeast = null, int? atMost = null) =>
        (int)Resolve(name, new Integer(from, to, step, log), atLeast, atMost);

    /// <inheritdoc cref="Integer(string, int, int, int, bool, int?, int?)"/>
    public long Integer(string name, long from, long to, long step = 1, bool log = false, long? atLeast = null, long? atMost = null) =>
        (long)Resolve(name, new Integer(from, to, step, log), atLeast, atMost);

    /// <summary>One of several values.</summary>
    /// <param name="name">The parameter; in one study a name means one distribution. A program that is started anew may ask
    /// for a wider one, which the study then has.</param>
    /// <param name="options">The values: anything with a JSON form, none twice.</param>
    /// <exception cref="ArgumentException">There is no option, one stands twice, has no JSON form, or is or holds NaN or an
    /// infinity.</exception>
    /// <exception cref="StudyException">The trial or the study has the parameter with another distribution.</exception>
    public T Choice<T>(string name, params IReadOnlyList<T> options) =>
        options[(int)Resolve(name, ForAllTrials(() => Distributions.Choice.Named(name, options)))];

    /// <summary>The value of a parameter of any distribution: a <see cref="double"/>, a <see cref="long"/>, or
    /// the chosen option.</summary>
    /// <param name="name">The parameter; in one study a name means one distribution. A program that is started anew may ask
    /// for a wider one, which the study then has.</param>
    /// <param name="distribution">Its values.</param>
    /// <param name="atLeast">The smallest value in this trial, of a range; none by default. The study keeps the whole
    /// range.</param>
    /// <param name="atMost">The largest value in this trial; none by default.</param>
    /// <exception cref="ArgumentException">The distribution is none, or the bounds leave no value.</exception>
    /// <exception cref="StudyException">The trial or the study has the parameter with another distribution.</exception>
    public object? Suggest(string name, Distribution distribution, double? atLeast = null, double? atMost = null) =>
        distribution.ToValue(Resolve(name, distribution, atLeast, atMost));

    /// <summary>An options record with the properties set that carry <see cref="RangeAttribute"/>,
    /// <see cref="LogRangeAttribute"/> or <see cref="ChoiceAttribute"/>, nested records too.</summary>
    /// <typeparam name="TOptions">The record; it has a constructor without parameters.</typeparam>
    /// <exception cref="ArgumentException">An attribute does not fit its property.</exception>
    public TOptions Fill<TOptions>()
        where TOptions : class, new()
    {
        var own = ForAllTrials(SearchSpace.Of<TOptions>);
        var space = study.Known.Space ?? own;
        return (TOptions)OptionsRecord.Fill(typeof(TOptions), null, (name, distribution) =>
            space.Find(name) is { } parameter && !space.IsActive(parameter, Record.Numbers)
                ? null
                : distribution is Choice choice
                    ? choice.Options[(int)Resolve(name, distribution)]
                    : Option.Of(distribution.ToValue(Resolve(name, distribution))));
    }

    /// <summary>Samples the parameters that are known before the objective runs. The caller holds the study's
    /// lock.</summary>
    internal void Begin()
    {
        var history = study.Known;
        var open = (history.Space is { } space
            ? space.Parameters.Where(p => p.When.Count == 0).Select(p => KeyValuePair.Create(p.Name, p.Distribution))
            : history.Common).Where(p => !p.Value.IsSingle && !started.Fixed.ContainsKey(p.Key)).ToList();
        if (open.Exists(p => !Record.Numbers.ContainsKey(p.Key)))
        {
            // A further attempt asks the sampler for the same parameters as the first one, recorded ones included. So
            // the other parameters get the values that they would have got.
            var blank = Record with { Numbers = history.NoNumbers, Distributions = history.NoNumbers.Layout };
            var asked = new Dictionary<string, Distribution>(open);
            joint = study.Options.Sampler.SampleJointly(history, blank, asked);
            Say(history, blank, asked);
        }

        if (history.Space is not null)
        {
            Declared(history.Space);
        }
    }

    private double Resolve(string name, Distribution asked, double? atLeast = null, double? atMost = null)
    {
        if (Record.Distributions.TryGetValue(name, out var had))
        {
            var wider = WiderRange.Of(had, asked);
            if (wider != had && (wider is null || !study.AsksAlike(name, asked) || study.Known.Space is not null))
            {
                throw new SpaceChangedException($"trial {Number}: parameter '{name}' was suggested as {had} and now as "
                    + $"{asked}; a name means one parameter.");
            }

            TrialBounds.Check(Number, name, had, Record.Numbers[name], atLeast, atMost);
            return WiderRange.Move(Record.Numbers[name], had, asked);
        }

        lock (study.Gate)
        {
            var distribution = Agreed(name, asked);
            var suggestion = new Suggestion(name, distribution, Propose(name, TrialBounds.Narrowed(name, distribution, atLeast, atMost)));
            Suggest([suggestion]);
            Take(suggestion);
            return WiderRange.Move(suggestion.Number, distribution, asked);
        }
    }

    /// <summary>The distribution with which the study goes on: its own, or a wider one when the program that asks was
    /// started anew.</summary>
    /// <exception cref="SpaceChangedException">The study has another one.</exception>
    private Distribution Agreed(string name, Distribution asked)
    {
        bool alike = study.AsksAlike(name, asked);
        if (study.Known.Space is not { } space)
        {
            if (Known() == asked)
            {
                return asked;
            }

            // Another process may have widened it meanwhile.
            study.Sync();
            ForAllTrials(() =>
            {
                asked.Validate(name);
                return 0;
            });
            var known = Known();
            if (known is null)
            {
                return asked;
            }

            if (WiderRange.Of(known, asked) is { } wider && (alike || wider == known))
            {
                return wider;
            }

            throw SpaceChangedException.For(study.Title, name, known, asked);
        }

        if (space.Find(name)?.Distribution is { } declared && WiderRange.Of(declared, asked) == declared)
        {
            return declared;
        }

        throw new SpaceChangedException($"trial {Number}: the declared space of study '{study.Title}' has no "
            + $"parameter '{name}' with {asked}; "
            + (space.Find(name) is { } other
                ? $"it has {other.Distribution}."
                : $"it has {string.Join(", ", space.Parameters.Select(p => $"'{p.Name}'"))}."));

        Distribution? Known() => study.Known.Parameters.GetValueOrDefault(name);
    }

    private void Declared(SearchSpace space)
    {
        var suggestions = new List<Suggestion>();
        var ahead = TrialBounds.Numbers(space, started.Fixed);
        foreach (var parameter in space.Parameters)
        {
            if (!Record.Numbers.ContainsKey(parameter.Name) && space.IsActive(parameter, Record.Numbers))
            {
                var narrowed = space.Narrowed(parameter, Record.Numbers, ahead)
                    ?? throw new StudyException($"trial {Number}: the enqueued values leave none for parameter '{parameter.Name}' {parameter.Distribution}.");
                var suggestion = new Suggestion(parameter.Name, parameter.Distribution, Propose(parameter.Name, narrowed));
                suggestions.Add(suggestion);
                Take(suggestion);
            }
        }

        if (suggestions.Count > 0)
        {
            Suggest(suggestions);
        }
    }

    private void Suggest(IReadOnlyList<Suggestion> suggestions)
    {
        if (isUnsaid && proposal is null)
        {
            Say(study.Known, Record with { Numbers = study.Known.NoNumbers, Distributions = study.Known.NoNumbers.Layout }, NoParameters);
        }

        study.Store.Suggest(Lease, suggestions, proposal);
        if (proposal is not null)
        {
            (Record, isUnsaid, proposal) = (Record with { Proposal = proposal }, false, null);
        }
    }

    // Of a trial that has parameters already, another attempt or an older program has said it, or cannot any more.
    private void Say(History history, TrialRecord blank, IReadOnlyDictionary<string, Distribution> space) => proposal =
        !isUnsaid ? null
        : started.Fixed.Count > 0 ? TrialRecord.Enqueued
        : ForAllTrials(() => study.Options.Sampler.Proposal(history, blank, space));

    private double Propose(string name, Distribution distribution)
    {
        var history = study.Known;
        if (history.Space is { } conditional && conditional.Find(name) is { } parameter && !conditional.IsActive(parameter, Record.Numbers))
        {
            var unmet = parameter.When.Select(w => $"'{w.Parameter}' is not {string.Join(" or ", w.Values)}");
            throw new StudyException($"trial {Number}: parameter '{name}' does not exist here, because {string.Join(" and ", unmet)}.");
        }

        if (started.Fixed.TryGetValue(name, out var value))
        {
            if (!distribution.TryNumber(value, out double given))
            {
                throw new StudyException($"trial {Number}: parameter '{name}' was enqueued as {value.Json}, which is "
                    + $"not within {distribution}{(distribution.Whole is { } whole ? $", what other parameters leave of {whole}" : "")}.");
            }

            return given;
        }

        if (distribution.IsSingle)
        {
            return distribution.FromUnit(0);
        }

        return Sampled(history, name, distribution);
    }

    /// <summary>Does something of which a failure is the search's and no trial's.</summary>
    private T ForAllTrials<T>(Func<T> work)
    {
        SearchFailed = true;
        var result = work();
        SearchFailed = false;
        return result;
    }

    private double Sampled(History history, string name, Distribution distribution)
    {
        SearchFailed = true;
        double number = joint.TryGetValue(name, out double drawn) && (distribution.Whole is null || distribution.Contains(drawn))
            ? drawn
            : study.Options.Sampler.Sample(history, Record, name, distribution);
        if (!distribution.Contains(number))
        {
            throw new StudyException(
                $"{study.Options.Sampler.GetType().Name} proposed {number.ToString(System.Globalization.CultureInfo.InvariantCulture)} "
                + $"for parameter '{name}', which is not within {distribution}.");
        }

        SearchFailed = false;
        return number;
    }

    private void Take(Suggestion suggestion)
    {
        var numbers = ((ParameterNumbers)Record.Numbers).Then(suggestion.Name, suggestion.Distribution, suggestion.Number);
        Record = Record with { Numbers = numbers, Distributions = numbers.Layout };
    }
}
