using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Demo;
using StashAI.EndToEnd.Tests.Gateway;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// Photos of each format, in each form in which clients send photos, through the gateway and the real models to faces, to pictures of the
/// faces, and to previews; and files that are no pictures, each of which fails by its name.
/// </summary>
public sealed class PhotoFormatTests(RealFiles files)
{
    private static readonly string[] Forms = ["folder", "path", "base64", "multipart"];

    /// <summary>More forms in which a file has a name; only files that fail are sent in them, since photos take long.</summary>
    private static readonly string[] FormsOfBad = ["data URL", "lines"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_format_has_its_faces_a_picture_of_them_and_a_preview_in_each_form()
    {
        files.SkipIfMissing();
        await using var server = await AlbumServer.StartAsync(files, null);
        var folder = Path.Combine(server.PhotoFolder, "formats");
        var endings = await PhotosOfAllFormats.WriteAsync(files, folder);
        var expected = new List<string>();
        var seen = new List<string>();
        string[] bad = [.. endings.Select(ending => $"{PhotosOfAllFormats.Bad}.{ending}"), .. PhotosOfAllFormats.Refused];
        foreach (var form in Forms.Concat(FormsOfBad))
        {
            if (!FormsOfBad.Contains(form))
                expected.AddRange(endings.Select(ending => $"{form} good.{ending}: completed, 3 faces, picture, preview"));
            expected.AddRange(bad.Select(name => $"{form} {name}: failed, rejected, explained"));
            var job = await RunAsync(server, form, folder);
            foreach (var task in await TasksAsync(server, job))
            {
                var name = task.GetProperty("item_name").GetString()!;
                if (name == "large.jpeg") continue;
                seen.Add(
                    $"{form} {name}: " + (name.StartsWith(PhotosOfAllFormats.Bad, StringComparison.Ordinal)
                        ? Failure(task)
                        : await SuccessAsync(server, task)));
            }
        }

        Assert.Equal([], seen.Except(expected));
        Assert.Equal([], expected.Except(seen));
    }

    private static string Failure(JsonElement task)
    {
        var message = task.GetProperty("error_message").GetString() ?? "";
        TestContext.Current.TestOutputHelper?.WriteLine($"{task.GetProperty("item_name")}: {message}");
        var isExplained = message.Contains("422: The picture ", StringComparison.Ordinal) && message.Length > 40;
        return $"{task.GetProperty("state")}, {task.GetProperty("error_kind")}, {(isExplained ? "explained" : message)}";
    }

    private static async Task<string> SuccessAsync(AlbumServer server, JsonElement task)
    {
        var state = task.GetProperty("state").GetString();
        if (state != "completed") return $"{state}: {task.GetProperty("error_message")}";
        var faces = task.GetProperty("output_json").GetProperty("data")[0].GetArrayLength();
        var address = $"/api/tasks/{task.GetProperty("task_id").GetString()}/faces/0/picture";
        using var picture = await server.Http.GetAsync(address, Cancellation);
        var input = task.GetProperty("input_data");
        var isPreview = input.GetProperty("is_preview").GetBoolean()
            && input.GetProperty("image").GetString()!.StartsWith("/9j/", StringComparison.Ordinal);
        var isPicture = picture.Content.Headers.ContentType?.MediaType == "image/jpeg";
        return $"{state}, {faces} faces, {(isPicture ? "picture" : "no picture")}, {(isPreview ? "preview" : "no preview")}";
    }

    /// <summary>The tasks of a job with their results, once all previews are made.</summary>
    private static async Task<List<JsonElement>> TasksAsync(AlbumServer server, string job)
    {
        while (true)
        {
            var tasks = (await server.GetAsync($"/api/queue/job/{job}")).GetProperty("tasks").EnumerateArray().ToList();
            if (!tasks.Exists(IsPending)) return tasks;
        }

        static bool IsPending(JsonElement task) =>
            task.GetProperty("input_data").TryGetProperty("preview_pending", out var pending) && pending.GetBoolean();
    }

    /// <summary>Runs a job of all files of the folder, and waits for its end; returns its id.</summary>
    private static async Task<string> RunAsync(AlbumServer server, string form, string folder)
    {
        using var content = await ContentAsync(form, folder);
        using var response = await server.Http.PostAsync("/api/visage/job", content, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{form}: {answer}");
        var job = answer.GetProperty("job_id").GetString()!;
        using var socket = await GatewaySocket.ConnectAsync(server.Url);
        await socket.FollowJobAsync(job);
        await socket.UntilAsync(message => message.GetProperty("type").GetString() == "job_progress"
            && message.GetProperty("status").GetString() is not ("pending" or "running"));
        return job;
    }

    private static async Task<HttpContent> ContentAsync(string form, string folder)
    {
        var paths = Directory.GetFiles(folder, FormsOfBad.Contains(form) ? PhotosOfAllFormats.Bad + "*" : "*");
        switch (form)
        {
            case "folder":
                return JsonContent.Create(new { items = new[] { new { folder } } });
            case "path":
                return JsonContent.Create(new { items = paths.Select(path => new { path }) });
            case "base64":
                return JsonContent.Create(new { items = await NamedAsync(paths) });
            case "lines":
                var lines = (await NamedAsync(paths)).Select(item => JsonSerializer.Serialize(item) + "\n");
                return new StringContent(string.Concat(lines), Encoding.UTF8, "application/x-ndjson");
            case "data URL":
                var images = new List<string>();
                foreach (var path in paths)
                {
                    var name = Uri.EscapeDataString(Path.GetFileName(path));
                    images.Add($"data:image/jpeg;name={name};base64,{await Base64Async(path)}");
                }

                return JsonContent.Create(new { images });
            default:
                var parts = new MultipartFormDataContent();
                foreach (var path in paths)
                {
                    var bytes = new ByteArrayContent(await File.ReadAllBytesAsync(path, Cancellation));
                    bytes.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    parts.Add(bytes, "file", Path.GetFileName(path));
                }

                return parts;
        }
    }

    private static async Task<List<object>> NamedAsync(string[] paths)
    {
        var items = new List<object>();
        foreach (var path in paths) items.Add(new { image = await Base64Async(path), item_name = Path.GetFileName(path) });
        return items;
    }

    private static async Task<string> Base64Async(string path) => Convert.ToBase64String(await File.ReadAllBytesAsync(path, Cancellation));
}
