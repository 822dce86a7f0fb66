using StashAI.EndToEnd.Tests.Gateway;

namespace StashAI.EndToEnd.Tests.Uploads;

/// <summary>An upload that breaks leaves nothing behind.</summary>
public sealed class BrokenUploadTests
{
    private static readonly string[] Tables =
        ["queue_jobs", "queue_tasks", "task_payloads", "payloads", "payload_chunks", "payload_segments", "task_results", "task_attempts"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_goes_away_leaves_no_row_and_its_pages_are_used_again()
    {
        await using var gateway = await ServedGateway.StartAsync();
        await BreakAsync(gateway);
        var pages = Pages(gateway);

        for (var again = 0; again < 3; again++) await BreakAsync(gateway);

        Assert.InRange(Pages(gateway), 0, pages * 11 / 10);
        Assert.DoesNotContain(gateway.Process.StandardError, line => line.Contains(" fail: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_photo_at_the_end_leaves_no_row()
    {
        await using var gateway = await ServedGateway.StartAsync();

        await RefuseAsync(gateway);

        CheckEmpty(gateway);
    }

    [Fact]
    public async Task What_a_killed_server_had_taken_in_is_removed_by_the_next()
    {
        await using var gateway = await ServedGateway.StartAsync();
        using (var away = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        using (var upload = new PhotoUpload(photos: 3, blocksEach: 100) { PauseAfterBlocks = 250 })
        {
            var sending = gateway.Http.PostAsync("/api/visage/job", upload, away.Token);
            await PausedAsync(upload, sending);
            await gateway.Process.KillAsync();
            await away.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => sending);
        }

        Assert.NotEmpty(Files(gateway));
        await gateway.ServeAsync();
        // Each upload that ends badly also removes what others left.
        await EmptyAsync(gateway, RefuseAsync);
    }

    private static async Task BreakAsync(ServedGateway gateway)
    {
        using var away = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var upload = new PhotoUpload(photos: 5, blocksEach: 100) { PauseAfterBlocks = 450 };
        var sending = gateway.Http.PostAsync("/api/visage/job", upload, away.Token);
        await PausedAsync(upload, sending);
        await away.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await EmptyAsync(gateway, _ => gateway.GetAsync("/health"));
    }

    /// <summary>Waits until the upload pauses; fails when it ends before.</summary>
    private static async Task PausedAsync(PhotoUpload upload, Task<HttpResponseMessage> sending)
    {
        if (await Task.WhenAny(upload.Paused.WaitAsync(Cancellation), sending) != sending) return;
        using var response = await sending;
        Assert.Fail($"The upload ended before its time: {await response.Content.ReadAsStringAsync(Cancellation)}");
    }

    private static async Task RefuseAsync(ServedGateway gateway)
    {
        using var upload = new PhotoUpload(photos: 3, blocksEach: 50) { Spoiled = "%" };
        using var response = await gateway.Http.PostAsync("/api/visage/job", upload, Cancellation);
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Contains("images[2]", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>The server removes what is left on its own time; each request gives it some.</summary>
    private static async Task EmptyAsync(ServedGateway gateway, Func<ServedGateway, Task> meanwhile)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (Files(gateway).Length > 0 || Tables.Any(table => gateway.Query($"SELECT COUNT(*) FROM {table}")[0] > 0))
        {
            patience.Token.ThrowIfCancellationRequested();
            await meanwhile(gateway);
        }
    }

    private static void CheckEmpty(ServedGateway gateway)
    {
        Assert.Empty(Files(gateway));
        foreach (var table in Tables) Assert.Equal($"{table}: 0", $"{table}: {gateway.Query($"SELECT COUNT(*) FROM {table}")[0]}");
    }

    private static string[] Files(ServedGateway gateway)
    {
        var folder = Path.Combine(gateway.Folder, "data", "queue.db-payloads");
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private static long Pages(ServedGateway gateway) => gateway.Query("PRAGMA page_count")[0];
}
