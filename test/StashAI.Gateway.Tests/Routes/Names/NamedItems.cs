using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Names;

/// <summary>
/// A gateway with the face service and two declared services that take files, and a folder of three files: <c>a.jpg</c>, <c>b.jpg</c>,
/// which the services refuse, and <c>sub/c.jpg</c>; besides a text.
/// </summary>
internal sealed class NamedItems : IAsyncDisposable
{
    private const string Services = """
        name: NAME
        url: ${ECHO_URL}
        operations:
          look:
            item: ITEM
            request: {path: /look, multipart: {photo: {file: FILE}}}
        """;

    private readonly TempFolder declared = new();

    private NamedItems(GatewayHost gateway, ScriptedService service, ScriptedService pictures, TempFolder photos, TaskLog log) =>
        (Gateway, Service, Pictures, Photos, Log) = (gateway, service, pictures, photos, log);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public GatewayHost Gateway { get; }

    public ScriptedService Service { get; }

    /// <summary>Where items are fetched from that are addresses.</summary>
    public ScriptedService Pictures { get; }

    public TempFolder Photos { get; }

    public TaskLog Log { get; }

    /// <summary>The ways in which three files can be submitted, and what they are then called.</summary>
    public static IReadOnlyDictionary<string, NamedForm> Forms { get; } = MakeForms().ToDictionary(form => form.Title);

    public static async Task<NamedItems> StartAsync()
    {
        var photos = new TempFolder();
        Directory.CreateDirectory(photos.File("sub"));
        foreach (var (name, text) in ((string, string)[])[("a.jpg", "one"), ("b.jpg", "refused"), ("sub/c.jpg", "three"),
            ("notes.txt", "x")])
        {
            await File.WriteAllTextAsync(photos.File(name), text, Cancellation);
        }

        var service = await ScriptedService.StartAsync(Cancellation);
        var pictures = await ScriptedService.StartAsync(Cancellation);
        pictures.Script = call =>
            Reply.Status(200, call.Path.Contains("b.jpg", StringComparison.Ordinal) ? "refused" : "good", contentType: "image/jpeg");
        // A boundary is hexadecimal, so it never has this word.
        service.Script = call => call.Text.Contains("refused", StringComparison.Ordinal)
            ? Reply.Status(422, "a bad photo")
            : Reply.Json("""{"ok":true}""");
        var declared = new TempFolder();
        foreach (var (name, item, file) in ((string, string, string)[])[("whole", "{type: file}", "item"),
            ("record", "{type: object, properties: {photo: {type: file}}}", "item.photo")])
        {
            await File.WriteAllTextAsync(
                declared.File(name + ".yaml"),
                Services.Replace("NAME", name, StringComparison.Ordinal).Replace("ITEM", item, StringComparison.Ordinal)
                    .Replace("FILE", file, StringComparison.Ordinal),
                Cancellation);
        }

        var log = new TaskLog();
        var gateway = await GatewayHost.StartAsync(
            new()
            {
                ["SERVICES_DIR"] = declared.Path,
                ["ADAPTERS_DIR"] = declared.File("adapters"),
                ["ECHO_URL"] = service.Url,
                ["ALLOWED_FOLDERS"] = photos.Path,
                ["ALLOWED_FETCH_HOSTS"] = "127.0.0.1",
                ["ALLOWED_UPSTREAMS"] = "127.0.0.1",
            },
            configure: builder => builder.Logging.AddProvider(log).AddFilter<TaskLog>(null, LogLevel.Debug));
        gateway.Visage.Script = call => call.Item == "refused" ? Reply.Status(422, "a bad photo")
            : Reply.Json("""{"data":[[{"image":"/9j/","performers":[{"id":"ann","name":"Ann","confidence":90}]}]]}""");
        return new NamedItems(gateway, service, pictures, photos, log);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Service.DisposeAsync();
        await Pictures.DisposeAsync();
        Photos.Dispose();
        declared.Dispose();
    }

