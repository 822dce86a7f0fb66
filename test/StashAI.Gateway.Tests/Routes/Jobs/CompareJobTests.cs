using System.Text.Json;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/compare</c>.</summary>
public sealed class CompareJobTests
{
    [Fact]
    public async Task A_job_is_compared_with_the_items_that_it_repeats_from_both_sides()
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = call => call.Item.StartsWith('b') ? Reply.Status(400, "no") : Reply.Json("""{"faces":[]}""");
        var first = await SubmitAsync(gateway, "a", "b1", "c", "b2", "e");
        gateway.Visage.Script = call => call.Item == "b1" ? Reply.Status(400, "no") : Reply.Json("""{"faces":[]}""");
        var second = await RerunAsync(gateway, first);

        var all = await gateway.GetAsync($"/api/jobs/{first}/compare?with={second}");
        Assert.Equal(
            ["only_here 0 -", "same 1 0", "only_here 2 -", "different 3 1", "only_here 4 -"], Lines(all));
        Assert.Equal(("source", 5, true), (all.Text("matched_by"), all.Whole("total"), all.GetProperty("total_is_exact").GetBoolean()));
        var counts = all.GetProperty("counts");
        Assert.Equal(
            (1, 1, 0, 3, 0),
            (counts.Whole("same"), counts.Whole("different"), counts.Whole("open"), counts.Whole("only_here"), counts.Whole("only_there")));
        Assert.Equal(
            ["only_there - 0", "same 0 1", "only_there - 2", "different 1 3", "only_there - 4"],
            Lines(await gateway.GetAsync($"/api/jobs/{second}/compare?with={first}")));
        Assert.Equal(["different 3 1"], Lines(await gateway.GetAsync($"/api/jobs/{first}/compare?with={second}&kind=different")));
        Assert.Equal(first, (await gateway.GetAsync($"/api/jobs/{second}/compare")).Text("with"));
        await gateway.GetAsync($"/api/jobs/{first}/compare", 404);
        await gateway.GetAsync($"/api/jobs/{first}/compare?with={Guid.CreateVersion7()}", 404);
        await gateway.GetAsync($"/api/jobs/{first}/compare?with={second}&kind=equal", 422);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Pages_put_together_are_all_items(int limit)
    {
        await using var gateway = await GatewayHost.StartAsync();
        gateway.Visage.Script = _ => Reply.Json("{}");
        var one = await SubmitAsync(gateway, "a", "b");
        var other = await SubmitAsync(gateway, "a", "b", "c", "d");
        foreach (var (here, there, rest) in ((string, string, string[])[])
            [(one, other, ["only_there - 2", "only_there - 3"]), (other, one, ["only_here 2 -", "only_here 3 -"])])
        {
            var lines = new List<string>();
            var cursor = "";
            do
            {
                var page = await gateway.GetAsync($"/api/jobs/{here}/compare?with={there}&limit={limit}{cursor}");
                lines.AddRange(Lines(page));
                cursor = page.IsNull("next") ? "" : $"&cursor={page.Text("next")}";
            }
            while (cursor.Length > 0);

            Assert.Equal(["same 0 0", "same 1 1", .. rest], lines);
        }
    }

    private static IEnumerable<string> Lines(JsonElement page) => page.GetProperty("data").EnumerateArray().Select(
        item => $"{item.Text("kind")} {(item.IsNull("index") ? "-" : item.Whole("index"))} "
            + (item.IsNull("with_index") ? "-" : $"{item.Whole("with_index")}"));

    private static async Task<string> SubmitAsync(GatewayHost gateway, params string[] photos)
    {
        var images = string.Join(',', photos.Select(photo => $"\"{GatewayHost.Base64(photo)}\""));
        var id = (await gateway.PostAsync("/api/visage/job", $$"""{"images":[{{images}}]}""", (int)GatewayHost.Taken)).Text("job_id");
        await gateway.EndOfAsync(id);
        return id;
    }

    private static async Task<string> RerunAsync(GatewayHost gateway, string first)
    {
        var id = (await gateway.PostAsync($"/api/jobs/{first}/rerun", """{"only":"failed"}""", (int)GatewayHost.Taken)).Text("job_id");
        await gateway.EndOfAsync(id);
        return id;
    }
}
