using MlNetDl.Search.Storage;

namespace MlNetDl.Search;

/// <summary>The part of a study that this process has read, and the place where it reads on. The study and its trials
/// share it.</summary>
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

    /// <summary>The lock for reading and changing <see cref="Known"/>.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The study as of the last <see cref="Sync"/>.</summary>
    public History Known { get; }

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
