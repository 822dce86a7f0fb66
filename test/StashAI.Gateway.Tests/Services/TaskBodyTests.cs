using System.Net.Http.Headers;
using System.Text;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>The forms of a single task's body, and what becomes of a file's name and type on the way.</summary>
public sealed class TaskBodyTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        config: {limit: {type: integer, default: 1}}
        operations:
          shout:
            item: {type: object, properties: {text: {type: string, required: true}, user_id: {type: string, required: false}}}
            request: {path: /shout, json: {text: "{{ item.text }}", user: "{{ item.user_id }}", limit: "{{ config.limit }}"}}
        """;

    private const string Files = """
        name: echo
        url: ${ECHO_URL}
        operations:
          look:
            item: {type: object, properties: {picture: {type: file, required: true}, note: {type: string, required: false}}}
            request: {path: /look, multipart: {file: {file: item.picture}, note: "{{ item.note }}"}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"text":"a"}""")]
    [InlineData("""{"item":{"text":"a"}}""")]
    [InlineData("""{"items":[{"text":"a"}]}""")]
    [InlineData("""{"config":{"limit":1},"text":"a","job_name":"n"}""")]
    public async Task The_body_of_a_task_is_its_item_or_holds_it(string body)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = _ => Reply.Json("{}");
        var job = await host.RunAsync("/api/echo/task", body);
        Assert.Equal("completed", job.Text("status"));
        Assert.Equal("a", Assert.Single(host.Calls).JsonField("text"));
    }

    [Fact]
    public async Task A_property_of_the_item_goes_before_one_of_the_job()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = _ => Reply.Json("{}");
        await host.RunAsync("/api/echo/task", """{"text":"a","user_id":"u"}""");
        Assert.Equal("u", Assert.Single(host.Calls).JsonField("user"));
    }

    [Theory]
    [InlineData("/api/echo/task", """{"txt":"a"}""", "txt")]
    [InlineData("/api/echo/task", """{"text":5}""", "text")]
    [InlineData("/api/echo/job", """{"items":[{"text":"a"}],"text":"b"}""", "text")]
    [InlineData("/api/echo/job", """{"items":[{"text":"a"}],"confg":{}}""", "confg")]
    public async Task What_does_not_fit_is_named_as_it_was_sent(string path, string body, string field)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        Assert.Equal(field, (await host.Gateway.PostAsync(path, body, 422)).FirstError().Text("field"));
    }

    [Theory]
    [InlineData("""{"picture":"iVBORw0KGgo=","note":"n"}""")]
    [InlineData("""{"note":"n","config":{},"picture":"iVBORw0KGgo="}""")]
    [InlineData("""{"item":{"picture":"iVBORw0KGgo=","note":"n"}}""")]
    public async Task A_file_of_a_task_is_streamed_wherever_it_stands(string body)
    {
        await using var host = await ServiceHost.StartAsync(Files);
        host.Service.Script = _ => Reply.Json("{}");
        Assert.Equal("completed", (await host.RunAsync("/api/echo/task", body)).Text("status"));
        var sent = Assert.Single(host.Calls).Text;
        Assert.Contains("Content-Type: image/png", sent, StringComparison.Ordinal);
        Assert.Contains("filename=\"file.png\"", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memo.m4a", "audio/x-m4a", "memo.m4a", "audio/x-m4a")]
    [InlineData("C:\\Users\\me\\Käse 1.jpeg", "image/jpeg", "Käse 1.jpeg", "image/jpeg")]
    [InlineData("scan", "binary/octet-stream", "scan", "image/png")]
    [InlineData("../../x;y,z.png", "application/octet-stream", "x;y,z.png", "image/png")]
    [InlineData("a.bin", null, "a.bin", "image/png")]
    public async Task The_clients_name_of_a_file_is_kept_and_a_generic_type_looked_through(
        string name, string? type, string sentName, string sentType)
    {
        await using var host = await ServiceHost.StartAsync(Files);
        host.Service.Script = _ => Reply.Json("{}");
        using var form = new MultipartFormDataContent();
        using var file = new ByteArrayContent([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        if (type is not null) file.Headers.ContentType = new MediaTypeHeaderValue(type);
        file.Headers.TryAddWithoutValidation(
            "Content-Disposition", $"form-data; name=\"picture\"; filename*=UTF-8''{Uri.EscapeDataString(name)}");
        form.Add(file);
        var answer = await host.SendAsync("/api/echo/task", form);
        await host.Gateway.EndOfAsync(answer.Text("job_id"));
        var sent = Assert.Single(host.Calls).Text;
        // Some servers do not take quotes off a boundary.
        Assert.Matches("^multipart/form-data; boundary=[A-Za-z0-9-]+$", host.Calls[0].Header("Content-Type"));
        Assert.Contains($"filename=\"{sentName}\"", sent, StringComparison.Ordinal);
        Assert.Contains($"Content-Type: {sentType}", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boundary=xx")]
    [InlineData("boundary=\"xx\"")]
    [InlineData("charset=utf-8; BOUNDARY=xx")]
    [InlineData("boundary==x/y?=", "=x/y?=")]
    public async Task A_boundary_may_be_quoted_or_not(string parameter, string boundary = "xx")
    {
        await using var host = await ServiceHost.StartAsync(Files);
        host.Service.Script = _ => Reply.Json("{}");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\nbytes\r\n--{boundary}--\r\n"));
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; {parameter}");
        await host.SendAsync("/api/echo/task", content);
    }

    [Fact]
    public async Task A_text_of_a_form_that_is_not_utf8_is_refused()
    {
        await using var host = await ServiceHost.StartAsync(Files);
        using var content = new ByteArrayContent(
            [.. "--xx\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\ncaf"u8, 0xE9, .. "\r\n--xx--\r\n"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=xx");
        Assert.Equal("note", (await host.SendAsync("/api/echo/task", content, 422)).FirstError().Text("field"));
    }
}
