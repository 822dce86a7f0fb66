using System.Text;
using CsCheck;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Routes.Webhooks;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Routes.Webhooks;

/// <summary>Signatures, types and pauses.</summary>
public sealed class WebhookMessageTests
{
    [Fact]
    public void A_signature_is_that_of_the_example_of_Standard_Webhooks()
    {
        var secret = WebhookSecrets.Parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "secret");

        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookMessage.Sign([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));
        Assert.Equal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", WebhookSecrets.Text(secret));
    }

    [Fact]
    public void A_pause_grows_up_to_six_hours_and_never_beyond()
    {
        Gen.Select(Gen.Int[1, 1000], Gen.Double[0, 1], Gen.Int[-10, 1_000_000].Nullable()).Sample((attempts, random, asked) =>
        {
            var delay = WebhookRetry.DelayAfter(attempts, random, asked is { } s ? TimeSpan.FromSeconds(s) : null);
            Assert.InRange(delay.TotalSeconds, 4, WebhookRetry.MaxDelay.TotalSeconds * 1.2);
            if (asked < 4) Assert.Equal(WebhookRetry.DelayAfter(attempts, random), delay);
        });
        Assert.Equal([5, 15, 45, 135, 405, 1215, 3645, 10_935, 21_600, 21_600],
            Enumerable.Range(1, 10).Select(attempts => WebhookRetry.DelayAfter(attempts, 0.5).TotalSeconds));
    }

    /// <summary>What a batch is called in an event is what it is called under <c>/v1</c>.</summary>
    [Fact]
    public void The_type_of_a_batch_is_its_status()
    {
        var created = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var few = Gen.Int[0, 2];
        Gen.Select(few, few, few, few, Gen.Bool).Sample((completed, failed, cancelled, ended, has) =>
        {
            if (completed + failed + cancelled == 0) return;
            var counters = new JobCounters(completed + failed + cancelled, 0, 0, 0, completed, failed, cancelled);
            var state = JobStateMachine.From(counters, true);
            DateTimeOffset? deadline = has ? created.AddHours(1) : null;
            var end = created.AddHours(ended);
            var batch = new FileBatch
            {
                Key = 1,
                Id = Guid.NewGuid(),
                Owner = null,
                FileId = Guid.NewGuid(),
                State = FileBatchState.Submitted,
                JobKey = 1,
                CreatedAt = created,
                Request = """{"endpoint":"/v1/chat/completions","window":"24h"}""",
            };
            var job = new JobView
            {
                Key = 1,
                JobId = Guid.NewGuid(),
                State = state,
                Counters = counters,
                Deadline = deadline,
                FinishedAt = end,
                UpdatedAt = end,
                // What is open at the deadline fails at that moment.
                Errors = failed > 0 && end >= deadline ? [new JobErrors(ErrorKind.DeadlineExceeded, 1, null)] : [],
                Service = "s",
                JobType = "j",
                TaskType = "t",
                Upstream = new Uri("http://a/"),
                CreatedAt = created,
                Version = 1,
                Name = "",
                IsSingleTask = false,
                UserId = null,
                SessionId = null,
                IsPaused = false,
                Priority = 5,
                MaxAttempts = 4,
                Config = default,
                PayloadBytes = 0,
                ProcessingTime = default,
                StartAt = null,
                StartsLater = false,
                StartedAt = created,
            };
            var work = new EndedWork
            {
                Key = 1,
                JobId = job.JobId,
                BatchId = batch.Id,
                State = state,
                Completed = completed,
                Failed = failed,
                Cancelled = cancelled,
                Deadline = deadline,
                EndedAt = end,
            };

            Assert.Equal($"batch.{new BatchState(batch, job).Status}", WebhookTypes.OfBatch(work));
        });
    }
}
