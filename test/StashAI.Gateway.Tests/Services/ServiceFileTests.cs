using System.Net.Http.Headers;
using System.Text;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Items with files: how they come in, and how they go out.</summary>
public sealed class ServiceFileTests
{
    private const string Forms = """
        name: files
        url: ${ECHO_URL}
        config: {mode: string}
        operations:
          json:
            item: {type: object, properties: {image: file, title: {type: string, default: none}, rank: {type: integer, required: false}}}
            request: {path: /json, json: {picture: "{{ item.image }}", url: "{{ item.image | data_url }}", title: "{{ item.title }}", rank: "{{ item.rank }}"}}
          form:
            item: file
            request: {path: /form, multipart: {model: "m {{ config.mode }}", upload: {file: item}}}
          raw:
            item: file
            request: {path: /raw, raw: {file: item, type: image/x-own}}
        """;

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];
    private static readonly string Base64 = Convert.ToBase64String(Png);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_in_an_object_goes_out_as_base64_and_as_data_url()
    {
        await using var host = await ServiceHost.StartAsync(Forms);

        await host.RunAsync("/api/files/batch/json", $$"""{"items":[{"title":"a","image":"{{Base64}}","rank":2}]}""");

        Assert.Equal($$"""{"picture":"{{Base64}}","url":"data:image/png;base64,{{Base64}}","title":"a","rank":2}""", host.Calls[0].Text);
        Assert.Equal("application/json", host.Calls[0].Header("Content-Type"));
    }

    [Fact]
    public async Task Text_parts_with_a_file_name_are_text_as_browsers_send_json()
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"mode":"fast"}""", Encoding.UTF8, "application/json"), "config", "blob" },
            { new ByteArrayContent(Png), "files", "a.png" },
        };
        using var record = new MultipartFormDataContent
        {
            { new StringContent("a title"), "title", "blob" },
            { new ByteArrayContent(Png), "image", "a.png" },
        };

        await host.Gateway.EndOfAsync((await host.SendAsync("/api/files/batch/form", form)).Text("job_id"));
        await host.Gateway.EndOfAsync((await host.SendAsync("/api/files/batch/json", record)).Text("job_id"));

        Assert.Equal(2, host.Calls.Count);
        Assert.Contains("m fast", Encoding.Latin1.GetString(host.Calls[0].Body.Span), StringComparison.Ordinal);
        Assert.Contains("\"title\":\"a title\"", host.Calls[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Transfer-Encoding", "base64", 422)]
    [InlineData("Content-Transfer-Encoding", "quoted-printable", 422)]
    [InlineData("Content-Encoding", "gzip", 422)]
    [InlineData("Content-Transfer-Encoding", "Binary", null)]
    [InlineData("Content-Transfer-Encoding", "8bit", null)]
    [InlineData("Content-Encoding", "identity", null)]
    public async Task A_part_in_a_coding_is_refused_and_never_stored_as_it_stands(string header, string coding, int? status)
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        foreach (var name in (string[])["config", "files"])
        {
            var part = new ByteArrayContent(name == "config" ? "{}"u8.ToArray() : Png);
            part.Headers.TryAddWithoutValidation(header, coding);
            using var form = new MultipartFormDataContent();
            if (name == "config") form.Add(part, name);
            else form.Add(part, name, "a.png");
            if (name == "config") form.Add(new ByteArrayContent(Png), "files", "a.png");

            var answer = await host.SendAsync("/api/files/batch/form", form, status);

            if (status is not null) Assert.Equal(name, answer.FirstError().Text("field"));
        }
    }

    [Fact]
    public async Task A_part_or_a_parameter_that_is_given_twice_is_refused()
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        using var twice = new MultipartFormDataContent
        {
            { new StringContent("a"), "mode" }, { new StringContent("b"), "mode" }, { new ByteArrayContent(Png), "files", "a.png" },
        };
        using var property = new MultipartFormDataContent
        {
            { new StringContent("a"), "title" }, { new StringContent("b"), "title" }, { new ByteArrayContent(Png), "image", "a.png" },
        };
        using var each = new MultipartFormDataContent
        {
            { new StringContent("a"), "title" }, { new ByteArrayContent(Png), "image", "a.png" },
            { new StringContent("b"), "title" }, { new ByteArrayContent(Png), "image", "b.png" },
        };

        Assert.Equal("mode", (await host.SendAsync("/api/files/batch/form", twice, 422)).FirstError().Text("field"));
        Assert.Equal("title", (await host.SendAsync("/api/files/batch/json", property, 422)).FirstError().Text("field"));
        Assert.Equal(2, (await host.SendAsync("/api/files/batch/json", each)).Whole("total_tasks"));
        Assert.Equal(
            "user_id",
            (await host.SendAsync("/api/files/batch/form?user_id=a&user_id=b", ServiceHost.Lines($"\"{Base64}\""), 422))
                .FirstError().Text("field"));
    }

    [Fact]
    public async Task A_file_larger_than_a_piece_of_the_store_arrives_whole()
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        var large = new byte[3_000_001];
        new Random(5).NextBytes(large);

        await host.RunAsync("/api/files/batch/raw", $$"""{"items":["data:image/webp;base64,{{Convert.ToBase64String(large)}}"]}""");

        Assert.Equal(large, host.Calls[0].Body.ToArray());
        Assert.Equal("image/x-own", host.Calls[0].Header("Content-Type"));
    }

    [Fact]
    public async Task A_file_goes_out_as_a_part_of_a_form()
    {
        await using var host = await ServiceHost.StartAsync(Forms);

        await host.RunAsync("/api/files/batch/form", $$"""{"config":{"mode":"fast"},"items":["{{Base64}}"]}""");

        var body = Encoding.Latin1.GetString(host.Calls[0].Body.Span);
        Assert.Contains("name=\"model\"\r\n\r\nm fast\r\n", body, StringComparison.Ordinal);
        Assert.Contains("name=\"upload\"; filename=\"file.png\"", body, StringComparison.Ordinal);
        Assert.Contains("Content-Type: image/png", body, StringComparison.Ordinal);
        Assert.Contains(Encoding.Latin1.GetString(Png), body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_of_files_makes_an_item_of_each()
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        using var form = new MultipartFormDataContent { { new StringContent("slow"), "mode" } };
        foreach (var name in (string[])["a.png", "b.png"])
        {
            var part = new ByteArrayContent([.. Png, (byte)name[0]]);
            part.Headers.ContentType = new MediaTypeHeaderValue("image/x-known");
            form.Add(part, "files", name);
        }

        var job = await host.Gateway.EndOfAsync((await host.SendAsync("/api/files/batch/form", form)).Text("job_id"));

        Assert.Equal(2, job.Whole("completed_tasks"));
        Assert.All(host.Calls, call => Assert.Contains("m slow", call.Text, StringComparison.Ordinal));
        Assert.All(host.Calls, call => Assert.Contains("Content-Type: image/x-known", call.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_parts_before_a_file_are_the_other_properties_of_its_item()
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("sunset"), "title" },
            { new StringContent("4"), "rank" },
            { new ByteArrayContent(Png), "image", "x.png" },
        };

        await host.Gateway.EndOfAsync((await host.SendAsync("/api/files/batch/json", form)).Text("job_id"));

        Assert.EndsWith(""","title":"sunset","rank":4}""", host.Calls[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_breaks_off_is_refused_and_leaves_nothing()
    {
        await using var host = await ServiceHost.StartAsync(Forms);
        using var content = new StringContent("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\nabc");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        await host.SendAsync("/api/files/batch/form", content, 400);

        Assert.Equal(0, (await host.Gateway.GetAsync("/api/queue/jobs")).Whole("total_count"));
    }

    [Fact]
    public async Task Lines_may_hold_files()
    {
        await using var host = await ServiceHost.StartAsync(Forms);

        var answer = await host.SendAsync(
            "/api/files/batch/json", ServiceHost.Lines($$"""{"image":"{{Base64}}"}""", $$"""{"image":"{{Base64}}","title":"b"}"""));
        var job = await host.Gateway.EndOfAsync(answer.Text("job_id"));

        Assert.Equal(2, job.Whole("completed_tasks"));
        Assert.Contains(host.Calls, call => call.JsonField("title") == "none" && call.JsonField("picture") == Base64);
    }

    [Fact]
    public async Task A_file_that_is_no_base64_names_item_and_property()
    {
        await using var host = await ServiceHost.StartAsync(Forms);

        var problem = await host.Gateway.PostAsync("/api/files/batch/json", $$"""{"items":[{"image":"{{Base64}}"},{"image":"~"}]}""", 422);

        Assert.Equal("items[1].image", problem.GetProperty("errors")[0].Text("field"));
        Assert.Equal(1, problem.GetProperty("errors")[0].Whole("item"));
    }

    [Fact]
    public async Task An_item_without_its_file_is_refused()
    {
        await using var host = await ServiceHost.StartAsync(Forms);

        var problem = await host.Gateway.PostAsync("/api/files/batch/json", """{"items":[{"title":"a"}]}""", 422);

        Assert.StartsWith("items[0].image is missing", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_under_an_allowed_folder_is_taken_by_its_path()
    {
        using var shared = new StashAI.Testing.Files.TempFolder();
        await File.WriteAllBytesAsync(shared.File("a.png"), Png, Cancellation);
        await using var host = await ServiceHost.StartAsync(Forms, new() { ["ALLOWED_FOLDERS"] = shared.Path });

        await host.RunAsync("/api/files/batch/raw", $$"""{"items":[{"path":"{{shared.File("a.png")}}"}]}""");

        Assert.Equal(Png, host.Calls[0].Body.ToArray());
    }

    [Fact]
    public async Task A_path_that_leads_out_of_the_allowed_folders_is_refused()
    {
        using var shared = new StashAI.Testing.Files.TempFolder();
        using var other = new StashAI.Testing.Files.TempFolder();
        await File.WriteAllBytesAsync(other.File("secret"), Png, Cancellation);
        File.CreateSymbolicLink(shared.File("link"), other.File("secret"));
        Directory.CreateSymbolicLink(shared.File("folder"), other.Path);
        await using var host = await ServiceHost.StartAsync(Forms, new() { ["ALLOWED_FOLDERS"] = shared.Path });
        await using var closed = await ServiceHost.StartAsync(Forms);

        foreach (var path in (string[])[other.File("secret"), shared.File("link"), shared.File("folder", "secret"),
            shared.File("..", Path.GetFileName(other.Path), "secret"), "relative"])
        {
            var problem = await host.Gateway.PostAsync("/api/files/batch/raw", $$"""{"items":[{"path":"{{path}}"}]}""", 422);
            Assert.Equal("items[0]", problem.GetProperty("errors")[0].Text("field"));
        }

        var refusal = await closed.Gateway.PostAsync("/api/files/batch/raw", """{"items":[{"path":"/etc/passwd"}]}""", 422);
        Assert.Contains("ALLOWED_FOLDERS", refusal.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_named_by_its_url_is_fetched_when_the_item_runs()
    {
        await using var host = await ServiceHost.StartAsync(Forms, new() { ["ALLOWED_UPSTREAMS"] = "127.0.0.1" });
        host.Service.Script = call => call.Path switch
        {
            "/pictures/a" => Reply.Status(200, "picture a", contentType: "image/x-a"),
            "/pictures/b" => Reply.Status(404),
            _ => Reply.Json("{}"),
        };

        var job = await host.RunAsync(
            "/api/files/batch/raw",
            $$"""{"items":[{"url":"{{host.Service.Url}}/pictures/a"},{"url":"{{host.Service.Url}}/pictures/b"}]}""");

        Assert.Equal("picture a", Assert.Single(host.Calls, call => call.Path == "/raw").Text);
        Assert.Equal("partial", job.Text("status"));
        Assert.Contains("/pictures/b answered 404", job.GetProperty("tasks")[1].Text("error_message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_url_that_the_server_may_not_call_is_refused_at_once()
    {
        await using var host = await ServiceHost.StartAsync(Forms);

        var problem = await host.Gateway.PostAsync("/api/files/batch/raw", """{"items":[{"url":"http://127.0.0.1:1/x"}]}""", 422);

        Assert.Equal("items[0]", problem.GetProperty("errors")[0].Text("field"));
        Assert.Contains("ALLOWED_FETCH_HOSTS", problem.Text("detail"), StringComparison.Ordinal);
    }
}
