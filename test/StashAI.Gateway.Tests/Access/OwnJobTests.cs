using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Gateway.Tests.Routes.Jobs;
using StashAI.Queue.Model.Access;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Access;

/// <summary>The scope submit changes its own jobs only, the scope operate all of them; each change is in the audit log.</summary>
public sealed class OwnJobTests
{
    private const string Photo = """{"images":["eA=="]}""";

    /// <summary>Each way to change a job, with its body and the word of the audit log.</summary>
    private static readonly (string Method, string Path, string? Body, string Action)[] Changes =
    [
        ("POST", "/api/tasks/{1}/retry", null, "retry"),
        ("POST", "/api/queue/jobs/{0}/pause", null, "pause"),
        ("POST", "/api/queue/jobs/{0}/resume", null, "resume"),
        ("POST", "/api/queue/retry/{0}", null, "retry"),
        ("POST", "/api/queue/retry/{1}", null, "retry"),
        ("PATCH", "/api/jobs/{0}", """{"name":"new"}""", "change"),
        ("POST", "/api/queue/cancel/{1}", null, "cancel"),
        ("POST", "/api/queue/cancel/{0}", null, "cancel"),
        ("DELETE", "/api/jobs/{0}", null, "delete"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_of_a_job_is_refused_to_others_allowed_to_its_owner_and_logged()
    {
        GatewayHost.SkipInDirectMode();
        Dictionary<string, string> keys = [];
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope.ToString()] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });
        gateway.Visage.Script = _ => Reply.Status(400, "no face");

        foreach (var (owner, other) in ((string?, string)[])[("Submit", ""), (null, "Submit"), ("Submit", "Read")])
        {
            var own = owner is null ? null : keys[owner];
            var job = await SubmitAsync(gateway, own);
            var changes = Changes.Append(("POST", $"/api/jobs/{{0}}/failures/{job.Fingerprint}/skip", null, "skip"))
                .Append(("POST", $"/api/jobs/{{0}}/failures/{job.Fingerprint}/retry", null, "retry"));
            foreach (var (method, path, body, _) in changes)
            {
                var status = await SendAsync(
                    gateway, method, string.Format(null, path, job.Id, job.Task), body, other.Length == 0 ? null : keys[other]);
                Assert.Equal((path, HttpStatusCode.Forbidden), (path, status));
            }

            foreach (var (method, path, body, action) in Changes)
            {
                var status = await SendAsync(gateway, method, string.Format(null, path, job.Id, job.Task), body, own);
                Assert.True((int)status < 300, $"{method} {path}: {(int)status}");
                var entry = (await AuditAsync(gateway, keys["Operate"]))[0];
                Assert.Equal((action, owner is null ? "anonymous" : "Submit"), (entry.Text("action"), entry.Text("who")));
            }
        }

        var all = await SubmitAsync(gateway, keys["Submit"]);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(gateway, "DELETE", $"/api/jobs/{all.Id}", null, keys["Operate"]));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(gateway, "POST", "/api/queue/pause", null, keys["Submit"]));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "POST", "/api/queue/pause", null, keys["Operate"]));
        Assert.Equal("queue", (await AuditAsync(gateway, keys["Operate"]))[0].Text("target_kind"));
    }

    [Fact]
    public async Task A_bulk_operation_of_the_scope_submit_is_about_its_own_jobs()
    {
        GatewayHost.SkipInDirectMode();
        Dictionary<ApiScope, string> keys = [];
        await using var gateway = await GatewayHost.StartAsync(
            new() { ["ALLOW_ANONYMOUS"] = "lan" },
            prepare: async store =>
            {
                foreach (var scope in Enum.GetValues<ApiScope>()) keys[scope] = await AccessTests.AddAsync(store.ApiKeys, scope);
            });
        gateway.Visage.Script = _ => Reply.Status(400, "no face");
        await SubmitAsync(gateway, keys[ApiScope.Submit]);
        await SubmitAsync(gateway, null);
        await SubmitAsync(gateway, null);

        Assert.Equal(
            (1, 2, 3), (await CountAsync(keys[ApiScope.Submit]), await CountAsync(null), await CountAsync(keys[ApiScope.Operate])));

        async Task<int> CountAsync(string? key)
        {
            using var request = Request("POST", "/api/bulk", """{"action":"retry","all":true,"dry_run":true}""", key);
            using var response = await gateway.Http.SendAsync(request, Cancellation);
            return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Whole("total");
        }
    }

    private static async Task<List<JsonElement>> AuditAsync(GatewayHost gateway, string key)
    {
        using var request = Request("GET", "/api/audit", null, key);
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        return [.. (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data").EnumerateArray()];
    }

    /// <summary>A job whose task has failed.</summary>
    private static async Task<(string Id, string Task, string Fingerprint)> SubmitAsync(GatewayHost gateway, string? key)
    {
        using var request = Request("POST", "/api/visage/job", Photo, key);
        request.Headers.Add("Prefer", "wait=20");
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        var job = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).Text("job_id");
        using var tasks = Request("GET", $"/api/jobs/{job}/tasks", null, key);
        using var listed = await gateway.Http.SendAsync(tasks, Cancellation);
        var task = (await listed.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data")[0].Text("id");
        using var failures = Request("GET", $"/api/jobs/{job}/failures", null, key);
        using var groups = await gateway.Http.SendAsync(failures, Cancellation);
        return (job, task, (await groups.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("data")[0].Text("fingerprint"));
    }

    private static async Task<HttpStatusCode> SendAsync(GatewayHost gateway, string method, string path, string? body, string? key)
    {
        using var request = Request(method, path, body, key);
        using var response = await gateway.Http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private static HttpRequestMessage Request(string method, string path, string? body, string? key)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null) request.Headers.Add("X-API-Key", key);
        if (body is not null) request.Content = new StringContent(body, null, "application/json");
        return request;
    }
}
