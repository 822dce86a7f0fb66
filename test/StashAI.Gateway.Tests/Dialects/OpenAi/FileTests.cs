using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary><c>/v1/files</c>.</summary>
public sealed class FileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_comes_back_as_it_was_until_it_is_deleted()
    {
        await using var host = await OpenAiHost.StartAsync();
        var bytes = new byte[9_000_001];
        new Random(3).NextBytes(bytes);
        using var form = OpenAiHost.Form(bytes, "täst.jsonl", "batch");

        var file = await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", form, Cancellation), 200);

        Assert.Equal(
            ("file", 9_000_001, "täst.jsonl", "batch", "processed", 30 * 86400),
            (file.Text("object"), file.Whole("bytes"), file.Text("filename"), file.Text("purpose"), file.Text("status"),
                file.Whole("expires_at") - file.Whole("created_at")));
        var id = file.Text("id");
        Assert.Equal(file.GetRawText(), (await host.GetAsync($"/v1/files/{id}")).GetRawText());
        using (var content = await host.Http.GetAsync($"/v1/files/{id}/content", Cancellation))
        {
            Assert.Equal(9_000_001, content.Content.Headers.ContentLength);
            Assert.Equal("application/octet-stream", content.Content.Headers.ContentType!.MediaType);
            Assert.Equal(bytes, await content.Content.ReadAsByteArrayAsync(Cancellation));
        }

        Assert.True((await OpenAiHost.ReadAsync(await host.Http.DeleteAsync($"/v1/files/{id}", Cancellation), 200))
            .GetProperty("deleted").GetBoolean());
        Assert.Equal("not_found_error", (await host.GetAsync($"/v1/files/{id}", 404)).Text("type"));
        await OpenAiHost.ReadAsync(await host.Http.DeleteAsync($"/v1/files/{id}", Cancellation), 404);
        await host.GetAsync($"/v1/files/{id}/content", 404);
    }

    [Fact]
    public async Task The_purpose_may_come_after_the_file_and_the_lifetime_is_that_of_the_form()
    {
        await using var host = await OpenAiHost.StartAsync();
        using var form = OpenAiHost.Form(
            "x"u8.ToArray(), "a.txt", "user_data", ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600"));

        var file = await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", form, Cancellation), 200);

        Assert.Equal(3600, file.Whole("expires_at") - file.Whole("created_at"));
        Assert.True((await host.UploadAsync("x", "b.txt", "vision")).IsNull("expires_at"));
    }

    [Theory]
    [InlineData("a\0b.jsonl", "batch", "file")]
    [InlineData("a\u00ffb.jsonl", "batch", "file")]
    [InlineData("a.jsonl", "ba\0tch", "purpose")]
    [InlineData("a.jsonl", "ba\u00fftch", "purpose")]
    public async Task A_text_that_would_be_stored_otherwise_is_refused(string name, string purpose, string field)
    {
        await using var host = await OpenAiHost.StartAsync();
        using var form = new ByteArrayContent(Encoding.Latin1.GetBytes(
            "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + purpose
            + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n{}\r\n--b--\r\n"));
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        var error = await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", form, Cancellation), 400);

        Assert.Equal(field, error.Text("param"));
        Assert.Contains("UTF-8", error.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_not_right_leaves_nothing()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["MAX_OPEN_UPLOADS"] = "1" });

        Assert.Equal(
            ("Invalid file format for Batch API. Must be .jsonl", "file"), Told(await host.UploadAsync("x", "a.json", status: 400)));
        Assert.Equal("purpose", Told(await host.UploadAsync("x", purpose: "fun", status: 400)).Field);
        using var alone = OpenAiHost.Form("x"u8.ToArray(), "a.jsonl", null);
        Assert.Equal("purpose", Told(await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", alone, Cancellation), 400)).Field);
        using var early = OpenAiHost.Form(
            "x"u8.ToArray(), "a.jsonl", "batch", ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "60"));
        Assert.Equal(
            "expires_after[seconds]",
            Told(await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", early, Cancellation), 400)).Field);
        // A refusal names the field as this form has it.
        foreach (var (given, value, field) in (((string, string, string)[])
            [("expires_after[anchor]", "created_at", "expires_after[seconds]"), ("expires_after[anchor]", "x", "expires_after[anchor]"),
                ("expires_after[seconds]", "3600", "expires_after[anchor]")]))
        {
            using var some = OpenAiHost.Form("x"u8.ToArray(), "a.jsonl", "batch", (given, value));
            Assert.Equal(field, Told(await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", some, Cancellation), 400)).Field);
        }

        foreach (var field in (string[])["expires_after", "expires_after[second]", "expires_after.seconds"])
        {
            using var unread = OpenAiHost.Form("x"u8.ToArray(), "a.jsonl", "batch", (field, "3600"));
            Assert.Equal(field, Told(await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", unread, Cancellation), 400)).Field);
        }

        using var empty = new MultipartFormDataContent { { new StringContent("batch"), "purpose" } };
        Assert.Equal("file", Told(await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", empty, Cancellation), 400)).Field);
        await host.PostAsync("/v1/files", "{}", 415);
        const string half = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\nabc";
        using var cut = new StringContent(half, Encoding.UTF8);
        cut.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "b") } };
        await OpenAiHost.ReadAsync(await host.Http.PostAsync("/v1/files", cut, Cancellation), 400);

        // With one open upload at a time, what these left would refuse the next.
        await host.UploadAsync("x");
        Assert.Single((await host.GetAsync("/v1/files")).GetProperty("data").EnumerateArray());

        static (string Message, string? Field) Told(JsonElement error) =>
            (error.Text("message"), error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Names_and_parts_without_bytes_have_limits()
    {
        await using var host = await OpenAiHost.StartAsync();

        Assert.Null(await FieldAsync(new string('n', 249) + ".jsonl"));
        Assert.Equal("file", await FieldAsync(new string('n', 250) + ".jsonl"));
        Assert.Null(await FieldAsync("a.jsonl", new string('p', 100)));
        Assert.StartsWith("ppp", await FieldAsync("a.jsonl", new string('p', 101)), StringComparison.Ordinal);
        // The purpose is one of them.
        Assert.Null(await FieldAsync("a.jsonl", [.. Enumerable.Range(0, 31).Select(i => $"p{i}")]));
        Assert.Equal("body", await FieldAsync("a.jsonl", [.. Enumerable.Range(0, 32).Select(i => $"p{i}")]));

        async Task<string?> FieldAsync(string fileName, params string[] parts)
        {
            using var form = OpenAiHost.Form("x"u8.ToArray(), fileName, "batch", [.. parts.Select(part => (part, ""))]);
            using var response = await host.Http.PostAsync("/v1/files", form, Cancellation);
            return response.IsSuccessStatusCode ? null : (await OpenAiHost.ReadAsync(response, 400)).Text("param");
        }
    }

    [Fact]
    public async Task A_caller_keeps_as_many_files_and_bytes_as_the_settings_say()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["MAX_FILES"] = "2", ["MAX_FILE_BYTES"] = "100" });
        var first = await host.UploadAsync(new string('x', 60));

        var tooMany = await host.UploadAsync(new string('x', 41), status: 413);
        await host.UploadAsync(new string('x', 40));
        var another = await host.UploadAsync("", status: 400);

        Assert.Contains("MAX_FILE_BYTES", tooMany.Text("message"), StringComparison.Ordinal);
        Assert.Equal("too_many_files", another.Text("code"));
        Assert.Contains("MAX_FILES", another.Text("message"), StringComparison.Ordinal);
        await OpenAiHost.ReadAsync(await host.Http.DeleteAsync($"/v1/files/{first.Text("id")}", Cancellation), 200);
        await host.UploadAsync(new string('x', 60));
        Assert.Equal(2, (await host.GetAsync("/v1/files")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Pages_end_with_has_more_and_filter_by_purpose()
    {
        await using var host = await OpenAiHost.StartAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await host.UploadAsync("x", $"{i}.jsonl", i == 4 ? "evals" : "batch")).Text("id"));

        var first = await host.GetAsync("/v1/files?limit=2&purpose=batch");
        var second = await host.GetAsync($"/v1/files?limit=2&purpose=batch&after={first.Text("last_id")}");

        Assert.Equal(("list", ids[3], ids[2], true), Page(first));
        Assert.Equal(("list", ids[1], ids[0], false), Page(second));
        Assert.Equal(ids[0], (await host.GetAsync("/v1/files?order=asc")).Text("first_id"));
        Assert.Equal(5, (await host.GetAsync("/v1/files")).GetProperty("data").GetArrayLength());
        await host.GetAsync("/v1/files?after=file-0", 404);
        await host.GetAsync("/v1/files?limit=0", 400);
        await host.GetAsync("/v1/files?order=up", 400);

        static (string, string, string, bool) Page(JsonElement page) =>
            (page.Text("object"), page.Text("first_id"), page.Text("last_id"), page.GetProperty("has_more").GetBoolean());
    }
}
