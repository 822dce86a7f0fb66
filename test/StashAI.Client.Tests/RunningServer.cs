using System.Collections.Concurrent;
using System.Text.Json;
using StashAI.Client.Tests;
using StashAI.Testing.Files;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

[assembly: AssemblyFixture(typeof(RunningServer))]

namespace StashAI.Client.Tests;

/// <summary>
/// One real `stashai serve` for all tests, in front of a scripted service <c>echo</c>. Texts come back in capitals; a text that begins with
/// <c>bad</c> is refused, and one that a test holds waits for its gate. Files come back as their length.
/// </summary>
public sealed class RunningServer : IAsyncLifetime
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        config:
          language: {type: string, default: en}
        operations:
          up:
            item: string
            request: {path: /up, json: {text: "{{ item }}"}}
            result: {fields: {upper: /upper}}
          size:
            item: file
            request: {path: /size, raw: {file: item}}
            result: {fields: {bytes: /bytes, sha256: /sha256}}
          tag:
            item:
              type: object
              properties:
                photo: {type: file, required: true}
                item_id: {type: string}
                label: {type: string, required: false}
            request: {path: /size, raw: {file: item.photo}}
            result: {fields: {bytes: /bytes}}

        """;

    private readonly TempFolder folder = new();
    private readonly ConcurrentDictionary<string, Gate> gates = new();
    private ScriptedService? service;
    private StashAIProcess? process;

    public string Url => process!.Url;

    public Uri Address => new(Url);

    public ScriptedService Service => service!;

    public async ValueTask InitializeAsync()
    {
        service = await ScriptedService.StartAsync(new ScriptedServiceOptions { Item = call => call.Path }, CancellationToken.None);
        service.Script = Answer;
        Directory.CreateDirectory(folder.File("services"));
        await File.WriteAllTextAsync(Path.Combine(folder.File("services"), "echo.yaml"), Yaml);
        process = await ServeAsync(folder.Path, "http://127.0.0.1:0");
    }

    /// <summary>Starts a server of the test's own on a folder; with the same folder and address it is the same server again.</summary>
    public Task<StashAIProcess> ServeAsync(string data, string url, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string?> { ["SERVICES_DIR"] = folder.File("services"), ["ECHO_URL"] = Service.Url };
        foreach (var (name, value) in settings) environment[name] = value;
        return StashAIProcess.StartAsync(
            new StashAIProcessOptions
            {
                Arguments = ["serve", "--urls", url, "--data", Path.Combine(data, "data"), "--visage-url", "none"],
                Environment = environment,
                Folder = data,
            },
            CancellationToken.None);
    }

    /// <summary>Texts that are this one wait until the gate is opened.</summary>
    public Gate Hold(string text) => gates.GetOrAdd(text, _ => new Gate());

    public StashClient Connect(StashClientOptions? options = null) => new(Address, options);

    /// <summary>A client whose requests pass through a handler.</summary>
    public StashClient Connect(Func<HttpRequestMessage, HttpMessageInvoker, CancellationToken, Task<HttpResponseMessage>> handle,
        StashClientOptions? options = null)
    {
        var http = new HttpClient(new ScriptedHandler(handle)) { Timeout = Timeout.InfiniteTimeSpan };
        return new StashClient(http, Address, options ?? new StashClientOptions { PollInterval = TimeSpan.FromMilliseconds(20) });
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null) await process.DisposeAsync();
        foreach (var gate in gates.Values) gate.Open();
        if (service is not null) await service.DisposeAsync();
        folder.Dispose();
    }

    private Reply Answer(ScriptedCall call)
    {
        if (call.Path != "/up") return Reply.Json($$"""{"bytes":{{call.BodyLength}},"sha256":"{{call.BodySha256}}"}""");
        var text = call.JsonField("text")!;
        if (text.StartsWith("bad", StringComparison.Ordinal)) return Reply.Status(422);
        var reply = Reply.Json($$"""{"upper":{{JsonSerializer.Serialize(text.ToUpperInvariant())}}}""");
        return gates.TryGetValue(text, out var gate) ? Reply.Hold(gate, reply) : reply;
    }
}