    private static IEnumerable<NamedForm> MakeForms()
    {
        string[] files = ["a.jpg", "b.jpg", "c.jpg"];
        foreach (var route in (string[])["/api/visage/job", "/api/visage/batch/identify", "/api/visage/batch", "/api/record/job",
            "/api/whole/job", "/api/record/batch/look"])
        {
            var isWhole = route.Contains("whole", StringComparison.Ordinal);
            var field = route.Contains("visage", StringComparison.Ordinal) ? "image" : "photo";
            string Of(string file, string more = "") => isWhole ? file : $$"""{"{{field}}":{{file}}{{more}}}""";

            yield return Json("data URL", files, _ => route, (_, i) => Of($"\"data:image/jpeg;name={files[i]};base64,{Base64(i)}\""));
            yield return Json(
                "path", files, _ => route, (host, i) => Of($$"""{"path":"{{host.Photos.File(i == 2 ? "sub/c.jpg" : files[i])}}"}"""));
            yield return Json("url", files, _ => route, (host, i) => Of($$"""{"url":"{{host.Pictures.Url}}/x/{{files[i]}}?size=1"}"""));
            yield return new NamedForm($"{route} folder", ["a.jpg", "b.jpg", "sub/c.jpg"], null, host => (
                route, JsonBody($$"""{"items":[{{Of($$"""{"folder":"{{host.Photos.Path}}","types":["jpg"]}""")}}]}""")));
            var photos = string.Join(',', Enumerable.Range(0, 3).Select(i => Of($"\"{Base64(i)}\"")));
            yield return new NamedForm($"{route} item_ids", [], ["1", "\"two\"", "\"c/3\""], _ => (
                route, JsonBody($$"""{"items":[{{photos}}],"config":{"item_ids":[1,"two","c/3"] } }""")));
            yield return new NamedForm($"{route} form", files, null, _ => (route, FormBody(field, files)));
            if (isWhole) continue;
            yield return new NamedForm(
                $"{route} item_name and item_id", files, ["7", "8", "9"],
                _ => (
                    route, JsonBody($$"""{"items":[{{string.Join(',', Enumerable.Range(0, 3).Select(i => Named(field, files, i)))}}]}""")));
            yield return new NamedForm(
                $"{route} lines", files, ["7", "8", "9"],
                _ => (route, new StringContent(
                    string.Join('\n', Enumerable.Range(0, 3).Select(i => Named(field, files, i))), Encoding.UTF8,
                    new MediaTypeHeaderValue("application/x-ndjson"))));

            NamedForm Json(string title, string[] names, Func<NamedItems, string> path, Func<NamedItems, int, string> item) => new(
                $"{route} {title}", names, null,
                host => (
                    path(host), JsonBody($$"""{"items":[{{string.Join(',', Enumerable.Range(0, 3).Select(i => item(host, i)))}}]}""")));
        }
    }

    private static string Named(string field, string[] files, int i) =>
        $$"""{"{{field}}":"{{Base64(i)}}","item_name":"{{files[i]}}","item_id":{{7 + i}}}""";

    private static string Base64(int i) => GatewayHost.Base64(i == 1 ? "refused" : "good" + i);

    private static StringContent JsonBody(string text) => new(text, Encoding.UTF8, "application/json");

    private static MultipartFormDataContent FormBody(string field, string[] files)
    {
        var form = new MultipartFormDataContent();
        for (var i = 0; i < files.Length; i++) form.Add(new StringContent(i == 1 ? "refused" : "good"), field, files[i]);
        return form;
    }

    /// <summary>Keeps the lines about ended tasks.</summary>
    internal sealed class TaskLog : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> Lines => [.. lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "TaskEnded") lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>A way to submit three items.</summary>
/// <param name="Title">What it is called in the list of tests.</param>
/// <param name="Names">The names that the items then have; empty for none.</param>
/// <param name="Ids">The ids as JSON; null for none.</param>
/// <param name="Request">The request.</param>
internal sealed record NamedForm(
    string Title, IReadOnlyList<string> Names, IReadOnlyList<string>? Ids, Func<NamedItems, (string Path, HttpContent Body)> Request)
{
    /// <summary>What people are shown: the name, or else the id as text.</summary>
    public string TextOf(int index) => Names.Count > 0 ? Names[index] : Ids![index].Trim('"');
}
