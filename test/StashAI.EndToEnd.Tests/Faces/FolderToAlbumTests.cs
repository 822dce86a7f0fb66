using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Postgres;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// From a folder of photos to the album and back, over HTTP, with the real models: unknown faces are grouped, one group is named, a wrong
/// match is rejected, and the person is deleted. One woman is on the first and on the third sample photo, and somebody else on the first
/// and on the fourth.
/// </summary>
public sealed class FolderToAlbumTests(RealFiles files, PostgresFixture postgres)
{
    private const string Name = "Delphine Quarrington";
    private const string Other = "Bo Ostrander";
    private const string First = "summer/sample1.jpg";
    private const string Third = "summer/sample3.jpg";
    private const string Fourth = "winter/sample4.jpg";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_becomes_an_album_and_a_deleted_person_is_gone_from_everything(bool usesPostgres)
    {
        files.SkipIfMissing();
        var database = usesPostgres ? await postgres.CreateDatabaseAsync(Cancellation) : null;
        await using var server = await AlbumServer.StartAsync(files, database?.Url);
        var job = await server.RunFolderAsync();

        var groups = await GroupAsync(server, job);
        Assert.Equal([(First, Third), (First, Fourth)], groups.Select(group => (group[0].Photo, group[1].Photo)).Order());
        var hers = groups.Single(group => group[1].Photo == Third);
        var person = await NameAsync(server, job, hers, Name);
        Assert.Equal(hers, (await server.PhotosOfAsync(person)).OrderBy(photo => photo.Photo));
        var other = await NameAsync(server, job, groups.Single(group => group[1].Photo == Fourth), Other);
        var together = (await server.GetAsync($"/api/people/{person}/together")).GetProperty("data");
        Assert.Equal(Other, Assert.Single(together.EnumerateArray()).GetProperty("name").GetString());

        var (first, third) = (hers[0], hers[1]);
        await RejectAsync(server, job, person, first, third);
        await DeleteAsync(server, database, job, person, other, first);
    }

    /// <summary>Rejects the match on the third photo: a rematch and a fresh run respect it, until it is taken back.</summary>
    private static async Task RejectAsync(
        AlbumServer server, string job, string person, (string Photo, string Task, int Face) first,
        (string Photo, string Task, int Face) third)
    {
        // Named by both faces, she would be found on the third photo by the third photo itself.
        await server.PostAsync(
            $"/api/people/{person}/rejections", new { faces = new[] { new { task = third.Task, face = third.Face } } }, HttpStatusCode.OK);
        Assert.Equal([first], await server.PhotosOfAsync(person));
        await server.EndOfAsync($"/api/jobs/{job}/rematch");
        await server.PostAsync($"/api/jobs/{job}/rematch", new { }, HttpStatusCode.Accepted);
        var again = await server.EndOfAsync($"/api/jobs/{job}/rematch");
        Assert.Equal(0, Whole(again, "changed"));
        Assert.Equal([first], await server.PhotosOfAsync(person));
        var fresh = await server.RunFolderAsync();
        Assert.Equal([First], (await server.PhotosOfAsync(person, $"?job={fresh}")).Select(photo => photo.Photo));

        var rejection = (await server.GetAsync($"/api/people/{person}/rejections")).GetProperty("data")[0].GetProperty("id").GetString();
        await server.SendAsync(HttpMethod.Delete, $"/api/people/{person}/rejections/{rejection}", null, HttpStatusCode.NoContent);
        Assert.Contains(third, await server.PhotosOfAsync(person));
    }

    /// <summary>Deletes the person: no route names her, and her name, id, picture and embeddings are in no file and no column.</summary>
    private static async Task DeleteAsync(
        AlbumServer server, PostgresDatabase? database, string job, string person, string other,
        (string Photo, string Task, int Face) shown)
    {
        var task = await server.GetAsync($"/api/tasks/{shown.Task}");
        var link = Faces(task)[shown.Face].GetProperty("performers")[0].GetProperty("image").GetString()!;
        var values = await ValuesAsync(server, database, person, task, shown);
        var routes = new NamingRoutes(server.Http, [Name, person]);
        var ids = new Dictionary<string, string[]>
        {
            ["id"] = [job, shown.Task, person, other],
            ["name"] = ["visage"],
            ["face"] = [$"{shown.Face}"],
            ["group"] = ["1-0", "1-1"],
        };
        var naming = await routes.AskAsync(ids);
        Assert.All(
            (string[])
            [
                "/api/people", "/api/people/export", "/api/audit", $"/api/jobs/{job}/results?format=ndjson",
                $"/api/jobs/{job}/results?format=zip", $"/api/tasks/{shown.Task}", $"/api/queue/status/{job}",
                $"/api/people/{other}/together",
            ],
            path => Assert.Contains(path, naming));
        foreach (var (what, value) in values)
            Assert.True((await HoldingAsync(server, database, value)).Count > 0, $"Nothing holds the {what} before the deletion.");

        var erasure = (await server.SendAsync(HttpMethod.Delete, $"/api/people/{person}", null, HttpStatusCode.Accepted))
            .GetProperty("id").GetString()!;
        await server.EndOfAsync($"/api/people/erasures/{erasure}");

        Assert.Empty(await new NamingRoutes(server.Http, [Name, person]).AskAsync(
            new Dictionary<string, string[]>(ids) { ["id"] = [.. ids["id"], erasure] }));
        await AssertGoneAsync(server, link, person);

        foreach (var (what, value) in values)
            Assert.Equal((what, ""), (what, string.Join(", ", await HoldingAsync(server, database, value))));

        // A face is still there, nobody matches it, and others keep their names.
        Assert.True(Faces(await server.GetAsync($"/api/tasks/{shown.Task}"))[shown.Face].GetProperty("erased").GetBoolean());
        await server.PostAsync($"/api/jobs/{job}/rematch", new { }, HttpStatusCode.Accepted);
        await server.EndOfAsync($"/api/jobs/{job}/rematch");
        await AssertGoneAsync(server, link, person);
        Assert.Equal([First, Fourth], (await server.PhotosOfAsync(other, $"?job={job}")).Select(photo => photo.Photo).Order());
    }

