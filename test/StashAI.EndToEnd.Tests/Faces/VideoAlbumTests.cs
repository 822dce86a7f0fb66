using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.Testing.Postgres;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// Films go through the album as photos do, with times, with the real models and the real ffmpeg: their unknown faces are grouped together
/// with those of photos, a group is named, a rematch says what a fresh run says, a match is rejected, and a person is deleted. One woman is
/// on the first and on the third sample photo, of which the film has a scene each.
/// </summary>
public sealed class VideoAlbumTests(RealFiles files, PostgresFixture postgres)
{
    private const string Name = "Delphine Quarrington";
    private const string Film = "films/film.mp4";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_film_goes_through_the_album_as_photos_do_with_times(bool usesPostgres)
    {
        files.SkipIfMissing();
        var database = usesPostgres ? await postgres.CreateDatabaseAsync(Cancellation) : null;
        await using var server = await AlbumServer.StartAsync(files, database?.Url);
        Directory.CreateDirectory(Path.Combine(server.PhotoFolder, "films"));
        await RealFilm.MakeAsync(files, Path.Combine(server.PhotoFolder, Film), 2, 1, 3);
        var (films, photos) = (await RunFilmAsync(server), await server.RunFolderAsync());
        var before = await ResultAsync(server, films);
        Assert.Empty(before.GetProperty("people").EnumerateArray());
        Assert.DoesNotContain("kept_faces", before.GetRawText(), StringComparison.Ordinal);

        var person = await NameAsync(server, films, photos);

        var after = await ResultAsync(server, films);
        var dee = Assert.Single(after.GetProperty("people").EnumerateArray());
        Assert.Equal(Name, dee.GetProperty("performer").GetProperty("name").GetString());
        Assert.Equal([0.0, 1, 2, 3], dee.GetProperty("times").EnumerateArray().Select(time => Math.Floor(time.GetDouble())));
        SameResults.Assert([await ResultAsync(server, await RunFilmAsync(server))], [after]);
        Assert.Equal([0.0, 1, 2, 3], await TimesAsync(server, films, person));
        var shown = await ShownAsync(server, person, $"?job={films}");
        Assert.Equal("film.mp4", shown.GetProperty("item_name").GetString());
        Assert.Equal(2, (await server.GetAsync($"/api/people/{person}/photos?job={photos}")).GetProperty("total").GetInt32());
        var ofJob = (await server.GetAsync($"/api/people?in_job={films}")).GetProperty("data");
        Assert.Equal(person, Assert.Single(ofJob.EnumerateArray()).GetProperty("id").GetString());

        await RejectAsync(server, films, person, shown);
        await DeleteAsync(server, database, films, person, shown);
    }

    private static Task<string> RunFilmAsync(AlbumServer server) => server.RunAsync(
        "/api/visage/batch/video",
        new { items = new[] { new { path = Path.Combine(server.PhotoFolder, Film) } }, config = new { frames_per_minute = 60 } });

    /// <summary>Groups the unknown faces of the film and of the photos together, and names the woman of both; returns her id.</summary>
    private static async Task<string> NameAsync(AlbumServer server, string films, string photos)
    {
        await server.PostAsync($"/api/jobs/{films}/clusters", new { jobs = new[] { photos } }, HttpStatusCode.Accepted);
        var state = await server.EndOfAsync($"/api/jobs/{films}/clusters");
        // The film has two frames of each of two photos with three faces, and the photos 22 faces.
        Assert.Equal((34, 34), (state.GetProperty("faces").GetInt32(), state.GetProperty("unknown").GetInt32()));
        var woman = Assert.Single(state.GetProperty("data").EnumerateArray(), group => group.GetProperty("faces").GetInt32() == 6);
        Assert.Equal(3, woman.GetProperty("photos").GetInt32());
        foreach (var face in woman.GetProperty("examples").EnumerateArray())
        {
            using var picture = await server.Http.GetAsync(face.GetProperty("picture_url").GetString(), Cancellation);
            Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        }

        var named = await server.PostAsync(
            $"/api/jobs/{films}/clusters/{woman.GetProperty("group").GetString()}/name", new { name = Name }, HttpStatusCode.OK);
        foreach (var job in (string[])[films, photos]) await server.EndOfAsync($"/api/jobs/{job}/rematch");
        return named.GetProperty("person").GetProperty("id").GetString()!;
    }

