using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>`/api/queue/jobs` by user, session and name, page by page.</summary>
public sealed class JobFilterTests
{
    [Fact]
    public async Task Jobs_are_found_by_user_session_and_name()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var plugin = await SubmitAsync(gateway, "ai_overhaul_button", "gallery_batch_session", "Gallery Batch: Summer");
        var other = await SubmitAsync(gateway, "ai_overhaul_button", "multi_select_batch_session", "Multi-Select Batch: 3 images");
        var ann = await SubmitAsync(gateway, "ann & co", "gallery_batch_session", "100% winter");
        await gateway.SubmitAsync("x");

        await ExpectAsync("user_id=ai_overhaul_button", other, plugin);
        await ExpectAsync("user_id=ann%20%26%20co", ann);
        await ExpectAsync("session_id=gallery_batch_session", ann, plugin);
        await ExpectAsync("user_id=ai_overhaul_button&session_id=gallery_batch_session", plugin);
        await ExpectAsync("name=BATCH", other, plugin);
        await ExpectAsync("name=100%25", ann);
        await ExpectAsync("name=batch&user_id=ann%20%26%20co");
        await ExpectAsync("user_id=nobody");
        await ExpectAsync("user_id=ai_overhaul_button&status=failed");
        await ExpectAsync("name=winter&adapter_name=visage&include_single=false", ann);
        Assert.Equal(4, (await gateway.GetAsync("/api/queue/jobs?user_id=&session_id=&name=")).Whole("total_count"));

        async Task ExpectAsync(string filter, params string[] jobs)
        {
            var page = await gateway.GetAsync($"/api/queue/jobs?{filter}");
            Assert.Equal(jobs, Ids(page));
            Assert.Equal(
                (jobs.Length, true, false),
                (page.Whole("total_count"), page.GetProperty("total_is_exact").GetBoolean(), page.GetProperty("has_more").GetBoolean()));
            Assert.True(page.IsNull("next"));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&user_id=ann")]
    [InlineData("&name=job")]
    [InlineData("&include_single=false")]
    [InlineData("&adapter_name=visage&status=completed,failed,pending,running")]
    public async Task A_cursor_goes_on_behind_its_page_whatever_comes_in_between(string filter)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var jobs = new List<string>();
        for (var i = 0; i < 5; i++) jobs.Insert(0, await SubmitAsync(gateway, "ann", "s", $"job {i}"));

        var first = await gateway.GetAsync($"/api/queue/jobs?limit=2{filter}");
        await SubmitAsync(gateway, "ann", "s", "job that came later");
        var second = await gateway.GetAsync($"/api/queue/jobs?limit=2&cursor={first.Text("next")}{filter}");
        var third = await gateway.GetAsync($"/api/queue/jobs?limit=2&cursor={second.Text("next")}{filter}");

        Assert.Equal(jobs, [.. Ids(first), .. Ids(second), .. Ids(third)]);
        Assert.True(third.IsNull("next"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAE=")]
    [InlineData("__________8")]
    [InlineData("AAAAAAAA%20AE")]
    public async Task A_cursor_that_no_page_gave_is_refused(string cursor)
    {
        await using var gateway = await GatewayHost.StartAsync();

        Assert.Equal("cursor", (await gateway.GetAsync($"/api/queue/jobs?cursor={cursor}", 422)).FirstError().Text("field"));
    }

    private static async Task<string> SubmitAsync(GatewayHost gateway, string user, string session, string name) =>
        (await gateway.PostAsync(
            "/api/visage/job",
            $$$"""{"images":["eA=="],"config":{"job_name":"{{{name}}}","user_id":"{{{user}}}","session_id":"{{{session}}}"} }"""))
                .Text("job_id");

    private static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("jobs").EnumerateArray().Select(job => job.Text("job_id"));
}
