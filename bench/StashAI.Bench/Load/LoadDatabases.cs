using StashAI.Testing.Postgres;

namespace StashAI.Bench.Load;

/// <summary>Where the runs keep their queue: an own SQLite file or PostgreSQL database each, or one database that is given.</summary>
internal sealed class LoadDatabases : IAsyncDisposable
{
    private readonly string? given;
    private readonly PrivatePostgres? postgres;

    private LoadDatabases(string? given, PrivatePostgres? postgres)
    {
        this.given = given;
        this.postgres = postgres;
    }

    /// <summary>Starts a PostgreSQL server of its own if asked.</summary>
    public static async Task<LoadDatabases> OpenAsync(bool startsPostgres, string? given, CancellationToken cancellationToken)
    {
        if (!startsPostgres) return new LoadDatabases(given, null);
        var installation = PostgresInstallation.Find() ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        return new LoadDatabases(null, await PrivatePostgres.StartAsync(installation, cancellationToken, isDurable: true));
    }

    /// <summary>What the PostgreSQL server of the run has taken of all processors; zero without one.</summary>
    public TimeSpan ServerCpuTime => postgres?.CpuTime ?? TimeSpan.Zero;

    /// <summary>A database; a SQLite file is put into <paramref name="folder"/>.</summary>
    public async Task<LoadDatabase> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        var url = postgres is null ? given : (await postgres.CreateDatabaseAsync(cancellationToken)).Url;
        return new LoadDatabase(url, Path.Combine(folder, "queue.db"));
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
    }
}
