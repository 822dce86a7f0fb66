using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit.Direct;
using StashAI.Queue.Live;
using StashAI.Queue.Policies;
using StashAI.Queue.Settings;
using StashAI.Queue.Store;
using StashAI.Server.Hosting;
using StashAI.Server.Options;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// The whole gateway on a free port, in this process, with SQLite on disk. Its Visage service is scripted; an item of its ledger is the
/// photo's bytes as text. Retries come after milliseconds.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly TempFolder folder;
    private readonly SqliteStore store;
    private readonly WebApplication app;
    private bool isStopped;

    /// <summary>True when the environment asks for direct mode (`QUEUE_ENABLED=false ./test.sh gateway`).</summary>
    public static bool IsDirect { get; } = DirectSettings.From(new ConfigurationBuilder().AddEnvironmentVariables().Build()).IsOn;

    /// <summary>What a submit is answered with that is over soon.</summary>
    public static HttpStatusCode Taken => IsDirect ? HttpStatusCode.OK : HttpStatusCode.Accepted;

    private GatewayHost(TempFolder folder, string database, SqliteStore store, WebApplication app, ScriptedService visage, ErrorLog errors)
    {
        DatabasePath = database;
        (this.folder, this.store, this.app, Visage, Errors) = (folder, store, app, visage, errors);
        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Url { get; }

    public HttpClient Http { get; }

    public ScriptedService Visage { get; }

    /// <summary>Errors that the server logged.</summary>
    public ErrorLog Errors { get; }

    public IServiceProvider Services => app.Services;

    public string DatabasePath { get; }

    public QueueFeed Feed => app.Services.GetRequiredService<QueueFeed>();

    /// <summary>For tests of jobs that are larger, or wait longer, than direct mode allows.</summary>
    public static void SkipInDirectMode() =>
        Assert.SkipWhen(
            IsDirect, "It is about jobs that are large or wait, which are the queue's; direct mode answers when the work is over.");

    /// <summary>Starts one, on a database of its own or on that of another gateway.</summary>
    public static async Task<GatewayHost> StartAsync(
        Dictionary<string, string?>? settings = null, int workers = 4, string visagePath = "", Func<SqliteStore, Task>? prepare = null,
        Action<WebApplicationBuilder>? configure = null, bool hasVisage = true, GatewayHost? beside = null)
    {
        var folder = new TempFolder();
        var visage = await ScriptedService.StartAsync(
            new ScriptedServiceOptions { Item = call => ItemOf(call) }, Cancellation);
        var database = beside?.DatabasePath ?? folder.File("queue.db");
        var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = database }, Cancellation);
        if (prepare is not null) await prepare(store);
        var errors = new ErrorLog();
        var app = ServerHost.Build(
            new ServeOptions
            {
                Urls = ["http://127.0.0.1:0"],
                DataDirectory = folder.Path,
                QueueDatabasePath = database,
                ModelsDirectory = folder.File("models"),
                Workers = workers,
                VisageUrl = hasVisage ? new Uri(visage.Url + visagePath) : null,
                HasVisage = hasVisage,
                VisagePort = 0,
                LogLevel = LogLevel.Warning,
            },
            store,
            builder =>
            {
                // Tests of large jobs are about what is read of them.
                if (IsDirect) builder.Configuration.AddInMemoryCollection([new(DirectSettings.MaxItemsSetting, "1000")]);
                // Where the tests run must not matter.
                builder.Configuration.AddInMemoryCollection([new(GatewaySettings.InDocker.Name, "false")]);
                if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
                builder.Services.AddSingleton(new QueueOptions
                {
                    Workers = workers,
                    Role = "serve",
                    Version = "1.2.3",
                    Retry = new RetryPolicy(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2)),
                });
                builder.Services.AddSingleton<ILoggerProvider>(errors);
                configure?.Invoke(builder);
            });
        await app.StartAsync(Cancellation);
        return new GatewayHost(folder, database, store, app, visage, errors);
    }

    /// <summary>Completes once the speed of some lane is in the database, which is looked for as often as it is written.</summary>
    public async Task MeasuredAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(Cancellation))
        {
            if ((await app.Services.GetRequiredService<IMeasure>().ReadStatsAsync(Cancellation)).LastMinute > 0) return;
        }
    }

    /// <summary>Posts a JSON text; the answer must have this status, or that of a submit, and is returned as JSON.</summary>
    public async Task<JsonElement> PostAsync(string path, string body, int? status = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content, Cancellation);
        return await ReadAsync(response, status ?? (int)Taken);
    }

    public async Task<JsonElement> GetAsync(string path, int status = 200)
    {
        using var response = await Http.GetAsync(path, Cancellation);
        return await ReadAsync(response, status);
    }

    /// <summary>Sends a request with headers; the caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, Cancellation);
    }

    /// <summary>Submits photos, one task each, and returns the job's id.</summary>
    public async Task<string> SubmitAsync(params string[] photos)
    {
        var images = string.Join(',', photos.Select(photo => $"\"{Base64(photo)}\""));
        // Whoever uses this follows the job by itself, so direct mode must not hold it up.
        (string, string)[] headers = IsDirect ? [("Prefer", "wait=0")] : [];
        using var response = await SendAsync(HttpMethod.Post, "/api/visage/job", $$"""{"images":[{{images}}]}""", headers);
        return (await ReadAsync(response, 202)).Text("job_id");
    }

    /// <summary>Waits until the job is over and returns its detail.</summary>
    public async Task<JsonElement> EndOfAsync(string jobId)
    {
        using var watch = new FeedWatch(Feed);
        while (true)
        {
            var changed = watch.Next;
            var job = await GetAsync($"/api/queue/job/{jobId}");
            if (job.Text("status") is not ("pending" or "running")) return job;
            await changed.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        }
    }

    /// <summary>Runs one photo to its end and returns its task as the detail shows it.</summary>
    public async Task<JsonElement> RunOneAsync(string photo = "a photo")
    {
        var job = await EndOfAsync(await SubmitAsync(photo));
        return job.GetProperty("tasks")[0];
    }

    public static string Base64(string photo) => Convert.ToBase64String(Encoding.UTF8.GetBytes(photo));

    /// <summary>Stops the server as a signal does.</summary>
    public Task StopAsync()
    {
        isStopped = true;
        return app.StopAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Visage.DisposeAsync();
        if (!isStopped) await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await store.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} instead of {status}: {text}");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        if (status >= 400) ProblemForm.Check(answer);
        return answer;
    }

    private static string ItemOf(ScriptedCall call)
    {
        if (call.Path.StartsWith("/api/video", StringComparison.Ordinal)) return call.Text;
        var text = call.JsonField("image_data") ?? call.JsonField("image") ?? "";
        return Encoding.UTF8.GetString(Convert.FromBase64String(text[(text.IndexOf(',', StringComparison.Ordinal) + 1)..]));
    }
}
