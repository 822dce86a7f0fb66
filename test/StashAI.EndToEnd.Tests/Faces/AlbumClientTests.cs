using StashAI.Client;
using StashAI.Client.Models;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Server.Cli;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// The way from unknown faces to an album and back with <see cref="StashClient"/> and with the command line, on the real models. One woman
/// is on the first and on the third sample photo, and somebody else on the first and on the fourth.
/// </summary>
public sealed class AlbumClientTests(RealFiles files)
{
    private static readonly StashClientOptions Options = new() { PollInterval = TimeSpan.FromMilliseconds(20) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_groups_names_judges_rejects_and_deletes()
    {
        await using var server = await AlbumServer.StartAsync(files, null);
        using var client = new StashClient(new Uri(server.Url), Options);
        var job = Guid.Parse(await server.RunFolderAsync());

        await client.GroupFacesAsync(job, cancellationToken: Cancellation);
        var grouping = await client.WatchGroupingAsync(job, Cancellation).LastAsync(Cancellation);
        Assert.Equal((RematchState.Completed, 22, 2), (grouping.State, grouping.Unknown, grouping.Groups));
        var groups = await client.FaceGroupsAsync(job, Cancellation).ToListAsync(Cancellation);
        var people = new Dictionary<string, Guid>();
        foreach (var group in groups)
        {
            var faces = await client.FacesOfGroupAsync(job, group.Group, Cancellation).ToListAsync(Cancellation);
            var name = faces.Exists(face => face.ItemName == "summer/sample3.jpg") ? "Dee" : "Bo";
            people.Add(name, (await client.NameGroupAsync(job, group.Group, name, Cancellation)).Person.Id);
            var named = await client.WatchRematchAsync(job, Cancellation).LastAsync(Cancellation);
            Assert.Equal((RematchState.Completed, 2), (named.State, named.Changed));
        }

        var dee = people["Dee"];
        var photos = await client.PhotosOfPersonAsync(dee, cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["summer/sample1.jpg", "summer/sample3.jpg"], photos.Select(photo => photo.ItemName).Order());
        var together = await client.PeopleTogetherAsync(dee, cancellationToken: Cancellation).ToListAsync(Cancellation);
        Assert.Equal([("Bo", 1)], together.Select(other => (other.Name!, other.Photos)));
        Assert.Equal(
            ["Bo", "Dee"], (await client.PeopleInJobAsync(job, Cancellation).ToListAsync(Cancellation)).Select(one => one.Name).Order());

        var wrong = photos.Single(photo => photo.ItemName == "summer/sample3.jpg");
        await client.RejectFacesAsync(dee, [new ResultFace(wrong.TaskId, wrong.Faces[0].Face)], Cancellation);
        await client.RematchAsync(job, cancellationToken: Cancellation);
        Assert.Equal(RematchState.Completed, (await client.WatchRematchAsync(job, Cancellation).LastAsync(Cancellation)).State);
        Assert.Single(await client.PhotosOfPersonAsync(dee, cancellationToken: Cancellation).ToListAsync(Cancellation));

        var erasure = await client.DeletePersonAsync(dee, Cancellation);
        Assert.True((await client.WatchErasureAsync(erasure.Id, Cancellation).LastAsync(Cancellation)).IsOver);
        Assert.Equal(["Bo"], (await client.PeopleAsync(cancellationToken: Cancellation).ToListAsync(Cancellation)).Select(one => one.Name));
    }

    [Fact]
    public async Task The_command_line_does_the_same()
    {
        await using var server = await AlbumServer.StartAsync(files, null);
        var job = await server.RunFolderAsync();

        // A line for each group below the heading.
        Assert.Equal(3, (await RunAsync(server, "clusters", job)).Count);
        var group = (await server.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data").EnumerateArray()
            .Single(one => one.GetRawText().Contains("sample3", StringComparison.Ordinal)).GetProperty("group").GetString()!;
        var other = (await server.GetAsync($"/api/jobs/{job}/clusters/{group}")).GetProperty("data").EnumerateArray()
            .Single(face => face.GetProperty("item_name").GetString() == "summer/sample3.jpg");
        var leftOut = $"{other.GetProperty("task").GetString()}/{other.GetProperty("face").GetInt32()}";
        await RunAsync(server, "people", "name-group", job, group, "Dee", "--without", leftOut);
        Assert.Contains("6 of 6 results judged again", string.Concat(await RunAsync(server, "rematch", job)), StringComparison.Ordinal);
        // The face that was left out is nobody's after the rematch, until somebody says otherwise.
        Assert.Contains(
            "summer/sample1.jpg", Assert.Single((await RunAsync(server, "people", "photos", "Dee"))[1..]), StringComparison.Ordinal);
        await RunAsync(server, "people", "confirm", "Dee", leftOut);
        var photos = await RunAsync(server, "people", "photos", "Dee");
        Assert.Equal(3, photos.Count);
        Assert.Contains(photos, line => line.Contains("summer/sample1.jpg", StringComparison.Ordinal));
        await RunAsync(server, "people", "together", "Dee");
        var dee = (await server.GetAsync("/api/people")).GetProperty("data")[0].GetProperty("id").GetString()!;
        var third = (await server.PhotosOfAsync(dee)).Single(photo => photo.Photo == "summer/sample3.jpg");
        await RunAsync(server, "people", "reject", "Dee", $"{third.Task}/{third.Face}");
        Assert.Equal(2, (await RunAsync(server, "people", "photos", "Dee")).Count);
        Assert.Contains(
            "Nothing names the person any more: 1 of 1 jobs are done", string.Concat(await RunAsync(server, "people", "delete", "Dee")),
            StringComparison.Ordinal);
        Assert.Equal(0, (await server.GetAsync("/api/people")).GetProperty("total").GetInt32());
    }

    /// <summary>Runs a command line in this process, which must succeed; returns its lines.</summary>
    private static async Task<List<string>> RunAsync(AlbumServer server, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var app = new CommandLineApp(
            new CommandHandlers(output), name => name == "STASHAI_URL" ? server.Url : null, output, error, ["STASHAI_URL"],
            new StringReader(""), isInteractive: false);
        var code = await app.RunAsync(arguments, Cancellation);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code} {output} {error}");
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
