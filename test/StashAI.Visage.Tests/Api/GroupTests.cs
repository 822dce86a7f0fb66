using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace StashAI.Visage.Tests.Api;

/// <summary>The private route that groups the unknown faces of many photos, and the id that the gateway gives a person.</summary>
public sealed class GroupTests(RealFiles files) : IAsyncLifetime
{
    private VisageServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await VisageServer.StartAsync(files);

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Unknown_faces_are_grouped_and_those_of_the_gallery_are_left_out()
    {
        var kept = new List<byte[]>();
        for (var sample = 1; sample <= 6; sample++) kept.Add(await KeepAsync(sample));

        var answer = await GroupAsync("?min_faces=2", [.. kept.Select(faces => (double.NaN, faces))]);

        Assert.Equal((200, 6, 22, 22), (answer.Status, Whole(answer, "photos"), Whole(answer, "faces"), Whole(answer, "unknown")));
        var groups = answer["groups"].AsArray();
        var woman = Assert.Single(groups, group => Photos(group!).Contains(0) && Photos(group!).Contains(2))!;
        Assert.InRange(woman["best"]!.GetValue<int>(), 1, 2);
        Assert.Equal(22, (await GroupAsync("", [.. kept.Select(faces => (double.NaN, faces))]))["groups"].AsArray().Sum(
            group => group!["faces"]!.AsArray().Count));

        // With the threshold of 1 of two photos nobody is known; the woman on the others is.
        Assert.Equal(201, (await server.EnrolAsync("Dee", files.Sample(1), 1580, 330)).Status);
        answer = await GroupAsync("?min_faces=2", [.. kept.Select((faces, i) => (i == 0 ? 1 : double.NaN, faces))]);
        Assert.Equal(21, Whole(answer, "unknown"));
        Assert.DoesNotContain(answer["groups"].AsArray(), group => Photos(group!).Contains(2) && Photos(group!).Contains(0));
        // Nothing resembles anything so much, or everything does.
        Assert.Empty((await GroupAsync("?min_faces=2&threshold=0.99999999", [(double.NaN, kept[0])]))["groups"].AsArray());
        Assert.Single((await GroupAsync("?threshold=0", [(double.NaN, kept[1])]))["groups"].AsArray());
    }

    [Fact]
    public async Task Bodies_that_are_no_faces_are_refused()
    {
        var kept = await KeepAsync(1);
        Assert.Equal(422, (await GroupAsync("", [(double.NaN, [9, 9])])).Status);
        Assert.Equal(422, (await GroupAsync("", [(7, kept)])).Status);
        Assert.Equal("threshold", (await GroupAsync("?threshold=x", []))["field"].GetValue<string>());
        Assert.Equal("min_faces", (await GroupAsync("?min_faces=0", []))["field"].GetValue<string>());
        Assert.Equal("max", (await GroupAsync("?max=0", []))["field"].GetValue<string>());
        Assert.Equal(400, (await SendAsync("", [1, 2, 3], "application/octet-stream")).Status);
        Assert.Equal(400, (await SendAsync("", [.. Enumerable.Repeat((byte)255, 12)], "application/octet-stream")).Status);
        Assert.Equal(415, (await SendAsync("", [], "text/plain")).Status);
        Assert.Equal((200, 0), ((await GroupAsync("", [])).Status, Whole(await GroupAsync("", []), "faces")));
    }

    [Fact]
    public async Task A_person_whose_id_was_chosen_is_enrolled_once()
    {
        var kept = Convert.ToBase64String(await KeepAsync(1));
        var id = Guid.NewGuid();
        var body = $$"""{"name":"Dee","faces":[{"kept_faces":"{{kept}}","index":0}]}""";

        var first = await EnrolAsync(body, id);
        var second = await EnrolAsync(body, id);

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal(id.ToString(), first["id"].GetValue<string>());
        Assert.Equal((id.ToString(), 1), (second["id"].GetValue<string>(), Whole(second, "faces")));
        Assert.Equal(409, (await EnrolAsync(body, Guid.NewGuid())).Status);
    }

    private static int Whole(Answer answer, string name) => answer[name].GetValue<int>();

    private static IEnumerable<int> Photos(JsonNode group) => group["photos"]!.AsArray().Select(photo => photo!.GetValue<int>());

    private Task<Answer> GroupAsync(string query, (double Threshold, byte[] Faces)[] photos)
    {
        using var body = new MemoryStream();
        Span<byte> header = stackalloc byte[12];
        foreach (var (threshold, faces) in photos)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, faces.Length);
            BinaryPrimitives.WriteDoubleLittleEndian(header[4..], threshold);
            body.Write(header);
            body.Write(faces);
        }

        return SendAsync(query, body.ToArray(), "application/octet-stream");
    }

    private async Task<Answer> SendAsync(string query, byte[] body, string type)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await server.SendAsync(HttpMethod.Post, "/api/groups" + query, content);
    }

    private async Task<Answer> EnrolAsync(string body, Guid id)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        content.Headers.Add("X-StashAI-Person", id.ToString());
        return await server.SendAsync(HttpMethod.Post, "/api/gallery/people", content);
    }

    private async Task<byte[]> KeepAsync(int sample)
    {
        using var content = new StringContent(
            $$"""{"image_data":"{{Convert.ToBase64String(files.Sample(sample))}}"}""", Encoding.UTF8, "application/json");
        content.Headers.Add("X-StashAI-Keep", "faces");
        var answer = await server.SendAsync(HttpMethod.Post, "/api/predict_1", content);
        return Convert.FromBase64String(answer["kept_faces"].GetValue<string>());
    }
}
