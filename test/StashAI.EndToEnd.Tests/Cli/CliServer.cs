using System.Collections.Concurrent;
using System.Text.Json;
using StashAI.Server.Cli;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>
/// One real `stashai serve` for the tests of the command line, in front of a scripted service <c>translation</c>. Texts come back in
/// capitals; a text that begins with <c>bad</c> is refused until a test mends it, and one that a test holds waits for its gate.
/// </summary>
public sealed class CliServer : ServedFixture
{
    private const string Yaml = """
        name: translation
        url: ${TEST_TRANSLATION_URL}
        cost: 0.001
        config:
          target: {type: string, default: es}
        operations:
          translate:
            item: string
            request: {path: /one, json: {text: "{{ item }}"}}
            result: {fields: {translated_text: /upper}}

        """;

    private const string Pictures = """
        name: pictures
        url: ${TEST_TRANSLATION_URL}
        operations:
          measure:
            item:
              type: object
              properties:
                image: {type: file, required: true}
                item_id: {type: string, required: false}
            request: {path: /size, raw: {file: item.image}}
            result: {fields: {bytes: /bytes}}

        """;

    private const string Faces = """
        name: faces
        url: ${TEST_TRANSLATION_URL}
        operations:
          identify:
            item:
              type: object
              properties:
                image: {type: file, required: true}
                item_id: {type: string, required: false}
            request: {path: /faces, raw: {file: item.image}}
            result: {fields: {people: /people}}

        """;

    /// <summary>A host and port that webhooks may have, where nothing listens.</summary>
    public const string AllowedUpstream = "127.0.0.1:9";

    private readonly ConcurrentDictionary<string, bool> mended = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where `stashai login` of the tests would keep things.</summary>
    public string ConfigFolder => File("config");

    /// <summary>A file for the body of a schedule.</summary>
    public string BodyFile => File("body.json");

    protected override string AddressVariable => "TEST_TRANSLATION_URL";

    protected override IReadOnlyList<(string Name, string Value)> Settings { get; } = [("ALLOWED_UPSTREAMS", AllowedUpstream)];

    protected override IReadOnlyDictionary<string, string> Declarations { get; } =
        new Dictionary<string, string> { ["translation"] = Yaml, ["pictures"] = Pictures, ["faces"] = Faces };

    /// <summary>Starts a server of the test's own on a folder.</summary>
    public Task<StashAIProcess> ServeAsync(string data, params IReadOnlyList<(string Name, string Value)> settings) =>
        ServeAsync(data, "http://127.0.0.1:0", settings);

    /// <summary>A text that is posted there is answered from then on.</summary>
    public string MendUrl => $"{Service.Url}/mend";

    /// <summary>The service answers this text from now on.</summary>
    public void Mend(string text) => mended[text] = true;

    /// <summary>Runs a command line in this process against the server.</summary>
    public Task<CliRun> RunAsync(params string[] arguments) => RunAsync("", [], arguments);

    public Task<CliRun> RunAsync(string input, (string Name, string Value)[] variables, params string[] arguments) =>
        RunAsync(input, variables, isInteractive: false, arguments);

    /// <summary>Runs a command line as if a person at a terminal typed the input.</summary>
    public async Task<CliRun> RunAsync(
        string input, (string Name, string Value)[] variables, bool isInteractive, IReadOnlyList<string> arguments)
    {
        var environment = new Dictionary<string, string> { ["STASHAI_URL"] = Url, ["STASHAI_CONFIG_DIR"] = ConfigFolder };
        foreach (var (name, value) in variables) environment[name] = value;
        var (output, error) = (new StringWriter(), new StringWriter());
        var app =
            new CommandLineApp(new CommandHandlers(output), environment.GetValueOrDefault, output, error, environment.Keys,
                new StringReader(input), isInteractive: isInteractive);
        var code = await app.RunAsync(arguments, Cancellation);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts a command line as a process of its own.</summary>
    public StashAIProcess Launch(params string[] arguments) => StashAIProcess.Launch(new StashAIProcessOptions
    {
        Arguments = arguments,
        Environment = new Dictionary<string, string?> { ["STASHAI_URL"] = Url, ["STASHAI_CONFIG_DIR"] = ConfigFolder },
    });

    protected override Reply Answer(ScriptedCall call)
    {
        if (call.Path == "/mend")
        {
            Mend(call.Text);
            return Reply.Json("{}");
        }

        if (call.Path == "/faces")
        {
            var photo = call.Text.Trim();
            if (photo == "broken" && !mended.ContainsKey(photo)) return Reply.Status(422);
            var names = photo.Split(' ').Where(word => char.IsAsciiLetterUpper(word[0])).Select(name => new { name });
            return Reply.Json(JsonSerializer.Serialize(new { people = names }));
        }

        if (call.Path != "/one") return Reply.Json($$"""{"bytes":{{call.BodyLength}}}""");
        var text = call.JsonField("text")!;
        if (text.StartsWith("bad", StringComparison.Ordinal) && !mended.ContainsKey(text)) return Reply.Status(422);
        var reply = Reply.Json($$"""{"upper":{{JsonSerializer.Serialize(text.ToUpperInvariant())}}}""");
        return WhenOpened(text, reply);
    }
}

/// <summary>The tests that share this server.</summary>
[CollectionDefinition(nameof(CliServer))]
public sealed class CliTests : ICollectionFixture<CliServer>;

/// <summary>How a command line ended.</summary>
public sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Lines[0]);
}
