using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Tests.Routes;
using StashAI.Hosting.Bodies;
using StashAI.Server.Hosting;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Connections;

/// <summary>Clients that send too slowly, or nothing at all.</summary>
public sealed class SlowClientTests
{
    private const string Declaration = "name: translate\nurl: http://127.0.0.1:9\noperations:\n"
        + "  go: {item: string, request: {path: /x, json: {q: \"{{ item }}\"}}}";

    private static readonly string[] Tables = ["queue_jobs", "queue_tasks", "task_payloads", "payloads", "payload_chunks"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/visage/job", "application/json", "{\"images\":[\"")]
    [InlineData("/api/visage/batch/compare", "application/json", "{\"x\":\"")]
    [InlineData("/api/translate/batch", "application/x-ndjson", "{\"item\":\"a\"}\n{\"item\":\"")]
    [InlineData(
        "/api/translate/batch", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nhello")]
    [InlineData("/api/interactions", "application/json", "{\"a\":\"")]
    public async Task An_upload_that_hardly_moves_is_ended_and_leaves_nothing_behind(string route, string type, string start)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("translate.yaml"), Declaration, Cancellation);
        await using var gateway = await StartAsync(new UploadPace(1000, TimeSpan.FromMilliseconds(300)), services: folder.Path);
        using var client = await RawClient.ConnectAsync(gateway.Url);
        await client.SendAsync(
            $"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{start.Length:x}\r\n"
            + $"{start}\r\n");
        using var dripping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        // A byte every twenty milliseconds is the load itself.
        var drip = DripAsync(client, dripping.Token);
        var answer = await client.ReadAsync();
        await dripping.CancelAsync();
        await drip;

        Assert.Equal(408, RawClient.StatusOf(answer));
        Assert.Contains("MIN_UPLOAD_BYTES_PER_SECOND", answer + await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(gateway.Errors.Lines);
        foreach (var table in Tables) Assert.Equal(0, await CountAsync(gateway, table));
    }

    [Fact]
    public async Task An_upload_that_is_slow_and_moves_is_taken()
    {
        await using var gateway = await StartAsync(new UploadPace(100, TimeSpan.FromMilliseconds(100)));
        using var client = await RawClient.ConnectAsync(gateway.Url);
        await client.SendAsync(
            "POST /api/visage/job HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=0\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n");
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));

        await client.SendAsync("c\r\n{\"images\":[\"\r\n");
        for (var i = 0; i < 40 && await pace.WaitForNextTickAsync(Cancellation); i++)
        {
            await client.SendAsync($"400\r\n{new string('A', 1024)}\r\n");
        }

        await client.SendAsync("3\r\n\"]}\r\n0\r\n\r\n");

        Assert.Equal(202, await client.StatusAsync());
    }

    [Fact]
    public async Task A_head_that_never_ends_and_a_connection_without_a_request_are_closed()
    {
        await using var gateway = await StartAsync(UploadPace.Default, TimeSpan.FromMilliseconds(300));
        using var head = await RawClient.ConnectAsync(gateway.Url);
        using var nothing = await RawClient.ConnectAsync(gateway.Url);
        using var after = await RawClient.ConnectAsync(gateway.Url);
        await head.SendAsync("GET /health HTTP/1.1\r\nHost: loc");
        await after.SendAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, await after.StatusAsync());

        Assert.Equal(408, RawClient.StatusOf(await head.ReadToEndAsync()));
        Assert.Equal("", await nothing.ReadToEndAsync());
        await after.ReadToEndAsync();
    }

    private static Task<GatewayHost> StartAsync(UploadPace pace, TimeSpan? patience = null, string? services = null) =>
        GatewayHost.StartAsync(
            new() { ["SERVICES_DIR"] = services }, configure: builder => builder.Services.AddSingleton(new ConnectionSettings(1000, pace)
            {
                HeadTimeout = patience ?? TimeSpan.FromSeconds(30),
                IdleTimeout = patience ?? TimeSpan.FromSeconds(130),
            }));

    private static async Task DripAsync(RawClient client, CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await pace.WaitForNextTickAsync(cancellation)) await client.TrySendAsync("1\r\nA\r\n");
        }
        catch (OperationCanceledException)
        {
            // The answer is there.
        }
    }

    private static async Task<long> CountAsync(GatewayHost gateway, string table)
    {
        await using var connection = new SqliteConnection($"Data Source={gateway.DatabasePath};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
