using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Faults;

/// <summary>The real `stashai serve` as a process, in front of a service that a YAML file declares and a test scripts.</summary>
internal sealed class FaultyGateway : IAsyncDisposable
{
    /// <summary>One operation, whose item is a text; what a test is about comes behind it.</summary>
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          up:
            item: string
            request: {path: /one, json: {text: "{{ item }}"}}
            result: /upper

        """;

    private readonly TempFolder folder;

    private FaultyGateway(TempFolder folder, ScriptedService service, ServedGateway gateway) =>
        (this.folder, Service, Gateway) = (folder, service, gateway);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ScriptedService Service { get; }

    public ServedGateway Gateway { get; }

    /// <param name="yaml">Limits of the service, one a line; a <c>pack</c> is one of the operation.</param>
    /// <param name="workers">Calls at once.</param>
    /// <param name="database">Where it stores; null for SQLite.</param>
    public static async Task<FaultyGateway> StartAsync(string yaml, int workers = 4, PostgresDatabase? database = null)
    {
        var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("echo.yaml"), Yaml.TrimEnd() + "\n" + yaml + "\n", Cancellation);
        var service = await ScriptedService.StartAsync(
            new ScriptedServiceOptions { Item = call => call.Path == "/one" ? call.JsonField("text")! : call.Path }, Cancellation);
        service.Script = call => Reply.Json(Answer(call));
        var gateway = await ServedGateway.StartAsync(
            workers, database: database, settings: [("SERVICES_DIR", folder.Path), ("ECHO_URL", service.Url)]);
        return new FaultyGateway(folder, service, gateway);
    }

    /// <summary>Submits texts and returns the job's id.</summary>
    public async Task<string> SubmitAsync(IEnumerable<string> items, string config = "{}")
    {
        using var content = new StringContent(
            $$"""{"items":{{JsonSerializer.Serialize(items)}},"config":{{config}}}""", Encoding.UTF8, "application/json");
        using var response = await Gateway.Http.PostAsync("/api/echo/job", content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True((int)response.StatusCode == 202, answer.GetRawText());
        return answer.GetProperty("job_id").GetString()!;
    }

    public async Task<JsonElement> RunAsync(IEnumerable<string> items, string config = "{}") =>
        await Gateway.EndOfAsync(await SubmitAsync(items, config));

    public static IReadOnlyList<string> Items(int count) => [.. Enumerable.Range(0, count).Select(i => $"item {i}")];

    /// <summary>What the service says when it is well.</summary>
    public static string Answer(ScriptedCall call)
    {
        using var body = JsonDocument.Parse(call.Body);
        if (call.Path == "/one") return $$"""{"upper":{{Upper(body.RootElement.GetProperty("text"))}}}""";
        return $$"""{"list":[{{string.Join(',', body.RootElement.GetProperty("texts").EnumerateArray().Select(text => $$"""{"upper":{{Upper(text)}}}"""))}}]}""";
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Service.DisposeAsync();
        folder.Dispose();
    }

    private static string Upper(JsonElement text) => JsonSerializer.Serialize(text.GetString()!.ToUpperInvariant());
}
