using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>The <c>Idempotency-Key</c> of uploads, and of every other request under <c>/v1</c> that changes something.</summary>
public sealed class RepeatedUploadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_sent_again_with_its_key_is_the_same_file()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["MAX_FILES"] = "2" });
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);

        var first = await SendAsync(bytes, "a.bin", "k");
        // It needs no more room.
        await SendAsync([1], "b.bin", null);
        var again = await SendAsync(bytes, "a.bin", "k");

        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal(bytes, await host.Http.GetByteArrayAsync($"/v1/files/{first.Text("id")}/content", Cancellation));
        Assert.Equal(2, (await host.GetAsync("/v1/files")).GetProperty("data").GetArrayLength());
        bytes[^1] ^= 1;
        Assert.Equal("Idempotency-Key", (await SendAsync(bytes, "a.bin", "k", 400)).Text("param"));
        Assert.Equal("Idempotency-Key", (await SendAsync([.. bytes, 1], "a.bin", "k", 400)).Text("param"));
        Assert.Equal("Idempotency-Key", (await SendAsync([1], "a.bin", "k", 400)).Text("param"));
        bytes[^1] ^= 1;
        Assert.Equal("Idempotency-Key", (await SendAsync(bytes, "c.bin", "k", 400)).Text("param"));
        // Once it is deleted, the key is as new.
        await OpenAiHost.ReadAsync(await host.Http.DeleteAsync($"/v1/files/{first.Text("id")}", Cancellation), 200);
        Assert.Equal(1, (await SendAsync([1], "c.bin", "k")).Whole("bytes"));

        async Task<JsonElement> SendAsync(byte[] content, string name, string? key, int status = 200)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files")
            {
                Content = OpenAiHost.Form(content, name, "user_data"),
            };
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            return await OpenAiHost.ReadAsync(await host.Http.SendAsync(request, Cancellation), status);
        }
    }

    [Fact]
    public async Task An_upload_and_its_parts_are_the_same_when_they_are_sent_again_with_their_keys()
    {
        await using var host = await OpenAiHost.StartAsync();
        var upload = await BeginAsync(4, "k");

        Assert.Equal(upload.ToString(), (await BeginAsync(4, "k")).ToString());
        Assert.Equal("Idempotency-Key", (await BeginAsync(5, "k", 400)).Text("param"));
        Assert.NotEqual(upload.Text("id"), (await BeginAsync(4, null)).Text("id"));
        var first = await PartAsync([1, 2], "p");
        Assert.Equal(first.ToString(), (await PartAsync([1, 2], "p")).ToString());
        Assert.Equal("Idempotency-Key", (await PartAsync([1, 3], "p", 400)).Text("param"));
        var second = await PartAsync([3, 4], "q");
        var body = $$"""{"part_ids":["{{first.Text("id")}}","{{second.Text("id")}}"]}""";
        var done = await CompleteAsync(body);

        Assert.Equal(done.ToString(), (await CompleteAsync(body)).ToString());
        Assert.Equal(done.ToString(), (await BeginAsync(4, "k")).ToString());
        var stored = await host.Http.GetByteArrayAsync($"/v1/files/{done.GetProperty("file").Text("id")}/content", Cancellation);
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, stored);

        Task<JsonElement> BeginAsync(int bytes, string? key, int status = 200) => SendAsync(
            "/v1/uploads",
            new StringContent(
                $$"""{"filename":"a.bin","purpose":"user_data","bytes":{{bytes}},"mime_type":"application/octet-stream"}""", null,
                "application/json"),
            key, status);

        Task<JsonElement> PartAsync(byte[] bytes, string key, int status = 200) => SendAsync(
            $"/v1/uploads/{upload.Text("id")}/parts", new MultipartFormDataContent { { new ByteArrayContent(bytes), "data", "blob" } }, key,
            status);

        Task<JsonElement> CompleteAsync(string json) => SendAsync(
            $"/v1/uploads/{upload.Text("id")}/complete", new StringContent(json, null, "application/json"), "c", 200);

        async Task<JsonElement> SendAsync(string path, HttpContent content, string? key, int status)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            return await OpenAiHost.ReadAsync(await host.Http.SendAsync(request, Cancellation), status);
        }
    }

    [Fact]
    public async Task A_key_makes_another_upload_once_its_first_has_expired_also_while_the_file_of_that_is_kept()
    {
        var expired = new HashSet<Guid>();
        await using var host = await OpenAiHost.StartAsync(configure: builder => Intercepting.In<IClientUploads>(
            builder, (method, args) => method == "FindUploadAsync" && expired.Contains((Guid)args[0]!)
                ? Task.FromResult<ClientUpload?>(null)
                : null));
        var first = await SendFileAsync("ab");
        expired.Add(Guid.ParseExact(first.Text("id")["file-".Length..], "N"));

        var second = await SendFileAsync("cd");

        Assert.NotEqual(first.Text("id"), second.Text("id"));
        Assert.Equal("ab", await host.Http.GetStringAsync($"/v1/files/{first.Text("id")}/content", Cancellation));
        Assert.Equal("cd", await host.Http.GetStringAsync($"/v1/files/{second.Text("id")}/content", Cancellation));

        async Task<JsonElement> SendFileAsync(string text)
        {
            using var begin = new HttpRequestMessage(HttpMethod.Post, "/v1/uploads")
            {
                Content = new StringContent(
                    """{"filename":"a.txt","purpose":"user_data","bytes":2,"mime_type":"text/plain"}""", null, "application/json"),
            };
            begin.Headers.Add("Idempotency-Key", "k");
            var upload = await OpenAiHost.ReadAsync(await host.Http.SendAsync(begin, Cancellation), 200);
            Assert.Equal("pending", upload.Text("status"));
            using var form = new MultipartFormDataContent { { new StringContent(text), "data", "blob" } };
            var part = await OpenAiHost.ReadAsync(
                await host.Http.PostAsync($"/v1/uploads/{upload.Text("id")}/parts", form, Cancellation), 200);
            var body = $$"""{"part_ids":["{{part.Text("id")}}"]}""";
            return (await host.PostAsync($"/v1/uploads/{upload.Text("id")}/complete", body)).GetProperty("file");
        }
    }

    [Fact]
    public async Task A_cancel_that_is_repeated_with_its_key_is_no_error()
    {
        await using var host = await OpenAiHost.StartAsync();
        host.Engine.Script = _ => Reply.Hang();
        var batch = (await host.SubmitAsync("", OpenAiHost.Line("a", "x"))).Text("id");
        await host.Engine.Ledger.WaitForCallsAsync(1, Cancellation);

        await CancelAsync("k", 200);
        await host.UntilAsync(batch, "cancelled");

        Assert.Equal("cancelled", (await CancelAsync("k", 200)).Text("status"));
        await CancelAsync(null, 409);

        async Task<JsonElement> CancelAsync(string? key, int status)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/batches/{batch}/cancel");
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            return await OpenAiHost.ReadAsync(await host.Http.SendAsync(request, Cancellation), status);
        }
    }

    [Fact]
    public async Task Every_request_that_makes_or_ends_something_knows_the_key()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var document = await gateway.GetAsync("/openapi.json");

        var without = from path in document.GetProperty("paths").EnumerateObject()
                      where path.Name.StartsWith("/v1/", StringComparison.Ordinal)
                      from operation in path.Value.EnumerateObject()
                      where operation.Name == "post" && !operation.Value.ToString().Contains("Idempotency-Key", StringComparison.Ordinal)
                      select path.Name;

        Assert.Empty(without);
    }
}
