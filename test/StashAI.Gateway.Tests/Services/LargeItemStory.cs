using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>
/// What happens to a job after its submit: tasks fail and are retried, with their items and with edited ones, the job is run again and
/// removed. Every answer and every call is written down without ids, times and sizes, and with names in place of the items' texts.
/// </summary>
internal sealed partial class LargeItemStory : IAsyncDisposable
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          go:
            item: {properties: {id: string, text: string}}
            request: {path: /x, json: {id: "{{ item.id }}", text: "{{ item.text }}"}}
        """;

    /// <summary>Writes texts unescaped, so that those of the items are found in answers.</summary>
    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ServiceHost host;
    private readonly int size;
    private readonly List<string> lines = [];
    private readonly Dictionary<string, string> ids = [];
    private readonly Dictionary<string, string> names = [];
    private int seen;

    private LargeItemStory(ServiceHost host, int size) => (this.host, this.size) = (host, size);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs the story with items whose JSON has so many bytes.</summary>
    public static async Task<IReadOnlyList<string>> TellAsync(int size)
    {
        await using var story = new LargeItemStory(await ServiceHost.StartAsync(Yaml, workers: 1), size);
        await story.TellAsync();
        return story.lines;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task TellAsync()
    {
        Answer("a", "b");
        var items = new JsonArray(Item("a", "first"), Item("b", "first"), Item("c", "first"));
        var job = (await host.Gateway.PostAsync("/api/echo/job", new JsonObject { ["items"] = items }.ToJsonString())).Text("job_id");
        var tasks = await NoteAsync("submitted", job);

        await RetryAsync("one is retried, and fails again", tasks[0], null);
        await NoteAsync("one was retried", job);
        Answer("a");
        await PostAsync("all that failed are retried", $"/api/queue/retry/{job}", """{"only":"failed"}""");
        await NoteAsync("all were retried", job);
        await RetryAsync("an edited item fails", tasks[0], Item("a", "second"));
        await NoteAsync("one was edited", job);
        await PostAsync("an edited item is refused", $"/api/tasks/{tasks[0]}/retry", """{"input":{"id":1,"text":"x"}}""", 422);
        Answer();
        await RetryAsync("an edited item fails no more", tasks[0], Item("a", "third"));
        await NoteAsync("one was edited twice", job);

        Answer("c");
        var copy = await RerunAsync(job, "all");
        await NoteAsync("run again", copy);
        Answer();
        var last = await RerunAsync(copy, "failed");
        await NoteAsync("what failed was run again", last);

        await DeleteAsync(job);
        await NoteAsync("the first job is removed", copy);
        var fresh = await RerunAsync(copy, "all");
        await DeleteAsync(copy);
        await NoteAsync("the second job is removed", fresh);
        await NoteAsync("the second job is removed, as is the last one's", last);
        foreach (var task in tasks) await host.Gateway.GetAsync($"/api/tasks/{task}", 404);
    }

    /// <summary>The items with these ids are refused from now on.</summary>
    private void Answer(params string[] refused) => host.Service.Script = call =>
        refused.Contains(call.JsonField("id")) ? Reply.Status(400, """{"error":"no"}""") : Reply.Json("""{"fine":true}""");

    private async Task RetryAsync(string what, string task, JsonObject? input)
    {
        // Compared is the next note: the answer shows the task as it waits, or as it runs already.
        using var body = new StringContent(
            input is null ? "" : new JsonObject { ["input"] = input }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await host.Gateway.Http.PostAsync($"/api/tasks/{task}/retry", input is null ? null : body, Cancellation);
        lines.Add($"{what}: {(int)answer.StatusCode}");
    }

    private async Task PostAsync(string what, string path, string body, int status = 200) =>
        lines.Add($"{what}: {Plain(await host.Gateway.PostAsync(path, body, status))}");

    private async Task<string> RerunAsync(string job, string only) =>
        (await host.Gateway.PostAsync($"/api/jobs/{job}/rerun", $$"""{"only":"{{only}}"}""")).Text("job_id");

    private async Task DeleteAsync(string job)
    {
        using var answer = await host.Gateway.SendAsync(HttpMethod.Delete, $"/api/jobs/{job}");
        lines.Add($"removed: {(int)answer.StatusCode}");
        await host.Gateway.GetAsync($"/api/jobs/{job}", 404);
    }

    /// <summary>Waits for the job's end, writes down all that reads it, and the calls since the last time; the ids of its tasks.</summary>
    private async Task<List<string>> NoteAsync(string what, string job)
    {
        await host.Gateway.EndOfAsync(job);
        var tasks = (await host.Gateway.GetAsync($"/api/queue/job/{job}")).GetProperty("tasks").EnumerateArray()
            .Select(task => task.Text("task_id")).ToList();
        string[] paths =
        [
            $"/api/jobs/{job}", $"/api/queue/job/{job}", $"/api/queue/job/{job}?inputs=full", $"/api/queue/job/{job}?inputs=none",
            $"/api/jobs/{job}/tasks", $"/api/jobs/{job}/tasks?text=START", $"/api/jobs/{job}/tasks?text=second",
            $"/api/jobs/{job}/failures",
            $"/api/queue/tasks?job_id={job}&inputs=full", $"/api/queue/status/{job}",
            .. tasks.SelectMany(task => (string[])
            [
                $"/api/tasks/{task}", $"/api/tasks/{task}?inputs=full", $"/api/queue/task/{task}", $"/api/queue/task/{task}?inputs=ref",
            ]),
        ];
        foreach (var path in paths)
            lines.Add($"{what}, {Plain(path)}: {Plain(await host.Gateway.GetAsync(path))}");
        // A command of more than an argument may have is written in another way.
        foreach (var task in tasks)
            lines.Add($"{what}, command: {Names().Match(Plain(await host.Gateway.GetAsync($"/api/tasks/{task}/curl")))}");
        foreach (var format in (string[])["ndjson", "csv", "json", "zip"])
            lines.Add($"{what}, {format}: {await ExportAsync($"/api/jobs/{job}/results?format={format}")}");

        var calls = host.Calls;
        lines.Add($"{what}, calls: {string.Join(' ', calls.Skip(seen).Select(call => Plain(call.Text)).Order(StringComparer.Ordinal))}");
        seen = calls.Count;
        return tasks;
    }

    private async Task<string> ExportAsync(string path)
    {
        var bytes = await host.Gateway.Http.GetByteArrayAsync(path, Cancellation);
        if (!path.EndsWith("zip", StringComparison.Ordinal)) return Plain(Encoding.UTF8.GetString(bytes));
        using var archive = new ZipArchive(new MemoryStream(bytes));
        var entries = new List<string>();
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(Cancellation));
            entries.Add(Plain($"{entry.FullName} {await reader.ReadToEndAsync(Cancellation)}"));
        }

        return string.Join('\n', entries);
    }

    /// <summary>An item with exactly so many bytes of JSON; its text has a name in what is written down.</summary>
    private JsonObject Item(string id, string which)
    {
        var text = new StringBuilder($"start of the {which} text of {id}: ");
        while (text.Length < size / 4) text.Append("plain wörds 漢 ").Append(text.Length);
        var item = $$"""{"id":"{{id}}","text":"{{text}}"}""";
        text.Append('z', size - Encoding.UTF8.GetByteCount(item));
        names[text.ToString()] = $"[{which} {id}]";
        return new JsonObject { ["id"] = id, ["text"] = text.ToString() };
    }

    private string Plain(JsonElement answer) =>
        Plain(JsonSerializer.Serialize(JsonNode.Parse(answer.GetRawText()), Relaxed));

    private string Plain(string text)
    {
        foreach (var (value, name) in names) text = text.Replace(value, name, StringComparison.Ordinal);
        text = Id().Replace(text, match => ids.TryGetValue(match.Value, out var known)
            ? known
            : ids[match.Value] = $"id{ids.Count}");
        text = Address().Replace(Trace().Replace(text, "trace"), "address");
        text = Sizes().Replace(text, "$1:0");
        text = Time().Replace(text, "time");
        // Lists name a task by the beginning of its text only where that needs no payload.
        text = ItemText().Replace(text, "");
        return Columns().Replace(text, ",0,time");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+|127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex("""("[a-z_]*(?:_ms|bytes|seconds|size|time|version|speed|per_[a-z]+)"):[0-9.e+-]+""")]
    private static partial Regex Sizes();

    [GeneratedRegex("\\b[0-9a-f]{32}\\b")]
    private static partial Regex Trace();

    [GeneratedRegex("""
        "item_text":"[^"]*",
        """)]
    private static partial Regex ItemText();

    [GeneratedRegex(@",[0-9.]+,time")]
    private static partial Regex Columns();

    [GeneratedRegex(@"\[[a-z]+ [a-z]\]")]
    private static partial Regex Names();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)")]
    private static partial Regex Time();
}
