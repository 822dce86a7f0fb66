using System.Text.Json;
using StashAI.Testing.Files;

namespace StashAI.Gateway.Tests.Routes.Schedules;

/// <summary>The example of docs/schedules.md, in a folder of the test's own.</summary>
public sealed class SchedulePageTests
{
    [Fact]
    public async Task The_example_of_the_page_finds_new_photos()
    {
        await using var host = await ScheduleHost.StartAsync();
        var page = SourceTree.Read("docs/schedules.md");
        var example = page.Split("```json\n")[1].Split("```")[0];
        var path = JsonEncodedText.Encode(host.Photos).ToString();
        await host.WriteAsync("summer/ann.jpg", "ann");

        await host.CreateAsync(example.Replace("/photos", path, StringComparison.Ordinal));
        Assert.Equal(1, (await host.RunAsync("new-photos")).Whole("items"));
        await host.WriteAsync("summer/bob.jpg", "bob");
        Assert.Equal(1, (await host.RunAsync("new-photos")).Whole("items"));

        Assert.Equal(["ann", "bob"], host.Seen);
    }
}
