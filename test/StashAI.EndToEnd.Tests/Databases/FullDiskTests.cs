using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>
/// The disk of the queue runs full while the gateway works, and gets room again. The jobs are too large to run without it.
/// </summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submits_are_refused_with_507_nothing_acknowledged_is_lost_and_work_goes_on_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync(24, Cancellation);
        await using var gateway = await ServedGateway.StartAsync(
            workers: 2, settings: [("QUEUE_DB_PATH", disk.File("queue.db")), ("DIRECT_MAX_ITEMS", "1")]);
        using var gate = new Gate();
        gateway.Visage.Script = call => Reply.Hold(gate, Reply.Json("{}"));
        var acknowledged = new List<string> { (await gateway.SubmitAsync(["a", "b", "c", "d"])).GetProperty("job_id").GetString()! };
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(2, Cancellation);
        using (disk.Fill())
        {
            var refused = 0;
            for (var i = 0; refused < 3 && i < 500; i++)
            {
                using var photo = Photo(i, bytes: i == 0 ? 2_000_000 : 40_000);
                using var answer = await gateway.Http.PostAsync("/api/visage/job", photo, Cancellation);
                var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
                if ((int)answer.StatusCode == 202)
                {
                    acknowledged.Add(body.GetProperty("job_id").GetString()!);
                    continue;
                }

                refused++;
                Assert.Equal((507, "urn:stashai:problem:disk-full"), ((int)answer.StatusCode, body.GetProperty("type").GetString()));
                Assert.Equal(30, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            }

            Assert.Equal(3, refused);
            gate.Open();
            await gateway.Visage.Ledger.WaitForEndedAsync(2, Cancellation);
        }

        foreach (var job in acknowledged) Assert.Equal("completed", (await gateway.EndOfAsync(job)).GetProperty("status").GetString());
        // The first job had four photos, the others two each.
        Assert.Equal((2 * acknowledged.Count) + 2, gateway.Visage.Ledger.Count);
        Assert.Equal(
            "completed",
            (await gateway.EndOfAsync((await gateway.SubmitAsync(["last"])).GetProperty("job_id").GetString()!))
                .GetProperty("status").GetString());
    }

    private static StringContent Photo(int number, int bytes)
    {
        var photo = new byte[bytes];
        Encoding.UTF8.GetBytes($"{number}", photo);
        return new StringContent(
            $$"""{"images":["{{Convert.ToBase64String(photo)}}","{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"small {number}"))}}"]}""",
            Encoding.UTF8,
            "application/json");
    }
}
