using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>What becomes of those who use a service, or an operation of it, when it is removed: a table of both.</summary>
public sealed class ServiceRemovalTests
{
    private const string Echo = $"name: echo\nurl: ${{ECHO_URL}}\noperations:\n{Go}";

    private const string Go = "  go: {item: string, request: {path: /go, json: {q: \"{{ item }}\"}}}\n";

    private const string Look = "  look: {item: string, request: {path: /look, json: {q: \"{{ item }}\"}}}\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is removed, who uses something, and a part of the refusal; null where the removal is fine.</summary>
    public static TheoryData<Loss, User, string?> Pairs => new()
    {
        { Loss.Service, User.Nobody, null },
        { Loss.Service, User.OpenJobOfLook, "1 task of said wait or run" },
        { Loss.Service, User.EndedJobOfLook, null },
        { Loss.Service, User.ScheduleOfLook, "The schedule 'nightly' submits to said" },
        { Loss.Service, User.PausedSchedule, "The schedule 'nightly' submits to said" },
        { Loss.Service, User.TwoSchedules, "The schedules 'weekly', 'nightly' submit to said" },
        { Loss.Service, User.ScheduleOfAnother, null },
        { Loss.Operation, User.Nobody, null },
        { Loss.Operation, User.OpenJobOfLook, "lacks the operation of jobs that wait or run (" },
        { Loss.Operation, User.OpenJobOfGo, null },
        { Loss.Operation, User.EndedJobOfLook, null },
        { Loss.Operation, User.ScheduleOfLook, "The schedule 'nightly' submits to an operation that the new text lacks" },
        { Loss.Operation, User.ScheduleOfGo, null },
        { Loss.DefaultOperation, User.ScheduleOfNoOperation, "The schedule 'nightly' submits to an operation that the new text lacks" },
        { Loss.DefaultOperation, User.ScheduleOfLook, null },
        { Loss.Replacement, User.Nobody, null },
        { Loss.Replacement, User.OpenJobOfLook, "lacks the operation of jobs that wait or run (" },
        { Loss.Replacement, User.ScheduleOfGo, "The schedule 'nightly' submits to an operation that the new text lacks" },
    };

    /// <summary>What is removed.</summary>
    public enum Loss
    {
        Service,
        Operation,
        DefaultOperation,
        Replacement,
    }

    /// <summary>Who uses it.</summary>
    public enum User
    {
        Nobody,
        OpenJobOfGo,
        OpenJobOfLook,
        EndedJobOfLook,
        ScheduleOfGo,
        ScheduleOfLook,
        ScheduleOfNoOperation,
        PausedSchedule,
        TwoSchedules,
        ScheduleOfAnother,
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_removal_that_would_break_its_users_is_refused_with_their_names(Loss loss, User user, string? refusal)
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await StartAsync();
        await UseAsync(host, user);

        var (status, detail) = await RemoveAsync(host, loss);

        if (refusal is null)
        {
            Assert.True(status < 300, $"{status}: {detail}");
            return;
        }

        Assert.Equal(409, status);
        Assert.Contains(refusal, detail, StringComparison.Ordinal);
        Assert.Equal(2, (await host.Gateway.GetAsync("/api/services/said")).GetProperty("operations").GetArrayLength());
        if (user is User.OpenJobOfLook) return;
        foreach (var schedule in user is User.TwoSchedules ? ["nightly", "weekly"] : (string[])["nightly"])
        {
            using var deleted = await host.Gateway.SendAsync(HttpMethod.Delete, $"/api/schedules/{schedule}");
            Assert.Equal(204, (int)deleted.StatusCode);
        }

        (status, detail) = await RemoveAsync(host, loss);
        Assert.True(status < 300, $"{status}: {detail}");
    }

    [Fact]
    public async Task All_users_are_named_at_once()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await StartAsync();
        await UseAsync(host, User.OpenJobOfLook);
        await UseAsync(host, User.ScheduleOfGo);

        var (status, detail) = await RemoveAsync(host, Loss.Service);

        Assert.Equal(409, status);
        Assert.Contains("1 task of said", detail, StringComparison.Ordinal);
        Assert.Contains("'nightly'", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_and_a_pause_that_people_set_go_with_their_service()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await StartAsync();
        using var limited = await host.Gateway.SendAsync(
            HttpMethod.Patch, "/api/services/said",
            """{"max_parallel":1,"rate":0.5,"burst":1,"paused":true,"allowed_hours":"22:00-07:00 UTC"}""");
        Assert.Equal(200, (int)limited.StatusCode);
        await RemoveAsync(host, Loss.Service);

        await ImportAsync(host, "?save=true");

        var service = await host.Gateway.GetAsync("/api/services/said");
        Assert.False(service.GetProperty("paused").GetBoolean());
        Assert.All(service.GetProperty("set").EnumerateObject(), set => Assert.Equal(JsonValueKind.Null, set.Value.ValueKind));
        Assert.Equal("completed", (await host.RunAsync("/api/said/job", """{"items":["hi"]}""")).Text("status"));
    }

