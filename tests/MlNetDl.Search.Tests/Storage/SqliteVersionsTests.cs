using Microsoft.Data.Sqlite;
using MlNetDl.Search;
using MlNetDl.Search.Distributions;
using MlNetDl.Search.Storage;
using MlNetDl.Search.Storage.Sql;

namespace MlNetDl.Search.Tests.Storage;

public sealed class SqliteVersionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, SqlTables.Versions.Count)];

    private static IEnumerable<string> Names =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "study-v*.db")
            .Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_version_has_its_file() => Assert.Equal(SqlTables.Versions.Select((_, i) => $"study-v{i + 1}.db"), Names);

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_file_of_each_version_is_read_whole(int version)
    {
        var clock = new TestClock();
        using var expected = new MemoryStore(clock);
        StudyFixture.Fill(expected, clock, version);
        using var store = new SqliteStore(Copy($"study-v{version}.db"), clock);
        Same(expected, store);

        // And the work goes on, also with what later versions brought.
        long study = store.Studies()[1].Id;
        foreach (var each in (StudyStore[])[expected, store])
        {
            each.SetAttribute(study, 1, "later", Option.Of(version));
            each.AddNote(study, 1, "later");
        }

        Same(expected, store);
        Assert.Equal((5, 3, "trials/5/checkpoint"), Next());
        clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal((3, 3, "trials/3/checkpoint"), Next());

        (int Number, int Attempt, string? Checkpoint) Next() =>
            store.Start(study, new("w", TimeSpan.FromMinutes(1))) is { } next
                ? (next.Lease.Number, next.Lease.Attempt, next.Checkpoint)
                : default;
    }

    [Fact]
    public void What_a_new_store_keeps_equals_what_memory_keeps()
    {
        TestClock clock = new(), other = new();
        using var memory = new MemoryStore(clock);
        StudyFixture.Fill(memory, clock, SqlTables.Versions.Count);
        using (var store = new SqliteStore(folder["new.db"], other))
        {
            StudyFixture.Fill(store, other, SqlTables.Versions.Count);
            Same(memory, store);
        }

        using var reopened = new SqliteStore(folder["new.db"], other);
        Same(memory, reopened);
    }

    [Fact]
    public void A_migration_happens_whole_or_not_at_all_and_an_older_program_then_refuses_the_file()
    {
        string path = Copy("study-v1.db");
        using (var session = new SqlSession(new SqliteDialect(path, TimeSpan.FromSeconds(1)), typeof(SqliteStore)))
        {
            Assert.Throws<StudyStoreException>(() => SqlSchema.Update(
                session,
                [
                    .. SqlTables.Versions,
                    _ => "ALTER TABLE study ADD COLUMN note TEXT; ALTER TABLE nowhere ADD COLUMN note TEXT",
                ]));
        }

        using (var old = new SqliteStore(path))
        {
            Assert.Equal(2, old.Studies().Count);
        }

        using (var session = new SqlSession(new SqliteDialect(path, TimeSpan.FromSeconds(1)), typeof(SqliteStore)))
        {
            SqlSchema.Update(session, [.. SqlTables.Versions, _ => "ALTER TABLE study ADD COLUMN note TEXT"]);
            SqlSchema.Update(session, [.. SqlTables.Versions, _ => throw new InvalidOperationException("done already")]);
            using (session.Read())
            {
                Assert.Equal(
                    ["declared", "free é"],
                    session.Query($"SELECT name FROM study WHERE note IS NULL ORDER BY id", row => row.GetString(0)));
            }
        }

        var e = Assert.Throws<StudyStoreException>(() => new SqliteStore(path));
        Assert.Equal(
            $"study store '{path}' has version {SqlTables.Versions.Count + 1} of the tables, but this program knows versions 1 to "
                + $"{SqlTables.Versions.Count}. Use a newer program; nothing was changed.",
            e.Message);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        string path = folder["other.db"];
        using (var other = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE customer (id INTEGER PRIMARY KEY)";
            command.ExecuteNonQuery();
        }

        var e = Assert.Throws<StudyStoreException>(() => new SqliteStore(path));
        Assert.StartsWith($"'{path}' is a database of another program: it has tables (customer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_dialect_speaks_SQLite()
    {
        string[] own =
        [
            "PRAGMA", "INSERT OR", "AUTOINCREMENT", "WITHOUT ROWID", "rowid", "sqlite_master", "IMMEDIATE",
            "Microsoft.Data.Sqlite", "strftime", " IFNULL(",
        ];
        var files = Directory.GetFiles(
            Path.Combine(ChildProcess.Repository, "src/MlNetDl.Search/Storage"), "*.cs", SearchOption.AllDirectories);
        var speakers = files.Where(f => own.Any(w => File.ReadAllText(f).Contains(w, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(["SqliteDialect.cs"], speakers.Select(f => Path.GetFileName(f)));
    }

    private static void Same(StudyStore expected, StudyStore actual)
    {
        Assert.Equal(expected.Studies().Select(s => s with { Id = 0 }), actual.Studies().Select(s => s with { Id = 0 }));
        foreach (var (left, right) in expected.Studies().Zip(actual.Studies()))
        {
            var history = History(expected, left);
            Assert.Equal(HistoryText.Of(history), HistoryText.Of(History(actual, right)));
            Assert.Equal(expected.Events(left.Id), actual.Events(right.Id));
            foreach (int number in Enumerable.Range(0, history.Trials.Count))
            {
                Assert.Equal(expected.Metrics(left.Id, number), actual.Metrics(right.Id, number));
                Assert.Equal(expected.AllMetrics(left.Id, number), actual.AllMetrics(right.Id, number));
                Assert.Equal(expected.Artifacts(left.Id, number), actual.Artifacts(right.Id, number));
            }
        }
    }

    private static History History(StudyStore store, StoredStudy study)
    {
        var history = new History(study.Name, study.Goals, study.Space);
        history.Apply(store.Read(study.Id, 0));
        return history;
    }

    private string Copy(string file)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", file), folder[file]);
        return folder[file];
    }
}
