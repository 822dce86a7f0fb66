using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// Whatever door a photo comes in by, the same spellings of it are taken and refused, and what is taken reaches the service.
/// </summary>
public sealed class PhotoDoorTests
{
    /// <summary>Its base64 has both digits in which the alphabets differ, and padding.</summary>
    private const string Photo = "a photo?>?>!";

    private static readonly Dictionary<string, Func<string, (string Path, string Body)>> Doors = new()
    {
        ["job"] = photo => ("/api/visage/job", $$"""{"images":[{{photo}}]}"""),
        ["job, an object"] = photo => ("/api/visage/job", $$"""{"images":[{"item_id":1,"image":{{photo}} }]}"""),
        ["batch/identify"] = photo => ("/api/visage/batch/identify", $$"""{"images":[{{photo}}]}"""),
        ["batch"] = photo => ("/api/visage/batch", $$"""{"items":[{{photo}}]}"""),
        ["task, image"] = photo => ("/api/visage/task", $$"""{"image":{{photo}} }"""),
        ["task, image_data"] = photo => ("/api/visage/task", $$"""{"image_data":{{photo}} }"""),
        ["task, image_base64"] = photo => ("/api/visage/task", $$"""{"image_data":{"stash_image_id":"1","image_base64":{{photo}} } }"""),
        ["/api/batch"] = photo => ("/api/batch", $$"""{"type":"visage.identify","items":[{{photo}}]}"""),
        ["/api/batch, type last"] = photo => ("/api/batch", $$"""{"items":[{{photo}}],"type":"visage.identify"}"""),
        ["/api/batch, an object"] = photo => ("/api/batch", $$"""{"type":"visage.identify","items":[{"image_data":{{photo}},"id":"x"}]}"""),
        ["compare"] = photo => ("/api/visage/batch/compare", $$"""{"items":[{"image1":{{photo}},"person2":"Ann"}]}"""),
        ["one-to-many"] = photo => ("/api/visage/batch/one-to-many", $$"""{"target":{"person":"Ann"},"items":[{{photo}}]}"""),
        ["one-to-many, target"] = photo => ("/api/visage/batch/one-to-many", $$"""{"target":{{photo}},"items":[{"person":"Ann"}]}"""),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Spellings
    {
        get
        {
            var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Photo + "x"));
            return new()
            {
                { base64, true },
                { base64.TrimEnd('='), true },
                { base64.Replace('+', '-').Replace('/', '_'), true },
                { base64.Replace('+', '-').Replace('/', '_').TrimEnd('='), true },
                { "DATA:IMAGE/JPEG;BASE64," + base64, true },
                { " data:image/jpeg;base64," + base64 + "\n", true },
                { "data:;base64," + base64, true },
                { string.Join("\r\n  ", base64.Chunk(5).Select(part => new string(part))), true },
                { "data:image/jpeg," + base64, false },
                { "data:image/jpeg;base64," + base64.Replace("=", "%3D", StringComparison.Ordinal), false },
                { base64 + base64, false },
                { base64[..^3], false },
                { "", false },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Every_door_takes_the_same_spellings(string spelling, bool isTaken)
    {
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var (door, request) in Doors)
        {
            var (path, body) = request(JsonSerializer.Serialize(spelling));
            using var response = await gateway.SendAsync(HttpMethod.Post, path, body, ("Prefer", "wait=30"));
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True((int)response.StatusCode == (isTaken ? 200 : 422), $"{door}: {(int)response.StatusCode} {text}");
        }

        if (!isTaken) return;
        var sent = gateway.Visage.Ledger.Calls.Select(call => call.Call!.Text).ToList();
        Assert.Equal(Doors.Count, sent.Count);
        Assert.All(
            sent, text => Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(Photo + "x")), text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_may_be_larger_than_an_envelope_wherever_its_type_stands(bool isTypeFirst)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync(new() { ["MAX_ENVELOPE_BYTES"] = "20000" });
        var photos = Enumerable.Range(0, 30).Select(i => new string((char)('a' + (i % 26)), 10_000) + i).ToList();
        var items = string.Join(',', photos.Select(photo => $"\"{GatewayHost.Base64(photo)}\""));
        var answer = await gateway.PostAsync(
            "/api/batch",
            isTypeFirst
                ? $$"""{"type":"visage.identify","items":[{{items}}]}"""
                : $$"""{"items":[{{items}}],"type":"visage.identify","config":{"job_name":"late"} }""");
        Assert.Equal("visage.identify", answer.Text("type"));
        var job = await gateway.EndOfAsync(answer.Text("job_id"));
        Assert.Equal("completed", job.Text("status"));
        Assert.Equal(
            photos.Order(StringComparer.Ordinal), gateway.Visage.Ledger.Calls.Select(call => call.Item).Order(StringComparer.Ordinal));
        Assert.Equal(isTypeFirst ? "" : "late", job.Text("job_name"));
    }

    [Fact]
    public async Task One_key_of_two_batches_whose_type_comes_late_tells_them_apart()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var filler = new string('x', 700);
        var items = string.Join(',', Enumerable.Range(0, 300).Select(i => $$"""{"session_id":"s{{i}}","metadata":"{{filler}}"}"""));
        var body = $$"""{"items":[{{items}}],"type":"sessions"}""";
        using var first = await gateway.SendAsync(HttpMethod.Post, "/api/batch", body, ("Idempotency-Key", "k"));
        using var again = await gateway.SendAsync(HttpMethod.Post, "/api/batch", body, ("Idempotency-Key", "k"));
        using var other = await gateway.SendAsync(
            HttpMethod.Post, "/api/batch", body.Replace("\"s7\"", "\"t7\"", StringComparison.Ordinal), ("Idempotency-Key", "k"));
        Assert.Equal((GatewayHost.Taken, GatewayHost.Taken, 422), (first.StatusCode, again.StatusCode, (int)other.StatusCode));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
    }
}
