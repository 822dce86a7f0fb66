using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Tasks;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Answers about tasks of which one has lost the bytes of its input: they have all that is known of the others.</summary>
public sealed class LostInputTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          go: {item: {properties: {text: string}}, request: {path: /x, json: {text: "{{ item.text }}"}}}
          raw: {item: file, request: {path: /raw, raw: {file: item}}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is other than it was, as a part of the second payload.</summary>
    public static TheoryData<double> Places => [0, 0.5, 1];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_list_shows_the_other_items(double place)
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        var text = new string('x', LargeInput.MaxRowBytes + 1_500_000);
        var items = new JsonArray([.. Enumerable.Range(0, 3).Select(i => new JsonObject { ["text"] = $"{i}{text}" })]);

        var job = await host.RunAsync("/api/echo/batch/go", new JsonObject { ["items"] = items }.ToJsonString());
        await DamageAsync(host, place);

        await CheckAsync(
            host, job.Text("job_id"), "item", ["?inputs=full", "?inputs=ref"], shown => shown.GetProperty("text").GetString()![0]);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_list_shows_the_other_files(double place)
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 3; i++)
        {
            var file = new ByteArrayContent([(byte)('0' + i), .. new byte[1_500_000]]);
            file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(file, "file", $"{i}.bin");
        }

        var submitted = await host.SendAsync("/api/echo/batch/raw", form);
        var job = await host.Gateway.EndOfAsync(submitted.Text("job_id"));
        await DamageAsync(host, place);

        await CheckAsync(
            host, job.Text("job_id"), "file", ["?inputs=full"],
            shown => (char)Convert.FromBase64String(shown.GetString()!.Split(',')[^1])[0]);
    }

    [Fact]
    public async Task A_new_input_takes_the_place_of_a_lost_one()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => call.Text.Contains("xxx", StringComparison.Ordinal) ? Reply.Status(400, "{}") : Reply.Json("{}");
        var text = new string('x', LargeInput.MaxRowBytes + 1);
        var items = new JsonArray([.. Enumerable.Range(0, 2).Select(i => new JsonObject { ["text"] = $"{i}{text}" })]);
        var job = await host.RunAsync("/api/echo/batch/go", new JsonObject { ["items"] = items }.ToJsonString());
        var task = job.GetProperty("tasks")[1].Text("task_id");
        await DamageAsync(host, place: 0);

        await host.Gateway.PostAsync($"/api/tasks/{task}/retry", """{"input":{"text":"new"}}""", 200);
        var after = await host.Gateway.EndOfAsync(job.Text("job_id"));

        Assert.Equal("finished", after.GetProperty("tasks")[1].Text("status"));
    }

    private static async Task CheckAsync(ServiceHost host, string job, string member, string[] queries, Func<JsonElement, char> read)
    {
        foreach (var query in queries)
        {
            var tasks = (await host.Gateway.GetAsync($"/api/queue/job/{job}{query}")).GetProperty("tasks").EnumerateArray()
                .Select(task => task.GetProperty("input_data")).ToList();
            Assert.Equal(['0', '2'], [read(tasks[0].GetProperty(member)), read(tasks[2].GetProperty(member))]);
            Assert.Equal(JsonValueKind.Null, tasks[1].GetProperty(member).ValueKind);
            Assert.Contains("was altered", tasks[1].Text("input_error"), StringComparison.Ordinal);
            Assert.All([tasks[0], tasks[2]], task => Assert.False(task.TryGetProperty("input_error", out _)));
        }
    }

    /// <summary>Changes a byte of the second payload in its file.</summary>
    private static async Task DamageAsync(ServiceHost host, double place)
    {
        await using var database = new SqliteConnection($"Data Source={host.Gateway.DatabasePath};Mode=ReadOnly");
        await database.OpenAsync(Cancellation);
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT segment_offset, size FROM payloads WHERE segment_id IS NOT NULL ORDER BY id LIMIT 1 OFFSET 1";
        await using var row = await command.ExecuteReaderAsync(Cancellation);
        Assert.True(await row.ReadAsync(Cancellation));
        var at = row.GetInt64(0) + (long)(place * (row.GetInt64(1) - 1));
        await using var file = File.Open(
            Assert.Single(Directory.GetFiles(host.Gateway.DatabasePath + "-payloads")), FileMode.Open, FileAccess.ReadWrite);
        file.Position = at;
        var old = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(old ^ 1));
    }
}
