using System.Collections.Concurrent;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>The part of a study that this process has read, and the place where it reads on. The study and its trials
/// share it.</summary>
internal sealed class StudyState
{
    private readonly StoredStudy stored;
    private readonly ConcurrentDictionary<string, Distribution> asked = new();

    /// <summary>Opens the study in the store.</summary>
    public StudyState(StudyStore store, string name, StudyOptions options)
    {
        (Store, Options) = (store, options);
        stored = store.Open(name, options.Goals, options.Space);
        Known = new(options.Title ?? name, stored.Goals, stored.Space);
        Locked(_ => 0);
    }

    public StudyStore Store { get; }

    public StudyOptions Options { get; }

    public string Name => stored.Name;

    /// <summary>What messages call it.</summary>
    public string Title => Options.Title ?? Name;

    public long Id => stored.Id;

    /// <summary>The lock for reading and changing <see cref="Known"/>.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The study as of the last <see cref="Sync"/>.</summary>
    public History Known { get; }

    /// <summary>The value of an attribute as stores keep it.</summary>
    /// <exception cref="ArgumentException">The name is blank, or the value has no JSON form.</exception>
    public static Option Attribute(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Option.Of("attribute", name, value);
    }

    /// <summary>Whether this program has asked for a parameter in this distribution only. A program that is started anew may
    /// ask for a wider one; a range that changes from trial to trial is a mistake.</summary>
    public bool AsksAlike(string name, Distribution distribution) => asked.GetOrAdd(name, distribution) == distribution;

    /// <summary>Reads later changes from the store. The caller holds the <see cref="Gate"/>.</summary>
    public void Sync() => Known.Apply(Store.Read(Id, Known.Revision));

    /// <summary>Reads the study as it is now.</summary>
    public T Locked<T>(Func<History, T> read)
    {
        lock (Gate)
        {
            Sync();
            return read(Known);
        }
    }
}
