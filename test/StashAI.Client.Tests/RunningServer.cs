using System.Text.Json;
using StashAI.Client.Tests;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

[assembly: AssemblyFixture(typeof(RunningServer))]

namespace StashAI.Client.Tests;

/// <summary>
/// One real `stashai serve` for all tests, in front of a scripted service <c>echo</c>. Texts come back in capitals; a text that begins with
/// <c>bad</c> is refused, and one that a test holds waits for its gate. Files come back as their length.
/// </summary>
public sealed class RunningServer : ServedFixture
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

    public Uri Address => new(Url);

    protected override string AddressVariable => "ECHO_URL";

    protected override IReadOnlyDictionary<string, string> Declarations { get; } = new Dictionary<string, string> { ["echo"] = Yaml };

    public StashClient Connect(StashClientOptions? options = null) => new(Address, options);

    /// <summary>A client whose requests pass through a handler.</summary>
    public StashClient Connect(Func<HttpRequestMessage, HttpMessageInvoker, CancellationToken, Task<HttpResponseMessage>> handle,
        StashClientOptions? options = null)
    {
        var http = new HttpClient(new ScriptedHandler(handle)) { Timeout = Timeout.InfiniteTimeSpan };
        return new StashClient(http, Address, options ?? new StashClientOptions { PollInterval = TimeSpan.FromMilliseconds(20) });
    }

    protected override Reply Answer(ScriptedCall call)
    {
        if (call.Path != "/up") return Reply.Json($$"""{"bytes":{{call.BodyLength}},"sha256":"{{call.BodySha256}}"}""");
        var text = call.JsonField("text")!;
        if (text.StartsWith("bad", StringComparison.Ordinal)) return Reply.Status(422);
        var reply = Reply.Json($$"""{"upper":{{JsonSerializer.Serialize(text.ToUpperInvariant())}}}""");
        return WhenOpened(text, reply);
    }
}
