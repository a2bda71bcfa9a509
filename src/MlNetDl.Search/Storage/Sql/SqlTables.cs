namespace MlNetDl.Search.Storage.Sql;

/// <summary>The tables, version by version. A published version never changes. A change is a further version, which
/// turns the tables of the one before into its own.</summary>
internal static class SqlTables
{
    /// <summary>Each version's statements, the first from nothing.</summary>
    public static IReadOnlyList<Func<SqlDialect, string>> Versions { get; } = [Version1, Version2, Version3];

    // Times are milliseconds since 1970 UTC. Lists of doubles are text (DoubleList). Only reports of the objective have
    // a revision, because other metrics are no part of a history.
    private static string Version1(SqlDialect dialect) => $"""
        CREATE TABLE study (
            id {dialect.Identity},
            name TEXT NOT NULL UNIQUE,
            directions TEXT NOT NULL,
            space TEXT,
            created BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            trials BIGINT NOT NULL);
        CREATE TABLE parameter (
            study BIGINT NOT NULL{dialect.References("study")},
            ordinal BIGINT NOT NULL,
            name TEXT NOT NULL,
            distribution TEXT NOT NULL,
            revision BIGINT NOT NULL,
            PRIMARY KEY (study, ordinal),
            UNIQUE (study, name));
        CREATE TABLE trial (
            id {dialect.Identity},
            study BIGINT NOT NULL{dialect.References("study")},
            number BIGINT NOT NULL,
            state TEXT NOT NULL,
            attempt BIGINT NOT NULL,
            lost BIGINT NOT NULL,
            vals TEXT NOT NULL,
            constraints TEXT NOT NULL,
            error TEXT,
            finished BIGINT,
            finished_revision BIGINT,
            revision BIGINT NOT NULL,
            UNIQUE (study, number));
        CREATE INDEX trial_state ON trial (study, state, number);
        CREATE INDEX trial_revision ON trial (study, revision);
        CREATE TABLE trial_parameter (
            trial BIGINT NOT NULL{dialect.References("trial")},
            ordinal BIGINT NOT NULL,
            parameter BIGINT NOT NULL,
            number {dialect.Real},
            PRIMARY KEY (trial, ordinal),
            UNIQUE (trial, parameter));
        CREATE TABLE trial_fixed (
            trial BIGINT NOT NULL{dialect.References("trial")},
            name TEXT NOT NULL,
            json TEXT NOT NULL,
            PRIMARY KEY (trial, name));
        CREATE TABLE attempt (
            id {dialect.Identity},
            trial BIGINT NOT NULL{dialect.References("trial")},
            n BIGINT NOT NULL,
            worker TEXT NOT NULL,
            process TEXT,
            lease_token TEXT,
            lease_until BIGINT NOT NULL,
            lease_ms BIGINT NOT NULL,
            started BIGINT NOT NULL,
            ended BIGINT,
            outcome TEXT,
            checkpoint TEXT,
            checkpoint_step BIGINT,
            UNIQUE (trial, n));
        CREATE TABLE metric (
            attempt BIGINT NOT NULL{dialect.References("attempt")},
            step BIGINT NOT NULL,
            "key" TEXT NOT NULL,
            value {dialect.Real},
            study BIGINT NOT NULL,
            revision BIGINT,
            PRIMARY KEY (attempt, step, "key"));
        CREATE INDEX metric_revision ON metric (study, revision){dialect.IndexWhere("revision IS NOT NULL")};
        CREATE TABLE artifact (
            trial BIGINT NOT NULL{dialect.References("trial")},
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            length BIGINT NOT NULL,
            PRIMARY KEY (trial, name));
        CREATE TABLE event (
            id {dialect.Identity},
            study BIGINT NOT NULL{dialect.References("study")},
            number BIGINT,
            "at" BIGINT NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL);
        CREATE INDEX event_study ON event (study);
        """;

    // Tables beside the others, because not every database changes a table that has indexes.
    private static string Version2(SqlDialect dialect) => $"""
        CREATE TABLE widening (
            study BIGINT NOT NULL{dialect.References("study")},
            ordinal BIGINT NOT NULL,
            name TEXT NOT NULL,
            narrower TEXT NOT NULL,
            wider TEXT NOT NULL,
            trials BIGINT NOT NULL,
            revision BIGINT NOT NULL,
            PRIMARY KEY (study, ordinal));
        CREATE TABLE trial_attribute (
            trial BIGINT NOT NULL{dialect.References("trial")},
            name TEXT NOT NULL,
            json TEXT NOT NULL,
            PRIMARY KEY (trial, name));
        CREATE TABLE trial_note (
            trial BIGINT NOT NULL{dialect.References("trial")},
            ordinal BIGINT NOT NULL,
            "at" BIGINT NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (trial, ordinal));
        """;

    private static string Version3(SqlDialect dialect) => $"""
        CREATE TABLE trial_proposal (
            trial BIGINT NOT NULL{dialect.References("trial")},
            text TEXT NOT NULL,
            PRIMARY KEY (trial));
        """;
}
