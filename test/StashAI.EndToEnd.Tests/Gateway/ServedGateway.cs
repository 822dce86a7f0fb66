using System.Data.Common;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Gateway;

/// <summary>
/// The real `stashai serve` as a process, in front of a scripted Visage service in this one. It can be killed and started again on the
/// same data. An item of the ledger is the photo's bytes as text.
/// </summary>
internal sealed class ServedGateway : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly int workers;
    private readonly Dictionary<string, string?> settings;
    private StashAIProcess? process;
    private HttpClient? http;

    private readonly PostgresDatabase? database;

    private ServedGateway(
        ScriptedService visage, int workers, int leaseSeconds, PostgresDatabase? database,
        params IEnumerable<(string Name, string Value)> more)
    {
        (Visage, this.workers, this.database) = (visage, workers, database);
        settings = new() { ["NODE_LEASE_SECONDS"] = $"{leaseSeconds}", ["DATABASE_URL"] = database?.Url };
        foreach (var (name, value) in more) settings[name] = value;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Settings of the next process, as environment variables; null takes one away.</summary>
    public IDictionary<string, string?> Settings => settings;

    public ScriptedService Visage { get; }

    public StashAIProcess Process => process!;

    public HttpClient Http => http!;

    public string Folder => folder.Path;

    /// <summary>Everything that the server stores in files.</summary>
    public string Data => folder.File("data");

    /// <summary>
    /// The lease is one that no test outlives: what is rescued was proven dead by its lock file. <paramref name="prepare"/> gets the data
    /// folder before the server starts on it, and <paramref name="script"/> answers its first calls.
    /// </summary>
    public static async Task<ServedGateway> StartAsync(
        int workers = 4, BodyHandling bodies = BodyHandling.Keep, int leaseSeconds = 3600, PostgresDatabase? database = null,
        Func<string, Task>? prepare = null, Func<ScriptedCall, Reply>? script = null,
        params IEnumerable<(string Name, string Value)> settings)
    {
        var visage = await ScriptedService.StartAsync(
            new ScriptedServiceOptions
            {
                Bodies = bodies,
                LedgerKeepsCalls = false,
                Item = call => bodies == BodyHandling.Hash
                    ? call.BodySha256
                    : call.JsonField("image_data") is { } photo ? Encoding.UTF8.GetString(Convert.FromBase64String(photo)) : call.Path,
            },
            Cancellation);
        var gateway = new ServedGateway(visage, workers, leaseSeconds, database, settings);
        if (script is not null) visage.Script = script;
        if (prepare is not null) await prepare(Directory.CreateDirectory(gateway.Data).FullName);
        await gateway.ServeAsync();
        return gateway;
    }

    /// <summary>Starts the server, again if there was one, on the same data; at that port, or at a free one.</summary>
    public async Task ServeAsync(int port = 0)
    {
        http?.Dispose();
        if (process is not null) await process.DisposeAsync();
        process = await StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments =
                    ["serve", "--urls", $"http://127.0.0.1:{port}", "--data", Data, "--workers", $"{workers}", "--visage-url", Visage.Url],
                Environment = settings,
                Folder = folder.Path,
            },
            Cancellation);
        http = new HttpClient { BaseAddress = new Uri(process.Url), Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>Starts a worker process on the same queue and waits until it is ready.</summary>
    public async Task<StashAIProcess> WorkAsync(int count)
    {
        var worker = StashAIProcess.Launch(new StashAIProcessOptions
        {
            Arguments = ["worker", "--data", Data, "--workers", $"{count}", "--visage-url", Visage.Url],
            Environment = settings,
            Folder = folder.Path,
        });
        await worker.WaitForLineAsync(line => line.StartsWith("StashAI worker is ready", StringComparison.Ordinal), Cancellation);
        return worker;
    }

    /// <summary>Submits one photo for each text and returns the acknowledgement.</summary>
    public async Task<JsonElement> SubmitAsync(IEnumerable<string> photos)
    {
        var images = string.Join(',', photos.Select(photo => $"\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(photo))}\""));
        using var content = new StringContent($$"""{"images":[{{images}}]}""", Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync("/api/visage/job", content, Cancellation);
        Assert.Equal(202, (int)response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path, Cancellation);

    public Task<GatewaySocket> ConnectAsync() => GatewaySocket.ConnectAsync(Process.Url);

    /// <summary>Follows a job to its end and returns its detail.</summary>
    public async Task<JsonElement> EndOfAsync(string jobId)
    {
        using var socket = await ConnectAsync();
        await socket.FollowJobAsync(jobId);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        return await GetAsync($"/api/queue/job/{jobId}?inputs=none");
    }

    /// <summary>Asks the database itself.</summary>
    public IReadOnlyList<long> Query(string sql)
    {
        using DbConnection connection = database is null
            ? new SqliteConnection($"Data Source={Path.Combine(Data, "queue.db")};Pooling=False")
            : new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<long>();
        while (reader.Read()) values.Add(reader.GetInt64(0));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (process is not null) await process.DisposeAsync();
        await Visage.DisposeAsync();
        folder.Dispose();
    }
}
