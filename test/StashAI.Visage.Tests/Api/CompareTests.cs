using System.Net.Http.Json;
using System.Text;
using StashAI.Visage.Tests.Imaging;

namespace StashAI.Visage.Tests.Api;

public sealed class CompareTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await VisageServer.StartAsync(files);
        // Vectors with known cosines: Ada-Bob 0.8, Ada-Cid 0, Bob-Cid 0.6.
        await server.EnrolVectorAsync("Ada", (0, 1));
        await server.EnrolVectorAsync("Bob", (0, 0.8f), (1, 0.6f));
        await server.EnrolVectorAsync("Cid", (1, 1));
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Two_people_are_compared_by_their_closest_faces()
    {
        var answer = await server.PostAsync("/api/compare_faces", new { person1 = "ada", person2 = "Bob" });

        var data = answer["data"];
        Assert.Equal((0.8, 0.2), (Answer.Number(data["similarity"]), Answer.Number(data["distance"])));
        Assert.Equal(0.8, Answer.Number(data["arc_similarity"]));
        Assert.True(data.AsObject().ContainsKey("facenet_similarity"));
        Assert.Null(data["facenet_similarity"]);
        Assert.True(data["is_match"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Two_photos_are_compared_by_their_closest_faces()
    {
        var answer = await server.PostAsync("/api/compare_faces", new { image1 = Base64(1), image2 = Base64(3), threshold = 0.5 });

        var data = answer["data"];
        Assert.True(data["is_match"]!.GetValue<bool>());
        Assert.InRange(Answer.Number(data["similarity"]), 0.6, 0.8);
        Assert.Equal((3, 3), (data["faces1"]!.GetValue<int>(), data["faces2"]!.GetValue<int>()));
        // The woman who is in both photos.
        AssertHolds(data["face1"]!, 1580, 330);
        AssertHolds(data["face2"]!, 1187, 354);
        Assert.Equal(0.42, Answer.Number(answer["threshold_cosine"]));
        Assert.False(data.AsObject().ContainsKey("person1"));
    }

    [Fact]
    public async Task A_person_is_compared_with_the_face_that_is_chosen()
    {
        await server.EnrolAsync("Dee", files.Sample(1), 1580, 330);

        var same = await server.PostAsync(
            "/api/compare_faces", new { person1 = "Dee", image2 = Base64(3), face2 = new { x = 1187, y = 354 } });
        var other = (same["data"]["face2"]!["index"]!.GetValue<int>() + 1) % 3;
        var stranger = await server.PostAsync(
            "/api/compare_faces", new { person1 = "Dee", image2 = Base64(3), face2 = new { index = other } });
        var nobody = await server.PostAsync("/api/compare_faces", new { person1 = "Dee", image2 = Base64(3), face2 = new { index = 3 } });

        Assert.True(same["data"]["is_match"]!.GetValue<bool>());
        Assert.False(stranger["data"]["is_match"]!.GetValue<bool>());
        Assert.Equal(other, stranger["data"]["face2"]!["index"]!.GetValue<int>());
        Assert.Equal((422, "face2", 3), (nobody.Status, nobody["field"].GetValue<string>(), nobody["faces"].AsArray().Count));
    }

    [Fact]
    public async Task A_photo_without_a_face_matches_nobody_whatever_the_threshold()
    {
        var answer = await server.PostAsync(
            "/api/compare_faces", new { person1 = "Ada", image2 = Convert.ToBase64String(TestPictures.Landscape()), threshold = 0 });

        Assert.Equal(
            (200, false, 0), (answer.Status, answer["data"]["is_match"]!.GetValue<bool>(), answer["data"]["faces2"]!.GetValue<int>()));
        Assert.False(answer["data"].AsObject().ContainsKey("face2"));
    }

    [Theory]
    [InlineData("predict_4", "{\"data\": [\"\\ud800\"]}", 400)]
    [InlineData("compare_faces", "{\"person1\": \"\\ud800\", \"person2\": \"Ada\"}", 400)]
    [InlineData("compare_faces", "{\"person1\": \"\\ufffe\", \"person2\": \"Ada\"}", 404)]
    public async Task A_name_that_is_not_a_text_is_refused(string route, string body, int status)
    {
        var answer = await server.SendAsync(HttpMethod.Post, $"/api/{route}", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
    }

    [Fact]
    public async Task A_refusal_does_not_send_a_huge_name_back()
    {
        var answer = await server.PostAsync("/api/compare_faces", new { person1 = new string('x', 200_000), person2 = "Ada" });
        Assert.Equal(404, answer.Status);
        Assert.InRange(answer.Detail.Length, 1, 500);
    }

    [Fact]
    public async Task One_is_compared_with_many_and_unknown_names_are_listed()
    {
        var answer = await server.PostAsync(
            "/api/batch_compare_one_to_many", new { target_person = "Bob", comparison_people = "Cid, Ada, Zoe, Bob", tolerance = 0.3 });

        Assert.Equal(["Ada", "Cid"], answer["data"].AsArray().Select(pair => pair!["person2"]!.GetValue<string>()));
        Assert.Equal([true, false], answer["data"].AsArray().Select(pair => pair!["is_match"]!.GetValue<bool>()));
        Assert.Equal("""["Zoe"]""", answer["unknown"].ToJsonString());
    }

    [Fact]
    public async Task Many_are_compared_with_many_the_most_alike_first()
    {
        var answer = await server.PostAsync(
            "/api/batch_compare_many_to_many", new { group1_people = new[] { "Ada", "Bob" }, group2_people = "Bob, Cid" });
        Assert.Equal([0.8, 0.6, 0], answer["data"].AsArray().Select(pair => Answer.Number(pair!["similarity"])));
    }

    [Fact]
    public async Task Predict_4_lists_the_people_who_look_most_like_one()
    {
        var answer = await server.PostAsync("/api/predict_4", new { data = new object[] { "Cid", 1, 0.5, 0.5, 0.5 } });
        var only = Assert.Single(answer["data"][0]!.AsArray())!;
        Assert.Equal(("Bob", 0.6), (only["name"]!.GetValue<string>(), Answer.Number(only["similarity"])));
    }

    [Theory]
    [InlineData("/api/compare_faces", """{"person1": "Ada"}""", 400, "person2")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "person2": "Zoe"}""", 404, "person2")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "person2": "Bob", "tolerance": 3}""", 422, "tolerance")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "person2": "Bob", "threshold": 1.5}""", 422, "threshold")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "person2": "Bob", "threshold": 0.5, "tolerance": 0.5}""", 422, "threshold")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "image2": "AAAA"}""", 422, "image2")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "image1": "AAAA", "person2": "Bob"}""", 422, "image1")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "face1": {"index": 0}, "person2": "Bob"}""", 422, "face1")]
    [InlineData("/api/compare_faces", """{"person1": "Ada", "image2": "AAAA", "detail": "some"}""", 422, "detail")]
    [InlineData("/api/batch_compare_one_to_many", """{"target_person": "Ada"}""", 400, "comparison_people")]
    [InlineData("/api/batch_compare_one_to_many", """{"target_person": "Ada", "comparison_people": [1]}""", 400, "comparison_people")]
    [InlineData("/api/predict_4", """{"data": []}""", 400, "data")]
    [InlineData("/api/predict_4", """{"data": [7]}""", 400, "data")]
    [InlineData("/api/predict_4", """{"data": ["Ada", "ten"]}""", 422, "data[1]")]
    [InlineData("/api/predict_4", """{"data": ["Ada", 1e400]}""", 422, "data[1]")]
    public async Task A_bad_comparison_names_the_field(string route, string body, int status, string field)
    {
        var answer = await server.SendAsync(HttpMethod.Post, route, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal((status, field), (answer.Status, answer["field"].GetValue<string>()));
    }

    [Fact]
    public async Task Merged_people_are_one_person_with_all_faces()
    {
        var (ada, bob) = (await server.IdOfAsync("Ada"), await server.IdOfAsync("Bob"));
        var merged = await server.PostAsync($"/api/gallery/people/{ada}/merge", new { from = new[] { bob } });

        Assert.Equal((200, 2), (merged.Status, merged["faces"].GetValue<int>()));
        Assert.Equal(404, (await server.GetAsync($"/api/gallery/people/{bob}")).Status);
        Assert.Equal(
            0.6,
            Answer.Number((await server.PostAsync("/api/compare_faces", new { person1 = "Ada", person2 = "Cid" }))["data"]["similarity"]));
        Assert.Equal(404, (await server.PostAsync($"/api/gallery/people/{ada}/merge", new { from = new[] { bob } })).Status);
        Assert.Equal(422, (await server.PostAsync($"/api/gallery/people/{ada}/merge", new { from = new[] { ada } })).Status);
    }

    [Fact]
    public async Task A_wrong_face_can_be_removed_from_a_person()
    {
        var ada = await server.IdOfAsync("Ada");
        await server.PostAsync($"/api/gallery/people/{ada}/merge", new { from = new[] { await server.IdOfAsync("Bob") } });
        var faces = (await server.GetAsync($"/api/gallery/people/{ada}/faces"))["faces"].AsArray();

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{ada}/faces/{faces[1]!["id"]}")).Status);

        Assert.Equal(
            0,
            Answer.Number((await server.PostAsync("/api/compare_faces", new { person1 = "Ada", person2 = "Cid" }))["data"]["similarity"]));
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, $"/api/gallery/people/{ada}/faces/{faces[1]!["id"]}")).Status);
    }

    [Fact]
    public async Task An_exported_gallery_imports_into_another_once()
    {
        await server.EnrolAsync("Dee", files.Sample(1), 1580, 330);
        var export = await server.Client.GetByteArrayAsync(
            new Uri("/api/gallery/export", UriKind.Relative), TestContext.Current.CancellationToken);
        await using var other = await VisageServer.StartAsync(files);

        for (var time = 0; time < 2; time++)
        {
            var content = new ByteArrayContent(export);
            content.Headers.ContentType = new("application/x-ndjson");
            var imported = await other.SendAsync(HttpMethod.Post, "/api/gallery/import", content);
            Assert.Equal(
                (200, time == 0 ? 4 : 0, time == 0 ? 4 : 0),
                (imported.Status, imported["people_added"].GetValue<int>(), imported["faces_added"].GetValue<int>()));
        }

        Assert.Equal("Dee", (await other.PredictAsync(files.Sample(3))).FaceAt(1187, 354)["performers"]![0]!["name"]!.GetValue<string>());
        var again = await other.Client.GetByteArrayAsync(
            new Uri("/api/gallery/export", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetString(export), Encoding.UTF8.GetString(again));
    }

    [Fact]
    public async Task An_invalid_line_is_named()
    {
        var content = new StringContent("\n{\"name\": \"Eve\"}\n{oops", Encoding.UTF8, "application/x-ndjson");
        var answer = await server.SendAsync(HttpMethod.Post, "/api/gallery/import", content);
        Assert.Equal((400, "line 3"), (answer.Status, answer["field"].GetValue<string>()));
        var nameless = await server.SendAsync(
            HttpMethod.Post, "/api/gallery/import", new StringContent("{\"country\": \"GB\"}", Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal((400, "line 1: name"), (nameless.Status, nameless["field"].GetValue<string>()));
    }

    [Fact]
    public async Task A_face_found_in_a_photo_can_be_enrolled_from_the_answer()
    {
        var found = await server.PostAsync(
            "/api/predict_1", new { image_data = Convert.ToBase64String(files.Sample(1)), return_embeddings = true });
        var face = found.FaceAt(1580, 330);
        var person = await server.PostAsync(
            "/api/gallery/people",
            new
            {
                name = "Dee",
                faces = new[] { new { embedding = face["embedding"], image = face["image"], quality = face["quality"] } },
            });

        Assert.Equal(201, person.Status);
        Assert.Equal("Dee", (await server.PredictAsync(files.Sample(3))).FaceAt(1187, 354)["performers"]![0]!["name"]!.GetValue<string>());
    }

    private string Base64(int sample) => Convert.ToBase64String(files.Sample(sample));

    private static void AssertHolds(System.Text.Json.Nodes.JsonNode face, double x, double y)
    {
        var box = face["box"]!;
        Assert.InRange(x, Answer.Number(box["x"]), Answer.Number(box["x"]) + Answer.Number(box["width"]));
        Assert.InRange(y, Answer.Number(box["y"]), Answer.Number(box["y"]) + Answer.Number(box["height"]));
    }
}
