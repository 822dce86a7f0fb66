using System.Net.Http.Json;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Gallery;

public sealed class GalleryApiTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>An emoji is one character and two units of UTF-16.</summary>
    [Theory]
    [InlineData("name", 200, "")]
    [InlineData("country", 200, "")]
    [InlineData("performer_url", 2000, "http://x/")]
    [InlineData("image", 2000, "http://x/")]
    public async Task Limits_count_characters(string field, int most, string start)
    {
        var embedding = Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([1, .. new float[511]]));
        foreach (var (count, status) in ((int, int)[])[(most, 201), (most + 1, 422)])
        {
            var person = new Dictionary<string, object> { ["name"] = $"Ada {count}", ["faces"] = new[] { new { embedding } } };
            person[field] = start + string.Concat(Enumerable.Repeat("\U0001F600", count - start.Length));
            var answer = await server.PostAsync("/api/gallery/people", person);
            Assert.Equal(status, answer.Status);
            if (status == 422) Assert.Contains($"{most}", answer.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Faces_of_somebody_else_are_moved_and_every_refusal_names_its_field()
    {
        var ids = new List<string>();
        foreach (var (name, axes) in new[] { ("Ann", new[] { 1, 2, 3 }), ("Bea", [4]) })
        {
            var faces = axes.Select(axis => new { embedding = Embedding(axis) });
            ids.Add((await server.PostAsync("/api/gallery/people", new { name, faces }))["id"].GetValue<string>());
        }

        var owned = (await server.Client.GetFromJsonAsync<System.Text.Json.Nodes.JsonNode>(
            $"/api/gallery/people/{ids[0]}/faces", TestContext.Current.CancellationToken))!["faces"]!.AsArray()
            .Select(face => face!["id"]!.GetValue<string>()).ToArray();
        var path = $"/api/gallery/people/{ids[0]}/split";
        foreach (var (body, status, word) in new (object Body, int Status, string Word)[]
        {
            (new { name = "Eve" }, 400, "faces is missing"), (new { faces = owned[..1] }, 400, "either into"),
            (new { faces = owned[..1], name = "Eve", into = ids[1] }, 400, "either into"),
            (new { faces = owned[..1], name = " " }, 422, "name"), (new { faces = owned[..1], into = ids[0] }, 422, "the person itself"),
            (new { faces = owned, name = "Eve" }, 422, "all faces"),
            (new { faces = new[] { owned[0], ids[0] }, name = "Eve" }, 422, "has no face"),
            (new { faces = owned[..1], name = "BEA" }, 409, "already"),
            (new { faces = owned[..1], into = owned[0] }, 422, "no person"),
        })
        {
            var refused = await server.PostAsync(path, body);
            Assert.Equal(status, refused.Status);
            Assert.Contains(word, refused.Detail, StringComparison.Ordinal);
        }

        var eve = await server.PostAsync(path, new { faces = owned[..1], name = "Eve" });
        var bea = await server.PostAsync(path, new { faces = new[] { owned[1], owned[1] }, into = ids[1] });

        Assert.Equal(("Eve", 1, 2), (eve["into"]["name"]!.GetValue<string>(), eve["into"]["faces"]!.GetValue<int>(),
            eve["from"]["faces"]!.GetValue<int>()));
        Assert.Equal((ids[1], 2, 1), (bea["into"]["id"]!.GetValue<string>(), bea["into"]["faces"]!.GetValue<int>(),
            bea["from"]["faces"]!.GetValue<int>()));
    }

    private static string Embedding(int axis)
    {
        var vector = new float[512];
        vector[axis] = 1;
        return Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(vector));
    }

    [Fact]
    public async Task A_new_person_is_answered_with_an_id_and_the_face_that_was_taken()
    {
        var person = await server.PostAsync("/api/gallery/people", new
        {
            name = " Ada ",
            photos = new object[] { new { image = Convert.ToBase64String(files.Sample(1)), face = new { x = 1580, y = 330 } } },
            country = "GB",
            performer_url = "https://example.org/ada",
        });

        Assert.Equal(201, person.Status);
        Assert.Equal('7', person["id"].GetValue<string>()[14]);
        Assert.Equal("Ada", person["name"].GetValue<string>());
        Assert.Equal(1, person["faces"].GetValue<int>());
        Assert.Equal(0, person["enrolled"][0]!["photo"]!.GetValue<int>());
        Assert.Equal($"/api/gallery/people/{person["id"]}", person.Headers.Location!.ToString());
        var performer = (await server.PredictAsync(files.Sample(1))).FaceAt(1580, 330)["performers"]![0]!;
        Assert.Equal(
            ("GB", "https://example.org/ada"), (performer["country"]!.GetValue<string>(), performer["performer_url"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_picture_of_a_person_can_be_fetched_from_the_address_in_the_answer()
    {
        var person = await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        var picture = await server.Client.GetByteArrayAsync(
            new Uri(person["image"].GetValue<string>()), TestContext.Current.CancellationToken);
        Assert.Equal([0xFF, 0xD8], picture[..2]);
    }

    [Fact]
    public async Task A_photo_of_several_people_is_refused_with_the_list_to_choose_from()
    {
        var photos = new[] { Convert.ToBase64String(files.Sample(1)) };
        var asked = await server.PostAsync("/api/gallery/people", new { name = "Ada", photos });

        Assert.Equal(422, asked.Status);
        Assert.Equal(3, asked["faces"].AsArray().Count);
        Assert.Equal("photos[0]", asked["field"].GetValue<string>());
        var chosen = await server.PostAsync("/api/gallery/people", new { name = "Ada", photos, face = new { index = 2 } });
        Assert.Equal(201, chosen.Status);
        Assert.Equal(asked["faces"][2]!["box"]!.ToJsonString(), chosen["enrolled"][0]!["box"]!.ToJsonString());
        Assert.Equal(422, (await server.PostAsync("/api/gallery/people", new { name = "Bob", photos, face = new { index = 3 } })).Status);
        Assert.Equal(422, (await server.EnrolAsync("Bob", files.Sample(1), 5, 5)).Status);
    }

    [Fact]
    public async Task A_photo_without_a_face_enrols_nobody()
    {
        var photos = new[] { Convert.ToBase64String(files.Sample(1)), Convert.ToBase64String(TestPictures.Landscape()) };
        var answer = await server.PostAsync("/api/gallery/people", new
        {
            name = "Ada",
            photos = new object[] { new { image = photos[0], face = new { index = 0 } }, photos[1] },
        });

        Assert.Equal(422, answer.Status);
        Assert.Equal("photos[1]", answer["field"].GetValue<string>());
        Assert.Equal(0, (await server.GetAsync("/api/gallery/people"))["total_count"].GetValue<int>());
    }

    [Fact]
    public async Task More_photos_of_a_person_raise_the_hits_and_the_same_photo_counts_once()
    {
        var id = (await server.EnrolAsync("Ada", files.Sample(1), 1580, 330))["id"].GetValue<string>();
        var more = new { photos = new[] { Convert.ToBase64String(files.Sample(3)) }, face = new { x = 1187, y = 354 } };

        Assert.Equal(2, (await server.PostAsync($"/api/gallery/people/{id}/photos", more))["faces"].GetValue<int>());
        Assert.Equal(2, (await server.PostAsync($"/api/gallery/people/{id}/photos", more))["faces"].GetValue<int>());
        var performer = Assert.Single((await server.PredictAsync(files.Sample(3))).FaceAt(1187, 354)["performers"]!.AsArray())!;
        Assert.Equal((2, 100), (performer["hits"]!.GetValue<int>(), performer["confidence"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_name_belongs_to_one_person()
    {
        var first = await server.EnrolAsync("Ada", files.Sample(1), 1580, 330);
        var second = await server.EnrolAsync("aDA", files.Sample(3), 1187, 354);

        Assert.Equal(409, second.Status);
        Assert.Equal(first["id"].GetValue<string>(), second["person_id"].GetValue<string>());
    }

    [Fact]
    public async Task A_person_can_be_renamed_and_the_old_name_is_free_again()
    {
        var id = (await server.EnrolAsync("Ada", files.Sample(1), 1580, 330))["id"].GetValue<string>();
        var renamed = await server.SendAsync(
            HttpMethod.Patch, $"/api/gallery/people/{id}", JsonContent.Create(new { name = "Grace", country = "US" }));

        Assert.Equal(200, renamed.Status);
        Assert.Equal(("Grace", "US"), (renamed["name"].GetValue<string>(), renamed["country"].GetValue<string>()));
        Assert.Equal("""["Grace"]""", (await server.GetAsync("/api/person_names"))["data"].ToJsonString());
        Assert.Equal(201, (await server.EnrolAsync("Ada", files.Sample(2), 0, 0) is { Status: 422 } asked
            ? await server.PostAsync(
                "/api/gallery/people",
                new
                {
                    name = "Ada",
                    photos = new[] { Convert.ToBase64String(files.Sample(2)) },
                    face = new { index = asked["faces"][0]!["index"]!.GetValue<int>() },
                })
            : throw new InvalidOperationException("a face in the corner")).Status);
        var taken = await server.SendAsync(HttpMethod.Patch, $"/api/gallery/people/{id}", JsonContent.Create(new { name = "ada" }));
        Assert.Equal(409, taken.Status);
    }

    [Fact]
    public async Task A_deleted_person_is_no_longer_found()
    {
        var id = (await server.EnrolAsync("Ada", files.Sample(1), 1580, 330))["id"].GetValue<string>();

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{id}")).Status);

        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{id}")).Status);
        Assert.Empty((await server.PredictAsync(files.Sample(1))).FaceAt(1580, 330)["performers"]!.AsArray());
        Assert.Equal(0, (await server.GetAsync("/health"))["faces"].GetValue<int>());
    }

    [Fact]
    public async Task The_list_comes_in_pages_and_can_be_searched()
    {
        for (var i = 0; i < 3; i++)
        {
            await server.PostAsync("/api/gallery/people", new
            {
                name = $"Person {i}",
                photos = new[] { Convert.ToBase64String(files.Sample(2)) },
                face = new { index = i },
            });
        }

        var first = await server.GetAsync("/api/gallery/people?limit=2");
        var second = await server.GetAsync($"/api/gallery/people?limit=2&after={first["next_after"]}");

        Assert.Equal(["Person 0", "Person 1"], first["people"].AsArray().Select(person => person!["name"]!.GetValue<string>()));
        Assert.Equal("Person 2", Assert.Single(second["people"].AsArray())!["name"]!.GetValue<string>());
        Assert.Null(second.Body!["next_after"]);
        Assert.Equal(3, second["total_count"].GetValue<int>());
        Assert.Single((await server.GetAsync("/api/gallery/people?search=SON%202"))["people"].AsArray());
    }

    [Theory]
    [InlineData("""{"photos": ["AAAA"]}""", 400, "name")]
    [InlineData("""{"name": "  ", "photos": ["AAAA"]}""", 422, "name")]
    [InlineData("""{"name": "A"}""", 400, "photos")]
    [InlineData("""{"name": "A", "photos": []}""", 400, "photos")]
    [InlineData("""{"name": "A", "photos": [null]}""", 400, "photos[0]")]
    [InlineData("""{"name": "A", "photos": [5]}""", 400, "photos[0]")]
    [InlineData("""{"name": "A", "photos": [{}]}""", 400, "photos[0]")]
    [InlineData("""{"name": "A", "photos": ["AAAA"]}""", 422, "photos[0]")]
    [InlineData("""{"name": "A", "photos": ["AAAA"], "image": "javascript:alert(1)"}""", 422, "image")]
    [InlineData("""{"name": "A", "photos": ["AAAA", "AAAA"], "face": {"index": 0}}""", 422, "face")]
    public async Task A_bad_enrolment_names_the_field(string body, int status, string field)
    {
        var answer = await server.SendAsync(
            HttpMethod.Post, "/api/gallery/people", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((status, field), (answer.Status, answer["field"].GetValue<string>()));
    }
}
