using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary><c>/v1/uploads</c>: files that come in parts.</summary>
public sealed class PartUploadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parts_of_any_size_in_any_order_become_one_file()
    {
        await using var host = await OpenAiHost.StartAsync();
        var random = new Random(3);
        for (var run = 0; run < 6; run++)
        {
            var bytes = new byte[run == 0 ? 0 : random.Next(1, 4_000_000)];
            random.NextBytes(bytes);
            var upload = await BeginAsync(host, bytes.Length);
            Assert.Equal(("upload", "pending", true), (upload.Text("object"), upload.Text("status"), upload.IsNull("file")));
            List<(int From, int To)> places = [];
            for (var at = 0; at < bytes.Length;)
            {
                var to = Math.Min(bytes.Length, at + random.Next(1, 1_500_000));
                places.Add((at, to));
                at = to;
            }

            var order = places.ToArray();
            random.Shuffle(order);
            var ids = new Dictionary<int, string>();
            foreach (var (from, to) in order)
            {
                var part = await PartAsync(host, upload.Text("id"), bytes[from..to]);
                Assert.Equal(("upload.part", upload.Text("id")), (part.Text("object"), part.Text("upload_id")));
                ids[from] = part.Text("id");
            }

            var md5 = run % 2 == 0 ? $",\"md5\":\"{Convert.ToHexString(MD5Of(bytes))}\"" : "";
            var body = $$"""{"part_ids":{{JsonSerializer.Serialize(places.Select(place => ids[place.From]))}}{{md5}}}""";
            var done = await host.PostAsync($"/v1/uploads/{upload.Text("id")}/complete", body);

            Assert.Equal("completed", done.Text("status"));
            var file = done.GetProperty("file");
            Assert.Equal(("a.bin", "user_data", bytes.Length), (file.Text("filename"), file.Text("purpose"), file.Whole("bytes")));
            Assert.Equal(bytes, await host.Http.GetByteArrayAsync($"/v1/files/{file.Text("id")}/content", Cancellation));
            // Repeated, it is the same file.
            Assert.Equal(
                file.Text("id"), (await host.PostAsync($"/v1/uploads/{upload.Text("id")}/complete", body)).GetProperty("file").Text("id"));
            await host.PostAsync($"/v1/uploads/{upload.Text("id")}/cancel", status: 409);
        }

        Assert.Equal(6, (await host.GetAsync("/v1/files")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task What_was_completed_is_not_completed_otherwise()
    {
        await using var host = await OpenAiHost.StartAsync();
        var upload = (await BeginAsync(host, 4)).Text("id");
        var (a, b) = ((await PartAsync(host, upload, [1, 2])).Text("id"), (await PartAsync(host, upload, [3, 4])).Text("id"));
        var (first, other) = (Convert.ToHexString(MD5Of([1, 2, 3, 4])), Convert.ToHexString(MD5Of([3, 4, 1, 2])));
        var done = await CompleteAsync($$"""{"part_ids":["{{a}}","{{b}}"]}""");

        Assert.Equal(done.ToString(), (await CompleteAsync($$"""{"part_ids":["{{a}}","{{b}}"],"md5":"{{first}}"}""")).ToString());
        Assert.Equal("part_ids", (await CompleteAsync($$"""{"part_ids":["{{b}}","{{a}}"]}""", 400)).Text("param"));
        Assert.Equal("part_ids", (await CompleteAsync($$"""{"part_ids":["{{a}}"]}""", 400)).Text("param"));
        Assert.Equal("part_ids", (await CompleteAsync($$"""{"part_ids":["{{a}}",7]}""", 400)).Text("param"));
        Assert.Equal("part_ids", (await CompleteAsync("{}", 400)).Text("param"));
        Assert.Equal("md5", (await CompleteAsync($$"""{"part_ids":["{{a}}","{{b}}"],"md5":"{{other}}"}""", 400)).Text("param"));
        Assert.Single((await host.GetAsync("/v1/files")).GetProperty("data").EnumerateArray());

        Task<JsonElement> CompleteAsync(string body, int status = 200) => host.PostAsync($"/v1/uploads/{upload}/complete", body, status);
    }

    [Fact]
    public async Task A_part_that_was_sent_twice_counts_once()
    {
        await using var host = await OpenAiHost.StartAsync();
        var upload = (await BeginAsync(host, 3)).Text("id");
        await PartAsync(host, upload, [1, 2, 3]);

        var second = (await PartAsync(host, upload, [1, 2, 3])).Text("id");

        Assert.Equal("data", (await PartAsync(host, upload, [4], 400)).Text("param"));
        var done = await host.PostAsync($"/v1/uploads/{upload}/complete", $$"""{"part_ids":["{{second}}"]}""");
        Assert.Equal(3, done.GetProperty("file").Whole("bytes"));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_can_be_mended()
    {
        await using var host = await OpenAiHost.StartAsync();
        var upload = (await BeginAsync(host, 4)).Text("id");
        var (a, b) = ((await PartAsync(host, upload, [1, 2])).Text("id"), (await PartAsync(host, upload, [3, 4])).Text("id"));
        var complete = $"/v1/uploads/{upload}/complete";

        Assert.Equal("part_ids", await ToldAsync(complete, "{}"));
        Assert.Equal("part_ids", await ToldAsync(complete, $$"""{"part_ids":["{{a}}"]}"""));
        Assert.Equal("part_ids", await ToldAsync(complete, $$"""{"part_ids":["{{a}}","{{a}}"]}"""));
        Assert.Equal("part_ids", await ToldAsync(complete, $$"""{"part_ids":["{{a}}","part_none"]}"""));
        Assert.Equal("part_ids", await ToldAsync(complete, $$"""{"part_ids":["{{a}}",7]}"""));
        Assert.Equal("md5", await ToldAsync(complete, $$"""{"part_ids":["{{a}}","{{b}}"],"md5":"short"}"""));
        var wrong = Convert.ToHexString(MD5Of([3, 4, 1, 2]));
        Assert.Equal("md5", await ToldAsync(complete, $$"""{"part_ids":["{{a}}","{{b}}"],"md5":"{{wrong}}"}"""));
        Assert.Equal("data", (await PartAsync(host, upload, new byte[5], 400)).Text("param"));
        using var empty = new MultipartFormDataContent { { new StringContent("x"), "other" } };
        var answer = await host.Http.PostAsync($"/v1/uploads/{upload}/parts", empty, Cancellation);
        Assert.Equal("data", (await OpenAiHost.ReadAsync(answer, 400)).Text("param"));
        Assert.Empty((await host.GetAsync("/v1/files")).GetProperty("data").EnumerateArray());
        // The other order is what the digest says.
        var done = await host.PostAsync(complete, $$"""{"part_ids":["{{b}}","{{a}}"],"md5":"{{wrong}}"}""");
        Assert.Equal(
            new byte[] { 3, 4, 1, 2 },
            await host.Http.GetByteArrayAsync($"/v1/files/{done.GetProperty("file").Text("id")}/content", Cancellation));
        await PartAsync(host, upload, [1], 409);

        async Task<string?> ToldAsync(string path, string body) => (await host.PostAsync(path, body, 400)).Text("param");
    }

    [Fact]
    public async Task An_upload_is_begun_with_what_a_file_needs_and_within_the_limits()
    {
        await using var host = await OpenAiHost.StartAsync(new() { ["MAX_OPEN_UPLOADS"] = "2", ["MAX_FILE_BYTES"] = "100" });

        Assert.Equal("filename", await ToldAsync("""{"purpose":"batch","bytes":1,"mime_type":"x"}"""));
        Assert.Equal("filename", await ToldAsync("""{"filename":"a\u0000","purpose":"evals","bytes":1,"mime_type":"x"}"""));
        Assert.Equal("mime_type", await ToldAsync("""{"filename":"a","purpose":"evals","bytes":1,"mime_type":"x\u0000"}"""));
        Assert.Equal("purpose", await ToldAsync("""{"filename":"a","purpose":"fun","bytes":1,"mime_type":"x"}"""));
        Assert.Equal("filename", await ToldAsync("""{"filename":"a.txt","purpose":"batch","bytes":1,"mime_type":"x"}"""));
        Assert.Equal("bytes", await ToldAsync("""{"filename":"a","purpose":"evals","mime_type":"x"}"""));
        Assert.Equal("bytes", await ToldAsync("""{"filename":"a","purpose":"evals","bytes":-1,"mime_type":"x"}"""));
        Assert.Equal("bytes", await ToldAsync("""{"filename":"a","purpose":"evals","bytes":101,"mime_type":"x"}"""));
        Assert.Equal("mime_type", await ToldAsync("""{"filename":"a","purpose":"evals","bytes":1}"""));
        Assert.Equal(
            "expires_after.seconds",
            await ToldAsync("""{"filename":"a","purpose":"evals","bytes":1,"mime_type":"x","expires_after":{"anchor":"created_at"}}"""));
        var first = (await BeginAsync(host, 1)).Text("id");
        await BeginAsync(host, 1);
        var third = await BeginAsync(host, 1, 400);
        Assert.Equal("too_many_uploads", third.Text("code"));
        Assert.Equal("cancelled", (await host.PostAsync($"/v1/uploads/{first}/cancel")).Text("status"));
        Assert.Equal("cancelled", (await host.PostAsync($"/v1/uploads/{first}/cancel")).Text("status"));
        await BeginAsync(host, 1);
        await host.PostAsync($"/v1/uploads/{first}/complete", """{"part_ids":[]}""", 409);
        await host.PostAsync("/v1/uploads/upload_none/cancel", status: 404);

        async Task<string?> ToldAsync(string body) => (await host.PostAsync("/v1/uploads", body, 400)).Text("param");
    }

    private static async Task<JsonElement> BeginAsync(OpenAiHost host, long bytes, int status = 200) => await host.PostAsync(
        "/v1/uploads",
        $$"""{"filename":"a.bin","purpose":"user_data","bytes":{{bytes}},"mime_type":"application/octet-stream"}""", status);

    private static async Task<JsonElement> PartAsync(OpenAiHost host, string upload, byte[] bytes, int status = 200)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(bytes), "data", "blob" } };
        return await OpenAiHost.ReadAsync(await host.Http.PostAsync($"/v1/uploads/{upload}/parts", form, Cancellation), status);
    }

    private static byte[] MD5Of(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(bytes);
        return hash.GetHashAndReset();
    }
}