    [Fact]
    public async Task An_upload_for_a_service_that_is_gone_says_so_and_stays_until_there_is_one_again()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await StartAsync();
        var body = Encoding.UTF8.GetBytes("""{"items":["hi"]}""");
        var upload = (await host.Gateway.PostAsync("/api/uploads", """{"service":"said"}""", 201)).Text("id");
        using var chunk = new HttpRequestMessage(HttpMethod.Patch, $"/api/uploads/{upload}") { Content = new ByteArrayContent(body) };
        chunk.Headers.Add("Upload-Offset", "0");
        chunk.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:");
        using var stored = await host.Gateway.Http.SendAsync(chunk, Cancellation);
        Assert.Equal(200, (int)stored.StatusCode);
        await RemoveAsync(host, Loss.Service);

        var refused = await host.Gateway.PostAsync($"/api/uploads/{upload}/commit", "{}", 404);
        Assert.Contains("'said'", refused.Text("detail"), StringComparison.Ordinal);
        await ImportAsync(host, "?save=true");
        Assert.Equal("completed", (await host.RunAsync($"/api/uploads/{upload}/commit", "{}")).Text("status"));
    }

    /// <summary>A service that was made of a curl command, with the operations `go`, which is the default, and `look`.</summary>
    private static async Task<ServiceHost> StartAsync()
    {
        var host = await ServiceHost.StartAsync(Echo);
        host.Service.Script = _ => Reply.Json("""{"text":"done"}""");
        await ImportAsync(host, "?save=true");
        var (status, detail) = await ChangeAsync(host, $"{Go}{Look}default_operation: go\n");
        Assert.True(status == 200, detail);
        return host;
    }

    private static async Task UseAsync(ServiceHost host, User user)
    {
        switch (user)
        {
            case User.OpenJobOfGo:
            case User.OpenJobOfLook:
                await host.Gateway.PostAsync("/api/services/said/pause", "", 200);
                await host.Gateway.PostAsync($"/api/said/batch/{(user is User.OpenJobOfGo ? "go" : "look")}", """{"items":["hi"]}""", 202);
                break;
            case User.EndedJobOfLook:
                await host.RunAsync("/api/said/batch/look", """{"items":["hi"]}""");
                break;
            case User.TwoSchedules:
                await ScheduleAsync(host, "nightly", "said", "go");
                await ScheduleAsync(host, "weekly", "said", "look");
                break;
            case User.ScheduleOfAnother:
                await ScheduleAsync(host, "nightly", "echo", null);
                break;
            case User.PausedSchedule:
                await ScheduleAsync(host, "nightly", "said", "look", isPaused: true);
                break;
            case User.ScheduleOfGo:
            case User.ScheduleOfLook:
            case User.ScheduleOfNoOperation:
                await ScheduleAsync(
                    host, "nightly", "said", user is User.ScheduleOfGo ? "go" : user is User.ScheduleOfLook ? "look" : null);
                break;
            case User.Nobody:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(user));
        }
    }

    private static Task<JsonElement> ScheduleAsync(
        ServiceHost host, string name, string service, string? operation, bool isPaused = false) =>
        host.Gateway.PostAsync(
            "/api/schedules",
            JsonSerializer.Serialize(new
            {
                name,
                cron = "0 0 29 2 *",
                service,
                operation,
                paused = isPaused,
                source = new { type = "body", body = new { items = (string[])["hi"] } },
            }),
            201);

    private static async Task<(int Status, string Detail)> RemoveAsync(ServiceHost host, Loss loss)
    {
        switch (loss)
        {
            case Loss.Operation:
                return await ChangeAsync(host, $"{Go}default_operation: go\n");
            case Loss.DefaultOperation:
                return await ChangeAsync(host, $"{Go}{Look}");
            case Loss.Replacement:
                return await AnswerAsync(await host.Gateway.SendAsync(
                    HttpMethod.Post, "/api/services/import?save=true&replace=true", Command(host)));
            default:
                return await AnswerAsync(await host.Gateway.SendAsync(HttpMethod.Delete, "/api/services/said"));
        }
    }

    private static async Task<(int Status, string Detail)> ChangeAsync(ServiceHost host, string operations) =>
        await AnswerAsync(await host.Gateway.SendAsync(
            HttpMethod.Patch,
            "/api/services/said/declaration",
            JsonSerializer.Serialize(new { text = $"name: said\nurl: {host.Service.Url}\noperations:\n{operations}" })));

    private static async Task<(int Status, string Detail)> AnswerAsync(HttpResponseMessage answer)
    {
        using (answer) return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static Task<JsonElement> ImportAsync(ServiceHost host, string query) =>
        host.Gateway.PostAsync($"/api/services/import{query}", Command(host), 201);

    private static string Command(ServiceHost host) =>
        JsonSerializer.Serialize(new { curl = $"curl {host.Service.Url}/say -d text=hello", name = "said" });
}
