using System.IO.Compression;
using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/results</c> in its formats, at once and as results come.</summary>
public sealed class JobResultStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_as_lines_as_rows_and_in_pages()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400, "=1+1, \"no\"")
            : Reply.Json("{\n \"item\": \"" + call.Item + "\"\n}");
        var id = await gateway.SubmitAsync("a", "bad", "c");
        await gateway.EndOfAsync(id);

        var lines = (await TextAsync(gateway, $"/api/jobs/{id}/results")).TrimEnd('\n').Split('\n').Select(Parse).ToList();
        Assert.Equal(["completed", "failed", "completed"], lines.Select(line => line.Text("state")));
        Assert.Equal([0, 1, 2], lines.Select(line => line.Whole("index")));
        Assert.Equal("c", lines[2].GetProperty("result").Text("item"));
        Assert.Single((await TextAsync(gateway, $"/api/jobs/{id}/results?state=failed")).TrimEnd('\n').Split('\n'));
        Assert.Single((await TextAsync(gateway, $"/api/jobs/{id}/results?limit=1")).TrimEnd('\n').Split('\n'));

        var rows = (await TextAsync(gateway, $"/api/jobs/{id}/results?format=csv")).Split("\r\n");
        Assert.Equal(5, rows.Length);
        Assert.StartsWith("index,id,item_id,item_name,state,", rows[0], StringComparison.Ordinal);
        Assert.Contains(",failed,rejected,\"The service answered 400: =1+1, \"\"no\"\"\",", rows[2], StringComparison.Ordinal);

        var first = await gateway.GetAsync($"/api/jobs/{id}/results?format=json&limit=2");
        var second = await gateway.GetAsync($"/api/jobs/{id}/results?format=json&limit=2&cursor={first.Text("next")}");
        Assert.Equal(
            [0, 1, 2], first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray())
                .Select(one => one.Whole("index")));
        Assert.True(second.IsNull("next"));
    }

    [Fact]
    public async Task Results_come_as_an_archive_with_a_file_for_each_under_a_safe_name()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item == "bad" ? Reply.Status(400, "no") : Reply.Json("""{"n":1}""");
        string[] names = ["../../etc/passwd", "C:\\\\x.jpg", "Urlaub \u00fc.jpg", "", "a/../b"];
        var images = names.Select((name, i) => $$"""{"image":"{{GatewayHost.Base64(i == 1 ? "bad" : $"{i}")}}","id":"{{name}}"}""");
        var id = (await gateway.PostAsync(
            "/api/visage/job", $$"""{"images":[{{string.Join(',', images)}}]}""", (int)GatewayHost.Taken)).Text("job_id");
        await gateway.EndOfAsync(id);

        using var answer = await gateway.Http.GetAsync(new Uri($"{gateway.Url}/api/jobs/{id}/results?format=zip"), Cancellation);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(
            ["0-_.._etc_passwd.json", "1-C__x.jpg.json", "2-Urlaub \u00fc.jpg.json", "3.json", "4-a_.._b.json"],
            archive.Entries.Select(entry => entry.FullName));
        using var document = await JsonDocument.ParseAsync(archive.Entries[0].Open(), default, Cancellation);
        Assert.Equal(1, document.RootElement.GetProperty("result").Whole("n"));
        using var failed = await gateway.Http.GetAsync(
            new Uri($"{gateway.Url}/api/jobs/{id}/results?format=zip&state=failed"), Cancellation);
        using var one = new ZipArchive(await failed.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("1-C__x.jpg.json", Assert.Single(one.Entries).FullName);
    }

    [Theory]
    [InlineData("Holiday 2030", "Holiday 2030")]
    [InlineData("a/../b: \u00fcber", "a_.._b_ \u00fcber")]
    [InlineData("", "visage-{id}")]
    public async Task A_download_is_called_as_its_job_with_the_format_as_its_ending(string name, string file)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("""{"n":1}""");
        var config = name.Length == 0 ? "" : $$""","config":{"job_name":{{JsonSerializer.Serialize(name)}}}""";
        var id = (await gateway.PostAsync(
            "/api/visage/job", $$"""{"images":["{{GatewayHost.Base64("a")}}"]{{config}}}""", (int)GatewayHost.Taken)).Text("job_id");
        await gateway.EndOfAsync(id);

        foreach (var format in (string[])["ndjson", "csv", "zip"])
        {
            using var answer = await gateway.Http.GetAsync(new Uri($"{gateway.Url}/api/jobs/{id}/results?format={format}"), Cancellation);
            var disposition = answer.Content.Headers.ContentDisposition!;
            Assert.Equal("attachment", disposition.DispositionType);
            Assert.Equal($"{file.Replace("{id}", id, StringComparison.Ordinal)}.{format}", disposition.FileNameStar);
        }
    }

    [Fact]
    public async Task A_table_of_photos_says_who_is_on_them_and_has_no_pictures()
    {
        await using var gateway = await GatewayHost.StartAsync();
        const string Ann = """{"id":"a","name":"Ann, \"A\"","image":"http://127.0.0.1/ann.jpg","confidence":97}""";
        const string Bea = """{"id":"b","name":"Bea","image":"/9j/AAE=","confidence":91.50}""";
        gateway.Visage.Script = call => call.Item switch
        {
            "none" => Reply.Json("""{"data":[[]]}"""),
            "bad" => Reply.Status(422, "{}"),
            _ => Reply.Json($$"""
                {"data":[[{"image":"/9j/AAE=","performers":[{{Ann}},{{Bea}}]},{"image":"eA==","performers":[{{Bea}}]},
                {"image":"eA==","performers":[{{Ann}}]},{"image":"eA==","performers":[]}]]}
                """),
        };
        var id = await gateway.SubmitAsync("both", "none", "bad");
        await gateway.EndOfAsync(id);

        var rows = (await TextAsync(gateway, $"/api/jobs/{id}/results?format=csv")).Split("\r\n");

        Assert.EndsWith(",result,people", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",\"Ann, \"\"A\"\"; Bea\"", rows[1], StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1/ann.jpg", rows[1], StringComparison.Ordinal);
        Assert.Contains("91.50", rows[1], StringComparison.Ordinal);
        Assert.DoesNotContain("eA==", rows[1], StringComparison.Ordinal);
        Assert.DoesNotContain("/9j/", rows[1], StringComparison.Ordinal);
        Assert.EndsWith("\"{\"\"data\"\":[[]]}\",", rows[2], StringComparison.Ordinal);
        Assert.EndsWith(",,", rows[3], StringComparison.Ordinal);
        Assert.Contains("/9j/AAE=", await TextAsync(gateway, $"/api/jobs/{id}/results"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order=finished&format=json", "order")]
    [InlineData("order=finished&format=zip", "order")]
    [InlineData("from=1&format=json", "from")]
    [InlineData("from=-1", "from")]
    [InlineData("format=json&follow=true", "follow")]
    [InlineData("format=zip&follow=true", "follow")]
    [InlineData("format=tar", "format")]
    [InlineData("state=running", "state")]
    [InlineData("cursor=AAAAAAAAAAE", "cursor")]
    public async Task What_does_not_go_together_is_refused(string query, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var id = await gateway.SubmitAsync("a");

        Assert.Equal(field, (await gateway.GetAsync($"/api/jobs/{id}/results?{query}", 422)).FirstError().Text("field"));
    }

    [Theory]
    [InlineData("item", "first", "second")]
    [InlineData("finished", "second", "first")]
    public async Task A_follower_gets_each_result_once_as_it_comes_and_the_end(string order, string before, string after)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(workers: 2);
        using var slow = new Gate();
        using var quick = new Gate();
        gateway.Visage.Script = call => Reply.Hold(call.Item == "first" ? slow : quick, Reply.Json($$"""{"item":"{{call.Item}}"}"""));
        var id = await gateway.SubmitAsync("first", "second");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(2, Cancellation);

        using var answer = await gateway.Http.GetAsync(
            new Uri($"{gateway.Url}/api/jobs/{id}/results?follow=true&order={order}"), HttpCompletionOption.ResponseHeadersRead,
                Cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
        if (order == "item") slow.Open();
        else quick.Open();
        Assert.Equal(before, Parse((await lines.ReadLineAsync(Cancellation))!).GetProperty("result").Text("item"));
        slow.Open();
        quick.Open();
        Assert.Equal(after, Parse((await lines.ReadLineAsync(Cancellation))!).GetProperty("result").Text("item"));
        Assert.Null(await lines.ReadLineAsync(Cancellation));
    }

    [Theory]
    [InlineData("follow=true")]
    [InlineData("follow=true&order=finished")]
    [InlineData("follow=true&format=csv")]
    public async Task A_stream_that_ends_before_its_job_is_cut_and_does_not_look_complete(string query)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(workers: 2);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item == "first" ? Reply.Json("{}") : Reply.Hold(gate, Reply.Json("{}"));
        var id = await gateway.SubmitAsync("first", "held");
        using var answer = await gateway.Http.GetAsync(
            new Uri($"{gateway.Url}/api/jobs/{id}/results?{query}"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        var stopping = gateway.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(Cancellation));

        gate.Open();
        await stopping;
        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task HEAD_of_a_followed_job_ends_at_once()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var id = await gateway.SubmitAsync("held");
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);

        using var head = await gateway.SendAsync(HttpMethod.Head, $"/api/jobs/{id}/results?follow=true").WaitAsync(
            TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal("application/x-ndjson", head.Content.Headers.ContentType?.MediaType);
        gate.Open();
    }

    private static async Task<string> TextAsync(GatewayHost gateway, string path) =>
        await gateway.Http.GetStringAsync(new Uri(gateway.Url + path), Cancellation);

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
