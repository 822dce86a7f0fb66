using System.Text.Json;
using StashAI.Gateway.Live.Hub;
using StashAI.Gateway.Tests.Routes;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Live;

/// <summary>Lists of jobs, and the services, that clients follow.</summary>
public sealed class LiveListTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_begins_with_its_page_and_goes_on_with_what_is_added_changed_and_removed()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item == "held" ? Reply.Hold(gate, Reply.Json("{}")) : Reply.Json("{}");
        var first = (await gateway.EndOfAsync(await gateway.SubmitAsync("a"))).Text("job_id");
        using var client = await LiveClient.ConnectAsync(gateway);

        var confirmed = await client.AskAsync("""{"type":"subscribe_jobs"}""", "subscription_confirmed");
        var page = await client.UntilAsync(message => message.Text("type") == "jobs");
        var listed = await gateway.GetAsync("/api/jobs");
        Assert.Equal(("jobs", ""), (confirmed.Text("subscription"), confirmed.Text("name")));
        Assert.Equal(listed.GetProperty("data").GetRawText(), page.GetProperty("data").GetRawText());
        Assert.Equal(1, page.Whole("total"));

        var second = await gateway.SubmitAsync("held");
        await UntilAsync(client, "jobs", job => job.Text("id") == second && job.Text("state") == "running");
        gate.Open();
        var end = await UntilAsync(client, "jobs", job => job.Text("id") == second && job.Text("state") == "completed");
        Assert.Equal((await gateway.GetAsync($"/api/jobs/{second}")).Whole("version"), end.Whole("version"));

        using (var patch = await gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{first}", """{"name":"Renamed"}""")) { }
        await UntilAsync(client, "jobs", job => job.Text("id") == first && job.Text("name") == "Renamed");
        using (var delete = await gateway.SendAsync(HttpMethod.Delete, $"/api/jobs/{first}")) { }
        await client.UntilAsync(message => message.Text("type") == "jobs_changed" && Removed(message).Contains(first));
        Assert.Empty(gateway.Errors.Lines);
    }

    [Fact]
    public async Task A_job_that_no_longer_matches_leaves_and_one_that_never_did_is_not_told()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Item == "held" ? Reply.Hold(gate, Reply.Json("{}")) : Reply.Json("{}");
        var before = (await gateway.EndOfAsync(await gateway.SubmitAsync("a"))).Text("job_id");
        using var client = await LiveClient.ConnectAsync(gateway);
        await client.SendAsync("""{"type":"subscribe_jobs","name":"running","filter":{"state":["running"],"service":"visage"}}""");
        await client.SendAsync("""{"type":"subscribe_jobs","name":"other","filter":{"service":"other"}}""");
        await client.SendAsync("""{"type":"subscribe_jobs","name":"renamed","filter":{"name":"100%_\u00fc"}}""");
        for (var i = 0; i < 3; i++) await client.UntilAsync(message => message.Text("type") == "jobs");

        var id = await gateway.SubmitAsync("held");
        await UntilAsync(client, "jobs", job => job.Text("id") == id && job.Text("state") == "running", "running");
        gate.Open();
        var left = await UntilAsync(client, "left", job => job.Text("id") == id, "running");
        Assert.Equal("completed", left.Text("state"));
        using (var patch = await gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{id}", """{"name":"is 100%_\u00dc it"}""")) { }
        await UntilAsync(client, "jobs", job => job.Text("id") == id, "renamed");
        using (var patch = await gateway.SendAsync(HttpMethod.Patch, $"/api/jobs/{id}", """{"name":"no"}""")) { }
        await UntilAsync(client, "left", job => job.Text("id") == id, "renamed");

        async Task<JsonElement> UntilAsync(LiveClient one, string field, Func<JsonElement, bool> condition, string name)
        {
            var message = await one.UntilAsync(message =>
            {
                Assert.NotEqual("other", message.Has("name") ? message.Text("name") : "");
                if (message.Text("type") == "jobs_changed" && message.Text("name") == "running")
                    Assert.DoesNotContain(before, message.GetProperty("left").EnumerateArray().Select(job => job.Text("id")));
                return message.Text("type") == "jobs_changed" && message.Text("name") == name && message.GetProperty(field)
                    .EnumerateArray().Any(condition);
            });
            return message.GetProperty(field).EnumerateArray().First(condition);
        }
    }

    [Theory]
    [InlineData("""{"type":"subscribe_jobs","filter":{"stat":"failed"}}""", "filter.stat")]
    [InlineData("""{"type":"subscribe_jobs","filter":{"state":"fail"}}""", "state")]
    [InlineData("""{"type":"subscribe_jobs","filter":{"sort":"priority"}}""", "filter.sort")]
    [InlineData("""{"type":"subscribe_jobs","filter":{"limit":5}}""", "filter.limit")]
    [InlineData("""{"type":"subscribe_jobs","filter":[]}""", "filter")]
    [InlineData("""{"type":"subscribe_jobs","filter":{"ids":["x"]}}""", "filter.ids")]
    [InlineData("""{"type":"subscribe_jobs","name":5}""", "name")]
    public async Task A_filter_that_is_not_valid_is_answered_with_its_field(string message, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);

        Assert.StartsWith(field, (await client.AskAsync(message, "error")).Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_follows_some_lists_and_not_thousands()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);
        for (var i = 0; i < 16; i++)
        {
            await client.AskAsync(
                $$$"""{"type":"subscribe_jobs","name":"{{{i}}}","filter":{"name":"{{{i}}}"}}""", "subscription_confirmed");
        }

        var refused = await client.AskAsync("""{"type":"subscribe_services"}""", "error");
        Assert.Contains("16 lists", refused.Text("message"), StringComparison.Ordinal);
        await client.AskAsync("""{"type":"subscribe_jobs","name":"3","filter":{"name":"another"}}""", "subscription_confirmed");
        await client.AskAsync("""{"type":"unsubscribe_jobs","name":"3"}""", "unsubscribed");
        await client.AskAsync("""{"type":"unsubscribe_jobs","name":"3"}""", "unsubscribed");
        await client.AskAsync("""{"type":"subscribe_services"}""", "subscription_confirmed");
        await client.UntilAsync(message => message.Text("type") == "services");
    }

    [Fact]
    public async Task Services_are_told_as_the_list_shows_them_when_they_change()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var client = await LiveClient.ConnectAsync(gateway);
        await client.SendAsync("""{"type":"subscribe_services"}""");
        var all = await client.UntilAsync(message => message.Text("type") == "services");
        Assert.Equal(
            (await gateway.GetAsync("/api/services")).GetProperty("services").GetRawText(), all.GetProperty("services").GetRawText());

        using (var pause = await gateway.SendAsync(HttpMethod.Patch, "/api/services/visage", """{"paused":true,"max_parallel":3}""")) { }
        await UntilServiceAsync(one => one.GetProperty("paused").GetBoolean() && one.GetProperty("set").Whole("max_parallel") == 3);
        await gateway.SubmitAsync("a", "b");
        await UntilServiceAsync(one => one.Whole("waiting") == 2);

        Task UntilServiceAsync(Func<JsonElement, bool> condition) => client.UntilAsync(message =>
            message.Text("type") == "services_changed" && message.GetProperty("services").EnumerateArray()
                .Any(one => one.Text("name") == "visage" && condition(one)));
    }

    [Fact]
    public async Task An_event_stream_follows_a_list_and_the_services()
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        using var events = await EventReader.OpenAsync(gateway.Http, "/api/events?jobs=service%3Dvisage%26state%3Dcompleted&services=1");
        await events.UntilAsync("services", _ => true);

        var id = await gateway.SubmitAsync("a");

        await events.UntilAsync("jobs_changed", data => data.GetProperty("jobs").EnumerateArray().Any(job => job.Text("id") == id));
        await gateway.GetAsync("/api/events?jobs=stat%3Dx", 422);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("TRUE")]
    [InlineData("yes")]
    public async Task Every_plain_yes_follows_all_of_each_kind(string yes)
    {
        GatewayHost.SkipInDirectMode();
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var kind in (string[])["jobs", "services"])
        {
            using var events = await EventReader.OpenAsync(gateway.Http, $"/api/events?{kind}={yes}");
            await events.UntilAsync(kind, _ => true);
        }

        foreach (var no in (string[])["0", "false", "No"])
            await gateway.GetAsync($"/api/events?jobs={no}&services={no}&queue_stats={no}&interactions={no}", 400);
    }

    [Fact]
    public async Task Nobody_costs_nothing_and_a_hundred_with_equal_filters_cost_what_one_costs()
    {
        using var folder = new TempFolder();
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("queue.db") }, Cancellation);
        var (reads, counts) = CallCounts.Over(store.Read);
        await using var host = await LiveHost.StartAsync(store, new LiveLimits { Poll = TimeSpan.FromMilliseconds(60) }, reads);
        var node = store.Nodes.Register("test", TimeSpan.FromMinutes(10));
        var job = await store.EnqueueAsync(node, 1, TestJobs.Job, Cancellation);
        host.Feed.PublishElsewhere([job.Key]);
        Assert.Equal(0, counts.Total);

        var clients = new List<LiveClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                clients.Add(await LiveClient.ConnectAsync(host.Url));
                // The order of members and of states does not matter.
                await clients[i].SendAsync(i % 2 == 0
                    ? """{"type":"subscribe_jobs","filter":{"state":"Pending","name":"job"}}"""
                    : """{"type":"subscribe_jobs","filter":{"name":"job","state":"Pending"}}""");
                await clients[i].UntilAsync(message => message.Text("type") == "jobs");
            }

            var before = counts.Of(nameof(IRead.QueryJobsAsync));
            await store.Control.PauseJobAsync(job.Key, true, Cancellation);
            foreach (var client in clients) await client.UntilAsync(message => message.Text("type") == "jobs_changed");
            Assert.InRange(counts.Of(nameof(IRead.QueryJobsAsync)) - before, 1, 2);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task What_another_process_does_is_told_on_sqlite()
    {
        using var folder = new TempFolder();
        var settings = new SqliteSettings { Path = folder.File("queue.db") };
        await using var gateway = await SqliteStore.OpenAsync(settings, Cancellation);
        await using var other = await SqliteStore.OpenAsync(settings, Cancellation);

        await FollowAsync(gateway, other);
    }

    [Fact]
    public async Task What_another_process_does_is_told_on_postgresql()
    {
        var database = await postgres.CreateQueueAsync(Cancellation);
        var settings = new PostgresSettings { Url = database.Url };
        await using var gateway = await PostgresStore.OpenAsync(settings, Cancellation);
        await using var other = await PostgresStore.OpenAsync(settings, Cancellation);

        await FollowAsync(gateway, other);
    }

    [Fact]
    public void A_client_that_is_too_slow_gets_a_page_again_and_the_newest_state_of_each_job()
    {
        var woken = 0;
        var list = new ListSubscription(LiveFilter.Services, "", 2, () => woken++);
        Assert.True(list.TryAdd([Entry("a", 1)], _ => { })); // before the page: the page will have it
        list.Begin(new ListPage([], _ => { }));
        Assert.True(list.TryAdd([Entry("a", 2), Entry("b", 2)], _ => { }));
        Assert.True(list.TryAdd([Entry("a", 3)], _ => { }));
        var (page, changes, _) = list.Take();
        Assert.NotNull(page);
        Assert.Equal([3, 2], changes.OrderBy(one => one.Id).Select(one => one.Entry.Span[0]));
        Assert.True(list.TryAdd([Entry("a", 4), Entry("b", 4)], _ => { }));
        Assert.False(list.TryAdd([Entry("c", 4)], _ => { }));
        Assert.Equal((null, 0), (list.Take().Page, list.Take().Changes.Count));
        list.Begin(new ListPage([], _ => { }));
        Assert.NotNull(list.Take().Page);
        Assert.Equal(5, woken);

        static ListEntry Entry(string id, byte state) => new(id, ListChange.Changed, new[] { state });
    }

    private static async Task FollowAsync(IQueueStore gateway, IQueueStore other)
    {
        await using var host = await LiveHost.StartAsync(gateway, new LiveLimits { Poll = TimeSpan.FromMilliseconds(60) });
        var node = other.Nodes.Register("other", TimeSpan.FromMinutes(10));
        var old = await other.EnqueueAsync(node, 1, TestJobs.Job, Cancellation);
        using var client = await LiveClient.ConnectAsync(host.Url);
        await client.SendAsync("""{"type":"subscribe_jobs"}""");
        await client.UntilAsync(message => message.Text("type") == "jobs");

        var added = await other.EnqueueAsync(node, 1, TestJobs.Job, Cancellation);
        await UntilAsync(client, "jobs", job => job.Text("id") == $"{added.JobId}" && job.Text("state") == "Pending");
        await other.Control.CancelJobAsync(old.Key, Cancellation);
        await UntilAsync(client, "jobs", job => job.Text("id") == $"{old.JobId}" && job.Text("state") == "Cancelled");
        Assert.True(await other.Control.RemoveJobAsync(old.Key, Cancellation));
        await client.UntilAsync(message => message.Text("type") == "jobs_changed" && Removed(message).Contains($"{old.JobId}"));
    }

    private static async Task<JsonElement> UntilAsync(LiveClient client, string field, Func<JsonElement, bool> condition)
    {
        var message = await client.UntilAsync(
            message => message.Text("type") == "jobs_changed" && message.GetProperty(field).EnumerateArray().Any(condition));
        return message.GetProperty(field).EnumerateArray().First(condition);
    }

    private static IEnumerable<string> Removed(JsonElement message) =>
        message.GetProperty("removed").EnumerateArray().Select(id => id.GetString()!);
}
