using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace StashAI.EndToEnd.Tests.Faces;

/// <summary>
/// Asks every route of the API that reads something, with all ids that a test knows, and tells which answers name a person.
/// </summary>
internal sealed class NamingRoutes(HttpClient http, IReadOnlyList<string> texts)
{
    /// <summary>Live routes do not end; their messages are read from the same rows.</summary>
    private static readonly string[] Endless = ["/api/events", "/ws/{session_id}"];

    private static readonly string[] Formats = ["ndjson", "csv", "json", "zip"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>How many answers were 200.</summary>
    public int Answered { get; private set; }

    /// <param name="ids">By the name of a path's parameter; those of `id` are tried everywhere.</param>
    public async Task<List<string>> AskAsync(IReadOnlyDictionary<string, string[]> ids)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync("/openapi.json", Cancellation));
        var naming = new List<string>();
        foreach (var route in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            if (Endless.Contains(route.Name) || !route.Value.TryGetProperty("get", out _)) continue;
            foreach (var path in Fill([route.Name], ids))
            {
                foreach (var address in Forms(path))
                {
                    // Who asks by the id knows it: the answer may repeat the path.
                    var looked = texts.Where(text => !address.Contains(text, StringComparison.OrdinalIgnoreCase)).ToList();
                    if (await IsNamingAsync(address, looked)) naming.Add(address);
                }
            }
        }

        return naming;
    }

    private static IEnumerable<string> Forms(string path)
    {
        yield return path;
        if (path.StartsWith("/api/queue/", StringComparison.Ordinal) || path.StartsWith("/api/tasks/", StringComparison.Ordinal))
            yield return $"{path}?inputs=full";
        if (!path.StartsWith("/api/jobs/", StringComparison.Ordinal) || !path.EndsWith("/results", StringComparison.Ordinal)) yield break;
        foreach (var format in Formats) yield return $"{path}?format={format}";
    }

    private static IEnumerable<string> Fill(IEnumerable<string> paths, IReadOnlyDictionary<string, string[]> ids)
    {
        foreach (var (name, values) in ids)
        {
            var parameter = $"{{{name}}}";
            paths = paths.SelectMany(path => path.Contains(parameter, StringComparison.Ordinal)
                ? values.Select(value => path.Replace(parameter, value, StringComparison.Ordinal))
                : [path]);
        }

        return paths.Where(path => !path.Contains('{', StringComparison.Ordinal));
    }

    private async Task<bool> IsNamingAsync(string address, List<string> looked)
    {
        using var answer = await http.GetAsync(address, Cancellation);
        if (answer.IsSuccessStatusCode) Answered++;
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        var all = answer.Content.Headers.ContentType?.MediaType == "application/zip" ? Unpack(bytes) : Encoding.UTF8.GetString(bytes);
        return looked.Exists(text => all.Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    private static string Unpack(byte[] bytes)
    {
        using var archive = new ZipArchive(new MemoryStream(bytes));
        return string.Concat(archive.Entries.Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        }));
    }
}