    private static async Task AssertGoneAsync(AlbumServer server, string link, string person)
    {
        foreach (var address in (string[])[link, .. ((string[])["", "/picture", "/photos", "/together", "/faces", "/rejections"])
            .Select(part => $"/api/people/{person}{part}")])
        {
            using var gone = await server.Http.GetAsync(address, Cancellation);
            Assert.True(gone.StatusCode == HttpStatusCode.NotFound, $"{address}: {gone.StatusCode}");
        }
    }

    /// <summary>Groups the unknown faces; returns those of each group by the names of their photos.</summary>
    private static async Task<List<List<(string Photo, string Task, int Face)>>> GroupAsync(AlbumServer server, string job)
    {
        await server.PostAsync($"/api/jobs/{job}/clusters", new { }, HttpStatusCode.Accepted);
        var state = await server.EndOfAsync($"/api/jobs/{job}/clusters");
        Assert.Equal((6, 22, 22), (Whole(state, "total"), Whole(state, "faces"), Whole(state, "unknown")));
        return
        [
            .. state.GetProperty("data").EnumerateArray().Select(group => group.GetProperty("examples").EnumerateArray()
                .Select(face => (
                    face.GetProperty("item_name").GetString()!, face.GetProperty("task").GetString()!, Whole(face, "face")))
                .OrderBy(face => face.Item1).ToList()),
        ];
    }

    /// <summary>Names the group of some faces, and waits until both results have the name; returns the person.</summary>
    private static async Task<string> NameAsync(
        AlbumServer server, string job, List<(string Photo, string Task, int Face)> faces, string name)
    {
        var groups = (await server.GetAsync($"/api/jobs/{job}/clusters")).GetProperty("data").EnumerateArray().Select(
            group => group.GetProperty("group").GetString()!);
        foreach (var group in groups)
        {
            var members = (await server.GetAsync($"/api/jobs/{job}/clusters/{group}")).GetProperty("data").EnumerateArray()
                .Select(face => (face.GetProperty("task").GetString()!, Whole(face, "face")));
            if (!members.Contains((faces[0].Task, faces[0].Face))) continue;
            var named = await server.PostAsync($"/api/jobs/{job}/clusters/{group}/name", new { name }, HttpStatusCode.OK);
            Assert.Equal(2, Whole(await server.EndOfAsync($"/api/jobs/{job}/rematch"), "changed"));
            return named.GetProperty("person").GetProperty("id").GetString()!;
        }

        throw new InvalidOperationException($"No group has the faces of {name}.");
    }

    /// <summary>What is hers alone, as it is stored: texts, a part of the face's picture, and both forms of its embedding.</summary>
    private static async Task<List<(string What, byte[] Value)>> ValuesAsync(
        AlbumServer server, PostgresDatabase? database, string person, JsonElement task, (string Photo, string Task, int Face) shown)
    {
        var picture = Faces(task)[shown.Face].GetProperty("image").GetString()!;
        var export = (await server.Http.GetStringAsync("/api/people/export", Cancellation)).Split('\n')
            .Single(line => line.Contains(Name, StringComparison.Ordinal));
        var embedding = JsonSerializer.Deserialize<JsonElement>(export).GetProperty("faces")[0].GetProperty("embedding").GetString()!;
        return
        [
            ("name", System.Text.Encoding.UTF8.GetBytes(Name)),
            ("id", System.Text.Encoding.UTF8.GetBytes(person)),
            ("picture", System.Text.Encoding.UTF8.GetBytes(picture.Substring(picture.Length / 2, 64))),
            ("embedding of the gallery", Convert.FromBase64String(embedding)[512..576]),
            ("kept embedding", await KeptAsync(server, database, Convert.FromBase64String(embedding))),
        ];
    }

    /// <summary>A part of that kept embedding which is closest to one of the gallery.</summary>
    private static async Task<byte[]> KeptAsync(AlbumServer server, PostgresDatabase? database, byte[] embedding)
    {
        var enrolled = MemoryMarshal.Cast<byte, float>(embedding).ToArray();
        var kept = new List<byte[]>();
        await using System.Data.Common.DbConnection connection = database is null
            ? new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "queue.db")};Mode=ReadOnly;Pooling=False")
            : new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT data FROM task_derived";
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        while (await rows.ReadAsync(Cancellation))
        {
            var faces = (byte[])rows.GetValue(0);
            for (var at = 1; at < faces.Length; at += 1044) kept.Add(faces[at..(at + 1024)]);
        }

        return kept.MaxBy(face => MemoryMarshal.Cast<byte, Half>(face).ToArray().Zip(enrolled, (x, y) => (float)x * y).Sum())![512..576];
    }

    private static Task<List<string>> HoldingAsync(AlbumServer server, PostgresDatabase? database, byte[] value) =>
        StoredValues.HoldingAsync(server.DataFolder, database?.ConnectionString, value);

    private static List<JsonElement> Faces(JsonElement task) =>
        [.. task.GetProperty("result").GetProperty("data")[0].EnumerateArray()];

    private static int Whole(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
