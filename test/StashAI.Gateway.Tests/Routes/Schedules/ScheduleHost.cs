using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StashAI.Gateway.Routes.Schedules;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Routes.Schedules;

/// <summary>A gateway with a folder that it may read, whose schedules run when a test says so.</summary>
internal sealed class ScheduleHost : IAsyncDisposable
{
    private readonly TempFolder folder;

    private ScheduleHost(TempFolder folder, GatewayHost gateway) => (this.folder, Gateway) = (folder, gateway);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public GatewayHost Gateway { get; }

    /// <summary>The folder that the gateway may read.</summary>
    public string Photos => folder.File("photos");

    public ISchedules Schedules => Gateway.Services.GetRequiredService<ISchedules>();

    public ScheduleLoop Loop => Gateway.Services.GetRequiredService<ScheduleLoop>();

    /// <param name="settings">More settings; paths in them may begin with FOLDER.</param>
    /// <param name="prepare">Prepares the database.</param>
    /// <param name="files">Files in the gateway's folder of services, by name.</param>
    public static async Task<ScheduleHost> StartAsync(
        Dictionary<string, string?>? settings = null, Func<SqliteStore, Task>? prepare = null, params (string Name, string Text)[] files)
    {
        var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("photos"));
        Directory.CreateDirectory(folder.File("services"));
        foreach (var (name, text) in files) await File.WriteAllTextAsync(folder.File("services", name), text, Cancellation);
        var gateway = await GatewayHost.StartAsync(
            new Dictionary<string, string?>(settings ?? [])
            {
                ["ALLOWED_FOLDERS"] = folder.File("photos"),
                ["SERVICES_DIR"] = folder.File("services"),
            },
            prepare: prepare,
            // A loop that is stopped before it has begun counts as one that failed, which would stop the host.
            configure: builder => builder.Services.Configure<HostOptions>(
                host => host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore));
        var host = new ScheduleHost(folder, gateway);
        // From here on the test runs it.
        await host.Loop.StopAsync(Cancellation);
        return host;
    }

    /// <summary>Writes a file below the folder; its text is what the face service gets.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(Photos, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, Cancellation);
        return path;
    }

    public string ServiceFile(string name) => folder.File("services", name);

    /// <summary>The body of a schedule with a source.</summary>
    public static string Body(string source, string service = "visage", string more = "") =>
        $$"""{"name":"nightly","cron":"0 3 * * *","service":"{{service}}","source":{{source}}{{more}}}""";

    /// <summary>The source of all changed files of the folder.</summary>
    public string Changed => $$"""{"type":"folder","path":"{{Photos}}","only":"changed"}""";

    public Task<JsonElement> CreateAsync(string body) => Gateway.PostAsync("/api/schedules", body, 201);

    /// <summary>Asks for a run and works on it; returns the newest run.</summary>
    public async Task<JsonElement> RunAsync(string schedule = "nightly")
    {
        using var asked = await Gateway.SendAsync(HttpMethod.Post, $"/api/schedules/{schedule}/run");
        Assert.Equal(202, (int)asked.StatusCode);
        return await WorkAsync(schedule);
    }

    /// <summary>Works on what is to be done; returns the newest run, whose job is over.</summary>
    public async Task<JsonElement> WorkAsync(string schedule = "nightly")
    {
        await Loop.RunOnceAsync(Cancellation);
        await Loop.WhenIdleAsync();
        var run = (await RunsAsync(schedule))[0];
        if (run.Text("state") == "submitted") await Gateway.EndOfAsync(run.Text("job_id"));
        return run;
    }

    public async Task<List<JsonElement>> RunsAsync(string schedule = "nightly") =>
        [.. (await Gateway.GetAsync($"/api/schedules/{schedule}/runs")).GetProperty("data").EnumerateArray()];

    /// <summary>The photos that the face service got, by their text.</summary>
    public IEnumerable<string> Seen => Gateway.Visage.Ledger.Calls.Select(call => call.Item!).Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        folder.Dispose();
    }
}
