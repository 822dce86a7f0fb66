using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Live.Messages;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>The catalog that the documentation is made from says what the server really sends and understands.</summary>
public sealed class LiveMessageTests
{
    public static TheoryData<string> ClientMessages { get; } = [.. LiveCatalog.FromClients.Select(type => type.Name)];

    public static TheoryData<string> AllMessages { get; } =
        [.. LiveCatalog.FromClients.Concat(LiveCatalog.FromServer).Select(type => type.Name)];

    [Fact]
    public async Task Every_message_of_the_server_has_the_fields_of_the_catalog_and_no_others()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json($"\"{new string('x', 300 * 1024)}\"");
        var job = await gateway.EndOfAsync(await gateway.SubmitAsync("x"));
        using var client = await LiveClient.ConnectAsync(gateway.Url, isGreeted: false);
        await client.SendAsync("""{"type":"ping"}""");
        await client.SendAsync("""{"type":"nonsense"}""");
        await client.SendAsync($$"""{"type":"subscribe_task","task_id":"{{job.GetProperty("tasks")[0].Text("task_id")}}"}""");
        await client.SendAsync($$"""{"type":"subscribe_job","job_id":"{{job.Text("job_id")}}"}""");
        await client.SendAsync("""{"type":"subscribe_queue_stats"}""");
        await client.SendAsync("""{"type":"subscribe_jobs"}""");
        await client.SendAsync("""{"type":"subscribe_services"}""");

        var received = new Dictionary<string, HashSet<string>>();
        var isPublished = false;
        var areListsChanged = false;
        while (received.Count < LiveCatalog.FromServer.Count)
        {
            if (received.Count == LiveCatalog.FromServer.Count - 2 && !isPublished)
            {
                isPublished = true;
                gateway.Services.GetRequiredService<LiveHub>().Publish("session", "{}"u8.ToArray());
                await client.SendAsync($$"""{"type":"unsubscribe_job","job_id":"{{job.Text("job_id")}}"}""");
            }

            if (!areListsChanged && received.ContainsKey("jobs") && received.ContainsKey("services"))
            {
                areListsChanged = true;
                using var patch = await gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{job.Text("job_id")}", """{"name":"Other"}""");
                using var pause = await gateway.SendAsync(HttpMethod.Patch, "/api/services/visage", """{"paused":true}""");
            }

            var message = await client.ReadAsync();
            if (!received.TryGetValue(message.Text("type"), out var names)) received.Add(message.Text("type"), names = []);
            names.UnionWith(NamesOf(message));
        }

        foreach (var type in LiveCatalog.FromServer)
        {
            var declared = DeclaredBy(type);
            var optional = type.Fields.Where(field => field.Type.EndsWith("alone", StringComparison.Ordinal))
                .Select(field => field.Name).ToHashSet();
            Assert.Equal([], received[type.Name].Except(declared));
            Assert.Equal([], declared.Except(received[type.Name]).Except(optional));
        }
    }

    [Theory]
    [MemberData(nameof(ClientMessages))]
    public async Task Every_message_of_a_client_is_understood(string name)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        await client.SendAsync(LiveCatalog.FromClients.First(type => type.Name == name).Example);

        Assert.DoesNotContain("Unknown message type", (await client.ReadAsync()).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllMessages))]
    public void Every_example_has_fields_of_its_message_alone(string name)
    {
        foreach (var type in LiveCatalog.FromClients.Concat(LiveCatalog.FromServer).Where(type => type.Name == name))
        {
            using var example = JsonDocument.Parse(type.Example);
            Assert.Equal(name, example.RootElement.Text("type"));
            Assert.Equal([], NamesOf(example.RootElement).Except(DeclaredBy(type)));
            Assert.All(type.Fields, field => Assert.NotEmpty(field.Meaning));
        }
    }

    private static HashSet<string> NamesOf(JsonElement message) => [.. message.EnumerateObject().Select(property => property.Name)];

    private static HashSet<string> DeclaredBy(LiveMessageType type) => [.. type.Fields.Select(field => field.Name), "type", "timestamp"];
}
