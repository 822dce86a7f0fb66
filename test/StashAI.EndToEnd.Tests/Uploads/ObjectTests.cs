using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Objects;
using StashAI.Testing.Postgres;

namespace StashAI.EndToEnd.Tests.Uploads;

/// <summary>A server whose photos are objects of an S3 bucket.</summary>
public abstract class ObjectTests(PostgresFixture? postgres)
{
    private static readonly string[] Photos = [new('a', 50_000), new('b', 3_000_000), new('c', 1_100_000), new('d', 20_000)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite() : ObjectTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : ObjectTests(postgres);

    [Fact]
    public async Task Photos_are_objects_of_a_real_server_and_go_with_their_job()
    {
        await using var server = await S3Rver.StartAsync(Cancellation);
        Assert.SkipWhen(server is null, "s3rver is not installed; ./test.sh --prepare installs it.");
        await using var gateway = await StartAsync(server.Payloads, S3Rver.Key, S3Rver.Key);

        await LiveAsync(gateway, () => server.Keys.Count);

        Assert.False(Directory.Exists(Path.Combine(gateway.Data, "queue.db-payloads")));
    }

    [Fact]
    public async Task Photos_are_objects_whose_server_checks_signatures_and_the_key_is_never_printed()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(server.Payloads, ScriptedS3.KeyId, ScriptedS3.Secret);

        await LiveAsync(gateway, () => server.Objects.Count);

        var shown = (await gateway.GetAsync("/api/server")).GetRawText()
            + string.Join('\n', [.. gateway.Process.StandardOutput, .. gateway.Process.StandardError]);
        Assert.DoesNotContain(ScriptedS3.KeyId, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedS3.Secret, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_bucket_is_away_submits_are_refused_and_tasks_wait()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(server.Payloads, ScriptedS3.KeyId, ScriptedS3.Secret);
        // More breaks than an attempt makes requests, and more attempts than a task has for faults of its own.
        var breaks = 24;
        server.Script = (_, words) => words.StartsWith("GET stash", StringComparison.Ordinal) && Interlocked.Decrement(ref breaks) >= 0
            ? S3Fault.Break : S3Fault.None;
        var job = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        Assert.Equal("completed", (await gateway.EndOfAsync(job)).GetProperty("status").GetString());
        Assert.InRange(breaks, int.MinValue, 0);

        server.Script = (_, _) => S3Fault.Break;
        using var refused = await PostAsync(gateway, Photos);
        var answer = await refused.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("photos", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("s3://", answer, StringComparison.Ordinal);

        server.Script = (_, _) => S3Fault.None;
        var second = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        Assert.Equal("completed", (await gateway.EndOfAsync(second)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_a_killed_server_had_uploaded_is_removed_by_the_next()
    {
        await using var server = await ScriptedS3.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await StartAsync(server.Payloads, ScriptedS3.KeyId, ScriptedS3.Secret, leaseSeconds: 4);
        var part = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Script = (_, words) =>
        {
            if (words.EndsWith("partNumber=1", StringComparison.Ordinal)) return part.TrySetResult() ? S3Fault.None : S3Fault.Break;
            return part.Task.IsCompleted ? S3Fault.Break : S3Fault.None;
        };
        var sending = PostAsync(gateway, [new string('a', 9_000_000), new string('b', 9_000_000)]);
        await part.Task.WaitAsync(Cancellation);

        await gateway.Process.KillAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        Assert.Equal(1, server.Uploads);
        server.Script = (_, _) => S3Fault.None;
        await gateway.ServeAsync();
        // A machine that is busy for longer than this short lease makes the server refuse submits, so it is not asked for one.
        while (server.Uploads > 0 || server.Objects.Count > 0) await gateway.GetAsync("/health");
    }

    [Fact]
    public async Task An_upload_that_cannot_be_removed_is_refused_for_what_is_wrong_with_it()
    {
        await using var server = await ScriptedS3.StartAsync(minPart: 1, Cancellation);
        await using var gateway = await StartAsync(server.Payloads, ScriptedS3.KeyId, ScriptedS3.Secret);
        server.Script = (_, words) => words.StartsWith("DELETE", StringComparison.Ordinal) ? S3Fault.Denied : S3Fault.None;

        // Its first part of 8 MiB is sent before the end is read.
        await RefuseAsync(gateway, photo: 16_000_000);

        Assert.Equal(1, server.Uploads);
        Assert.Contains(server.Requests, words => words.StartsWith("DELETE", StringComparison.Ordinal));
    }

    private async Task<ServedGateway> StartAsync(string payloads, string id, string secret, int leaseSeconds = 3600) =>
        await ServedGateway.StartAsync(
        leaseSeconds: leaseSeconds,
        database: postgres is null ? null : await postgres.CreateDatabaseAsync(Cancellation),
        settings:
        [
            ("PAYLOADS", payloads), ("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret), ("DIRECT_MAX_ITEMS", "1"),
            ("SECRETS_KEY", new string('k', 32)),
        ]);

    /// <summary>Photos in, the same bytes to the service, the job removed, the bucket empty.</summary>
    private static async Task LiveAsync(ServedGateway gateway, Func<int> objects)
    {
        var job = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        Assert.Equal("completed", (await gateway.EndOfAsync(job)).GetProperty("status").GetString());
        Assert.All(Photos, photo => Assert.NotEmpty(gateway.Visage.Ledger.CallsOf(photo)));
        Assert.Equal(1, objects());

        using var removed = await gateway.Http.DeleteAsync($"/api/jobs/{job}", Cancellation);

        Assert.True(removed.IsSuccessStatusCode, $"{removed}");
        while (objects() > 0) await RefuseAsync(gateway);
    }

    /// <summary>The removal of an object beside it never changes what a client is told of its own upload.</summary>
    private static async Task RefuseAsync(ServedGateway gateway, int photo = 400_000)
    {
        using var content = new StringContent(
            $$"""{"images":["{{new string('A', photo)}}","%%%"]}""", Encoding.UTF8, "application/json");
        using var response = await gateway.Http.PostAsync("/api/visage/job", content, Cancellation);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.UnprocessableEntity, $"{response.StatusCode}: {answer}");
    }

    private static Task<HttpResponseMessage> PostAsync(ServedGateway gateway, IEnumerable<string> photos) => gateway.Http.PostAsync(
        "/api/visage/job",
        new StringContent(
            JsonSerializer.Serialize(new { images = photos.Select(photo => Convert.ToBase64String(Encoding.UTF8.GetBytes(photo))) }),
            Encoding.UTF8, "application/json"),
        Cancellation);
}
