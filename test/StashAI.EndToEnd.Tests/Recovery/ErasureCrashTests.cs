using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Faces;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Recovery;

/// <summary>
/// kill -9 of the server at several points of one erasure, each time with a restart on the same data: it goes on, and afterwards no row
/// has anything of the person. (docs/adr/0025 says what the gaps of SQLite's pages may keep.)
/// </summary>
public abstract class ErasureCrashTests(PostgresFixture? postgres)
{
    private const string Ann = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b";
    private const string Bob = "0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5d";
    private const string Name = "Annelise Quarrington";
    private const string Picture = "/9j/AnnsFaceAsItIsInResults000000000000";
    private const string PictureOfBob = "/9j/BobsFaceAsItIsInResults000000000000";
    private const int Photos = 1500;

    private readonly byte[] embedding = [.. Enumerable.Range(0, 1024).Select(i => (byte)(1 + (i * 7 % 251)))];
    private readonly byte[] embeddingOfBob = [.. Enumerable.Range(0, 1024).Select(i => (byte)(1 + (i * 11 % 251)))];
    private bool isDeleted;
    private bool isHeld;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite() : ErasureCrashTests(null);

    public sealed class OnPostgres(PostgresFixture postgres) : ErasureCrashTests(postgres);

    [Fact]
    public async Task An_erasure_goes_on_after_each_kill_and_nothing_of_the_person_is_left()
    {
        var database = postgres is null ? null : await postgres.CreateDatabaseAsync(Cancellation);
        await using var gateway = await ServedGateway.StartAsync(leaseSeconds: 3, database: database);
        var deletion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Visage.Script = call => Answer(call, deletion);
        using var created = await gateway.Http.PostAsJsonAsync("/api/people", new { name = Name, photos = new[] { "eA==" } }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var job = (await gateway.SubmitAsync(Enumerable.Range(0, Photos).Select(i => $"photo {i}"))).GetProperty("job_id").GetString()!;
        Assert.Equal("completed", (await gateway.EndOfAsync(job)).GetProperty("status").GetString());
        List<byte[]> hers = [Encoding.UTF8.GetBytes(Name), Encoding.UTF8.GetBytes(Picture), embedding[512..576]];
        foreach (var value in hers) Assert.NotEmpty(await HoldingAsync(gateway, database, value));

        // A call that has begun and does not end: the erasure must wait for it.
        isHeld = true;
        using var submitted = await gateway.Http.PostAsJsonAsync(
            "/api/visage/job", new { images = new[] { "aGVsZA==" }, config = new { max_retries = 100 } }, Cancellation);
        var open = (await submitted.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("job_id").GetString()!;
        await UntilAsync(() => gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE state = 2 /* Running */") is [1]);

        // 1. The gallery has deleted the person, and its answer is lost.
        var asked = gateway.Http.DeleteAsync($"/api/people/{Ann}", Cancellation);
        await deletion.Task.WaitAsync(Cancellation);
        await gateway.Process.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => asked);
        Assert.Equal([0], gateway.Query("SELECT CAST(stage AS bigint) FROM erasures"));
        await gateway.ServeAsync();

        // 2. Some of the results are changed.
        await UntilAsync(() => gateway.Query("SELECT CAST(results_changed AS bigint) FROM erasures") is [> 0]);
        await gateway.Process.KillAsync();
        await gateway.ServeAsync();

        // 3. All of them are, and the erasure waits for the call.
        await UntilAsync(() => gateway.Query("SELECT CAST(stage AS bigint) FROM erasures") is [>= 2]);
        await gateway.Process.KillAsync();
        isHeld = false;
        await gateway.ServeAsync();

        // 4. It goes through the records, or overwrites free pages, if it is not over already.
        await UntilAsync(() => gateway.Query("SELECT CAST(stage AS bigint) FROM erasures") is [>= 3]);
        await gateway.Process.KillAsync();
        await gateway.ServeAsync();
        await UntilAsync(() => gateway.Query("SELECT CAST(stage AS bigint) FROM erasures") is [5]);

        // Its task may have failed by now, because a process was killed during each of its calls.
        await gateway.EndOfAsync(open);
        foreach (var value in (List<byte[]>)[.. hers, Encoding.UTF8.GetBytes(Ann)])
            Assert.Equal("", string.Join(", ", await HoldingAsync(gateway, database, value)));
        var lines = await gateway.Http.GetStringAsync($"/api/jobs/{job}/results?limit=1000", Cancellation);
        var results = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(1000, results.Count);
        Assert.All(results, result => AssertErased(result.GetProperty("result").GetProperty("data")[0]));
        Assert.NotEmpty(await HoldingAsync(gateway, database, embeddingOfBob[512..576]));
        Assert.Equal([Photos], gateway.Query("SELECT CAST(results_changed AS bigint) FROM erasures"));
    }

    private static void AssertErased(JsonElement faces)
    {
        Assert.True(faces[0].GetProperty("erased").GetBoolean());
        Assert.Equal(Bob, faces[1].GetProperty("performers")[0].GetProperty("id").GetString());
        Assert.Equal(PictureOfBob, faces[1].GetProperty("image").GetString());
    }

    private static Task<List<string>> HoldingAsync(ServedGateway gateway, PostgresDatabase? database, byte[] value) =>
        StoredValues.HoldingAsync(gateway.Data, database?.ConnectionString, value);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition()) await timer.WaitForNextTickAsync(Cancellation);
    }

    private Reply Answer(ScriptedCall call, TaskCompletionSource deletion)
    {
        switch (call.Method, call.Path.Split('?')[0])
        {
            case ("POST", "/api/predict_1"):
                return isHeld ? Reply.Hang() : Reply.Json(Photo(isDeleted));
            case ("DELETE", _) when !isDeleted:
                isDeleted = true;
                deletion.SetResult();
                return Reply.Hang();
            case (_, var path) when path.StartsWith("/api/gallery/people", StringComparison.Ordinal):
                return isDeleted
                    ? Reply.Status(404, """{"detail":"There is no such person."}""", contentType: "application/problem+json")
                    : Reply.Json(Person);
            default:
                return Reply.Status(404);
        }
    }

    private static string Person => $$"""
        {"id":"{{Ann}}","name":"{{Name}}","image":"","faces":1,"created_at":"2030-01-31T08:00:00Z","updated_at":"2030-01-31T08:00:00Z"}
        """;

    private string Photo(bool withoutAnn)
    {
        var performers = withoutAnn ? "[]" : $$"""[{"id":"{{Ann}}","name":"{{Name}}","confidence":97}]""";
        byte[] kept = [1, .. withoutAnn ? new byte[1024] : embedding, .. new byte[20], .. embeddingOfBob, .. new byte[20]];
        return $$"""
            {"data":[[{"image":"{{(withoutAnn ? "" : Picture)}}","performers":{{performers}},"ambiguous":false},
            {"image":"{{PictureOfBob}}","performers":[{"id":"{{Bob}}","name":"Bob","confidence":95}],"ambiguous":false}]],
            "threshold_cosine":0.45,"kept_faces":"{{Convert.ToBase64String(kept)}}"}
            """.ReplaceLineEndings("");
    }
}
