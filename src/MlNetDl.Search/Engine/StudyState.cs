using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>What this process knows of a study, and where it reads on: shared by the study and its trials.</summary>
internal sealed class StudyState
{
    private readonly StoredStudy stored;

    /// <summary>Opens the study in the store.</summary>
    public StudyState(StudyStore store, string name, StudyOptions options)
    {
        (Store, Options) = (store, options);
        stored = store.Open(name, options.Goals, options.Space);
        Known = new(name, stored.Goals, stored.Space);
        Locked(_ => 0);
    }

    public StudyStore Store { get; }

    public StudyOptions Options { get; }

    public string Name => stored.Name;

    public long Id => stored.Id;

    /// <summary>Held by whoever reads or changes what is known.</summary>
    public Lock Gate { get; } = new();

    /// <summary>As of the last <see cref="Sync"/>.</summary>
    public History Known { get; }

    /// <summary>Reads on in the store, under the <see cref="Gate"/>.</summary>
    public void Sync() => Known.Apply(Store.Read(Id, Known.Revision));

    /// <summary>What the study is by now.</summary>
    public T Locked<T>(Func<History, T> read)
    {
        lock (Gate)
        {
            Sync();
            return read(Known);
        }
    }
}
