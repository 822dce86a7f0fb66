using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Visage.Recognition;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Api;

public sealed class RefusalTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync() =>
        server = await VisageServer.StartAsync(
            files, options => options with { MaxBodyBytes = 100_000, MaxConcurrency = 1, MaxQueued = 1 });

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("{}", 400, "image_data is missing")]
    [InlineData("null", 400, "null")]
    [InlineData("\uFEFF{}", 400, "image_data is missing")]
    [InlineData("""{"image_data": "data:image\/png;base64,aGVsbG8g\u0064w"}""", 422, "not a picture")]
    [InlineData("", 400, "JSON")]
    [InlineData("{", 400, "JSON")]
    [InlineData("[]", 400, "wrong type")]
    [InlineData("""{"image_data": 5}""", 400, "image_data: must be a picture")]
    [InlineData("""{"image_data": "%%%"}""", 400, "not base64")]
    [InlineData("""{"image_data": "A"}""", 400, "in the middle of a group")]
    [InlineData("""{"image_data": "data:image/png,abc"}""", 400, "not base64")]
    [InlineData("""{"image_data": "https://example.org/a.jpg"}""", 400, "not fetched")]
    [InlineData("""{"image_data": ""}""", 422, "is empty")]
    [InlineData("""{"image_data": "aGVsbG8gd29ybGQ="}""", 422, "not a picture")]
    [InlineData("""{"image_data": "aGVsbG8gd29ybGQ"}""", 422, "not a picture")]
    [InlineData("""{"image_data": "aGVsbG8g\nd29y\u0062GQ="}""", 422, "not a picture")]
    [InlineData("""{"image_data": "AAAA", "threshold": 70}""", 422, "threshold")]
    [InlineData("""{"image_data": "AAAA", "threshold": -0.1}""", 422, "threshold")]
    [InlineData("""{"image_data": "AAAA", "threshold": "NaN"}""", 422, "threshold")]
    [InlineData("""{"image_data": "AAAA", "threshold": "high"}""", 400, "threshold")]
    [InlineData("""{"image_data": "AAAA", "results": 0}""", 422, "results")]
    [InlineData("""{"image_data": "AAAA", "results": 1.5}""", 400, "results")]
    [InlineData("""{"image_data": "AAAA", "results": 1001}""", 422, "results")]
    [InlineData("""{"image_data": "AAAA", "results": 1000}""", 422, "not a picture")]
    public async Task A_bad_request_is_refused_with_its_reason(string body, int status, string reason)
    {
        var answer = await server.SendAsync(HttpMethod.Post, "/api/predict_1", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("StashAI.", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/predict_1", """{"image_data":"AAAA","treshold":0.5}""", "treshold", "Did you mean 'threshold'?")]
    [InlineData("/api/predict_1", """{"image_data":"AAAA","image_data":"AAAB"}""", "image_data", "more than once")]
    [InlineData("/api/compare_faces", """{"person1":"A","person2":"B","face1":{"inx":1}}""", "face1.inx", "is not known")]
    [InlineData("/api/gallery/people", """{"name":"A","fotos":[]}""", "fotos", "is not known")]
    [InlineData("/api/cluster", """{"faces":[],"x":1}""", "x", "is not known")]
    public async Task A_field_that_nobody_reads_is_refused_by_name(string route, string body, string field, string reason)
    {
        var answer = await server.SendAsync(HttpMethod.Post, route, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(400, answer.Status);
        Assert.Equal(field, answer["errors"][0]!["field"]!.GetValue<string>());
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("StashAI.", answer.Detail, StringComparison.Ordinal);
        Assert.False(answer["errors"][0]!["reason"]!.GetValue<string>().StartsWith(field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/gallery/people?limt=1", "limt", "Did you mean 'limit'?")]
    [InlineData("/api/gallery/people?limit=1&limit=2", "limit", "more than once")]
    [InlineData("/api/person_names?limit=1", "limit", "It has none.")]
    [InlineData("/api/gallery/export?name=x", "name", "It has none.")]
    public async Task A_parameter_that_nobody_reads_is_refused_by_name(string route, string field, string reason)
    {
        var answer = await server.GetAsync(route);

        Assert.Equal(422, answer.Status);
        Assert.Equal(field, answer["errors"][0]!["field"]!.GetValue<string>());
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync("/health?t=1")).Status);
        Assert.Equal(200, (await server.GetAsync("/api/gallery/people?limit=1&search=x")).Status);
    }

    [Fact]
    public async Task A_decompression_bomb_gets_a_413_with_the_limit()
    {
        var answer = await server.PredictAsync(TestPictures.PngHeader(30_000, 30_000));
        Assert.Equal(413, answer.Status);
        Assert.Contains("30000 x 30000", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_gets_a_413_that_names_the_setting()
    {
        var announced = await server.PredictAsync(new byte[100_000]);
        Assert.Equal(413, announced.Status);
        Assert.Contains("VISAGE_MAX_BODY_BYTES", announced.Detail, StringComparison.Ordinal);

        using var streamed = new HttpRequestMessage(HttpMethod.Post, "/api/predict_1")
        {
            Content = new StringContent($"{{\"image_data\":\"{new string('A', 120_000)}\"}}", Encoding.UTF8, "application/json"),
        };
        streamed.Headers.TransferEncodingChunked = true;
        using var response = await server.Client.SendAsync(streamed, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("VISAGE_MAX_BODY_BYTES", (await Answer.ReadAsync(response)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_gets_a_415()
    {
        var answer = await server.SendAsync(
            HttpMethod.Post, "/api/predict_1", new StringContent("image_data=abc", Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal(415, answer.Status);
    }

    [Fact]
    public async Task A_full_queue_answers_429_with_Retry_After_and_later_admits_requests_again()
    {
        var gate = server.Services.GetRequiredService<WorkGate>();
        using (gate.TryAdmit())
        using (gate.TryAdmit())
        {
            var refused = await server.PredictAsync(TestPictures.Landscape());
            Assert.Equal(429, refused.Status);
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
            Assert.Contains("VISAGE_MAX_QUEUED", refused.Detail, StringComparison.Ordinal);
            Assert.Equal(2, (await server.GetAsync("/health"))["queued"].GetValue<int>());
        }

        Assert.Equal(200, (await server.PredictAsync(TestPictures.Landscape())).Status);
        Assert.Equal(0, (await server.GetAsync("/health"))["queued"].GetValue<int>());
    }

    [Theory]
    [InlineData("/api/compare_faces")]
    [InlineData("/api/batch_compare_many_to_many")]
    [InlineData("/api/predict_4")]
    public async Task Comparing_people_waits_in_the_same_queue(string route)
    {
        var gate = server.Services.GetRequiredService<WorkGate>();
        using (gate.TryAdmit())
        using (gate.TryAdmit())
            Assert.Equal(429, (await server.PostAsync(route, new { })).Status);
    }

    [Fact]
    public async Task The_total_size_of_admitted_bodies_is_limited()
    {
        await using var roomy = await VisageServer.StartAsync(files, options => options with { MaxBodyBytes = 100_000, MaxQueued = 100 });
        var gate = roomy.Services.GetRequiredService<WorkGate>();
        var inside = Enumerable.Range(0, 4).Select(_ => gate.TryAdmit(bodyBytes: null)).ToList();
        Assert.DoesNotContain(null, inside);

        Assert.Equal(429, (await roomy.PredictAsync(TestPictures.Landscape())).Status);

        inside[0]!.Dispose();
        inside[0]!.Dispose();
        Assert.Equal(200, (await roomy.PredictAsync(TestPictures.Landscape())).Status);
    }

    [Fact]
    public async Task Photos_do_not_take_the_threads_that_answer_health()
    {
        var gate = server.Services.GetRequiredService<WorkGate>();
        Assert.False(await gate.RunAsync(_ => Thread.CurrentThread.IsThreadPoolThread, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("evil.example:9997", 421)]
    [InlineData("localhost:9997", 200)]
    [InlineData("192.168.1.5", 200)]
    [InlineData("[::1]:9997", 200)]
    public async Task The_Host_header_must_be_an_IP_address_or_localhost(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Host = host;
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("http://localhost:9999", true)]
    [InlineData("http://192.168.1.5:9999", true)]
    [InlineData("https://evil.example", false)]
    public async Task Pages_from_this_machine_and_private_networks_may_read_answers(string origin, bool isAllowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("Origin", origin);
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(isAllowed, response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/api/predict_1", 405)]
    [InlineData("GET", "/api/gallery/people/not-an-id", 404)]
    [InlineData("GET", "/api/gallery/people/01990000-0000-7000-8000-000000000000", 404)]
    [InlineData("GET", "/api/gallery/people?limit=0", 422)]
    [InlineData("GET", "/api/gallery/people?after=x", 422)]
    public async Task A_wrong_address_gets_a_problem_document(string method, string path, int status)
    {
        var answer = await server.SendAsync(new HttpMethod(method), path);
        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.NotEmpty(answer.Detail);
    }

    [Fact]
    public async Task A_broken_upload_frees_its_slot()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(
                server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
            var start = "POST /api/predict_1 HTTP/1.1\r\nHost: localhost\r\n"u8
                + "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"image"u8;
            socket.GetStream().Write(start);
        }

        Assert.Equal(200, (await server.PredictAsync(TestPictures.Landscape())).Status);
    }
}
