using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Dialects.OpenAi;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Names;

/// <summary>What a client calls an item goes to no service, in whatever form it comes, unless the service declares that field.</summary>
public sealed class ServerNamesTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        operations:
          any: {item: any, request: {path: /x, json: "{{ item | json }}"}}
          known: {item: {properties: {t: string}}, request: {path: /x, json: "{{ item | json }}"}}
          own: {item: {properties: {t: string, item_id: any, item_name: string}}, request: {path: /x, json: "{{ item | json }}"}}

        """;

    private const string Item = """{"item_id":7,"t":"x","item_name":"Ann"}""";

    public static TheoryData<string, string, string> Forms
    {
        get
        {
            var forms = new TheoryData<string, string, string>();
            foreach (var form in (string[])["items", "lines", "item part", "name parts", "batch"])
            {
                // A text part is a text for a service that takes any value.
                if (form != "item part") forms.Add(form, "any", """{"t":"x"}""");
                forms.Add(form, "known", """{"t":"x"}""");
                if (form != "name parts") forms.Add(form, "own", """{"item_id":7,"item_name":"Ann","t":"x"}""");
            }

            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_a_client_calls_an_item_is_kept_and_not_passed_on(string form, string operation, string passed)
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Json("{}");

        var job = form == "batch" ? await RunBatchAsync(host, operation) : await RunAsync(host, form, operation);

        Assert.Equal(passed, Sorted(Assert.Single(host.Services.Calls).Text));
        var task = job.GetProperty("tasks")[0];
        // Beside a custom_id, the id of an item that the service does not declare is not needed.
        var id = form == "batch" && operation != "own" ? "\"line\"" : form == "name parts" ? "\"7\"" : "7";
        if (form != "batch" || operation != "own") Assert.Equal(id, task.GetProperty("item_id").GetRawText());
        Assert.Equal("Ann", task.Text("item_name"));
    }

    [Fact]
    public async Task Items_that_differ_only_in_what_they_are_called_are_computed_once()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Json("{}");

        await host.Services.RunAsync(
            "/api/echo/batch/any", $$"""{"items":[{{Item}},{"t":"x","item_id":8},{"t":"x"}],"config":{"cache":"use"} }""");

        Assert.Single(host.Services.Calls);
    }

    [Fact]
    public async Task A_quote_takes_the_items_that_a_submit_takes()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);

        var quote = await host.Gateway.PostAsync(
            "/api/quote", $$"""{"service":"echo","operation":"known","items":[{{Item}}]}""", 200);

        Assert.Empty(quote.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task An_edit_of_an_item_leaves_what_it_is_called()
    {
        await using var host = await OpenAiHost.StartAsync(yaml: Yaml);
        host.Engine.Script = _ => Reply.Status(400, """{"error":"no"}""");
        var job = await host.Services.RunAsync("/api/echo/batch/any", $$"""{"items":[{{Item}}]}""");
        var retry = $"/api/tasks/{job.GetProperty("tasks")[0].Text("task_id")}/retry";

        var problem = await host.Gateway.PostAsync(retry, """{"input":{"t":"y","item_id":8}}""", 422);
        await host.Gateway.PostAsync(retry, """{"input":{"t":"y"}}""", 200);
        await host.Gateway.EndOfAsync(job.Text("job_id"));

        Assert.Equal("input.item_id", problem.FirstError().Text("field"));
        Assert.Equal("""{"t":"y"}""", Sorted(host.Services.Calls[^1].Text));
    }

    private static async Task<JsonElement> RunAsync(OpenAiHost host, string form, string operation)
    {
        using HttpContent content = form switch
        {
            "items" => new StringContent($$"""{"items":[{{Item}}]}""", Encoding.UTF8, "application/json"),
            "lines" => ServiceHost.Lines(Item),
            "item part" => new MultipartFormDataContent { { new StringContent(Item), "item" } },
            _ => new MultipartFormDataContent
            {
                { new StringContent("7"), "item_id" }, { new StringContent("Ann"), "item_name" },
                { new StringContent("""{"t":"x"}"""), "item" },
            },
        };
        var taken = await host.Services.SendAsync($"/api/echo/batch/{operation}", content);
        return await host.Gateway.EndOfAsync(taken.Text("job_id"));
    }

    private static async Task<JsonElement> RunBatchAsync(OpenAiHost host, string operation)
    {
        var file = await host.UploadAsync(
            $$"""{"custom_id":"line","method":"POST","url":"/services/echo/{{operation}}","body":{{Item}} }""");
        var batch = await host.PostAsync(
            "/v1/batches",
            $$"""{"input_file_id":"{{file.Text("id")}}","endpoint":"/services/echo/{{operation}}","completion_window":"24h"}""");
        batch = await host.UntilAsync(batch.Text("id"), "completed", "failed");
        return await host.Gateway.EndOfAsync(batch.Text("job_id"));
    }

    private static string Sorted(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind == JsonValueKind.String) return document.RootElement.GetString()!;
        var members = document.RootElement.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);
        return $"{{{string.Join(',', members.Select(member => $"\"{member.Name}\":{member.Value.GetRawText()}"))}}}";
    }
}
