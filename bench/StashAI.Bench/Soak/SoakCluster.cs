using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Bench.Soak;

/// <summary>Gateways and workers as real processes on one database.</summary>
internal sealed class SoakCluster : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly PostgresDatabase? database;

    private SoakCluster(SoakPlan plan, string serviceUrl, PrivatePostgres? postgres, PostgresDatabase? database)
    {
        Postgres = postgres;
        this.database = database;
        Dictionary<string, string?> settings = new() { ["NODE_LEASE_SECONDS"] = $"{plan.Lease.TotalSeconds}", ["LOG_LEVEL"] = "info" };
        if (database is null) settings["QUEUE_DB_PATH"] = QueueFile;
        else settings["DATABASE_URL"] = database.Url;
        settings["PAYLOADS"] = database is null ? "files" : $"files:{folder.File("photos")}";
        Gateways = [.. Enumerable.Range(0, plan.Gateways).Select(i => Make($"gateway{i}", "serve", isGateway: true))];
        All = [.. Gateways, .. Enumerable.Range(0, plan.Workers).Select(i => Make($"worker{i}", "worker", isGateway: false))];

        SoakProcess Make(string name, string command, bool isGateway)
        {
            var own = Directory.CreateDirectory(folder.File(name)).FullName;
            List<string> arguments = [command, "--data", own, "--workers", $"{plan.CallsPerProcess}", "--visage-url", serviceUrl];
            if (isGateway) arguments.AddRange(["--urls", "http://127.0.0.1:0"]);
            return new SoakProcess(name, isGateway, arguments, settings, own);
        }
    }

    public IReadOnlyList<SoakProcess> Gateways { get; }

    public IReadOnlyList<SoakProcess> All { get; }

    /// <summary>The server, when it is PostgreSQL.</summary>
    public PrivatePostgres? Postgres { get; }

    /// <summary>The files that photos are in.</summary>
    public IReadOnlyList<string> PhotoFiles => Directory.GetFiles(folder.Path, "*.seg", SearchOption.AllDirectories);

    private string QueueFile => folder.File("queue.db");

    public static async Task<SoakCluster> StartAsync(SoakPlan plan, string serviceUrl, CancellationToken cancellationToken)
    {
        PrivatePostgres? postgres = null;
        if (plan.UsesPostgres)
        {
            var installation = PostgresInstallation.Find() ?? throw new InvalidOperationException("PostgreSQL is not installed.");
            postgres = await PrivatePostgres.StartAsync(installation, cancellationToken, isDurable: true);
        }

        var database = postgres is null ? null : await postgres.CreateDatabaseAsync(cancellationToken);
        var cluster = new SoakCluster(plan, serviceUrl, postgres, database);
        foreach (var process in cluster.All) await process.StartAsync(cancellationToken);
        return cluster;
    }

    /// <summary>Throws when a rule of the database does not hold (S5 among them).</summary>
    public void CheckInvariants()
    {
        if (database is null) SqliteInvariants.Check(QueueFile);
        else PostgresInvariants.Check(database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in All) await process.DisposeAsync();
        if (Postgres is not null) await Postgres.DisposeAsync();
        folder.Dispose();
    }
}