    /// <summary>Rejects her in the second scene: there she is found no more, until it is taken back.</summary>
    private static async Task RejectAsync(AlbumServer server, string job, string person, JsonElement shown)
    {
        var faces = shown.GetProperty("faces").EnumerateArray().Where(face => face.GetProperty("time").GetDouble() >= 2)
            .Select(face => new { task = shown.GetProperty("task_id").GetString(), face = face.GetProperty("face").GetInt32() }).ToList();
        Assert.Equal(2, faces.Count);
        var rejected = await server.PostAsync($"/api/people/{person}/rejections", new { faces }, HttpStatusCode.OK);
        Assert.Equal(1, rejected.GetProperty("rematch").GetProperty("judged").GetInt32());
        Assert.Equal([0.0, 1], await TimesAsync(server, job, person));
        var times = (await ResultAsync(server, job)).GetProperty("people")[0].GetProperty("times");
        Assert.Equal(2, times.GetArrayLength());
        foreach (var rejection in rejected.GetProperty("data").EnumerateArray())
        {
            var address = $"/api/people/{person}/rejections/{rejection.GetProperty("id").GetString()}";
            await server.SendAsync(HttpMethod.Delete, address, null, HttpStatusCode.NoContent);
        }

        Assert.Equal([0.0, 1, 2, 3], await TimesAsync(server, job, person));
    }

    /// <summary>Deletes the person: her faces in the film are erased, and her name, id and pictures are stored nowhere.</summary>
    private static async Task DeleteAsync(
        AlbumServer server, PostgresDatabase? database, string job, string person, JsonElement shown)
    {
        var positions = shown.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("face").GetInt32()).ToList();
        var result = await ResultAsync(server, job);
        List<byte[]> values =
        [
            Encoding.UTF8.GetBytes(Name), Encoding.UTF8.GetBytes(person),
            .. positions.Select(position => Part(FacesOf(result)[position].GetProperty("image").GetString()!)),
            Part(result.GetProperty("cover").GetProperty("image").GetString()!),
        ];
        foreach (var value in values) Assert.NotEmpty(await HoldingAsync(server, database, value));

        var erasure = await server.SendAsync(HttpMethod.Delete, $"/api/people/{person}", null, HttpStatusCode.Accepted);
        await server.EndOfAsync($"/api/people/erasures/{erasure.GetProperty("id").GetString()}");

        foreach (var value in values) Assert.Equal("", string.Join(", ", await HoldingAsync(server, database, value)));
        var after = await ResultAsync(server, job);
        Assert.All(positions, position => Assert.True(FacesOf(after)[position].GetProperty("erased").GetBoolean()));
        Assert.Empty(after.GetProperty("people").EnumerateArray());
        Assert.Equal("", after.GetProperty("cover").GetProperty("image").GetString());
        await server.PostAsync($"/api/jobs/{job}/rematch", new { threshold = 0 }, HttpStatusCode.Accepted);
        await server.EndOfAsync($"/api/jobs/{job}/rematch");
        await server.PostAsync($"/api/jobs/{job}/clusters", new { }, HttpStatusCode.Accepted);
        var groups = await server.EndOfAsync($"/api/jobs/{job}/clusters");
        Assert.Equal((12, 8), (groups.GetProperty("faces").GetInt32(), groups.GetProperty("unknown").GetInt32()));
    }

    private static byte[] Part(string picture) => Encoding.UTF8.GetBytes(picture.Substring(picture.Length / 2, 64));

    private static Task<List<string>> HoldingAsync(AlbumServer server, PostgresDatabase? database, byte[] value) =>
        StoredValues.HoldingAsync(server.DataFolder, database?.ConnectionString, value);

    private static List<JsonElement> FacesOf(JsonElement result) =>
        [.. result.GetProperty("frames").EnumerateArray().SelectMany(frame => frame.GetProperty("faces").EnumerateArray())];

    private static async Task<JsonElement> ShownAsync(AlbumServer server, string person, string query) =>
        Assert.Single((await server.GetAsync($"/api/people/{person}/photos{query}")).GetProperty("data").EnumerateArray());

    /// <summary>The seconds in which a job of one film shows a person.</summary>
    private static async Task<IEnumerable<double>> TimesAsync(AlbumServer server, string job, string person) =>
        (await ShownAsync(server, person, $"?job={job}")).GetProperty("faces").EnumerateArray()
            .Select(face => Math.Floor(face.GetProperty("time").GetDouble()));

    private static async Task<JsonElement> ResultAsync(AlbumServer server, string job) =>
        (await server.GetAsync($"/api/queue/status/{job}")).GetProperty("results")[0].GetProperty("output_json");
}
