using System.Globalization;
using System.Text.Encodings.Web;
using StashAI.Server.Processes;

namespace StashAI.Server.Demo;

/// <summary>
/// Writes the demo's report as one self-contained HTML file, photo by photo, so that memory does not grow with their number.
/// </summary>
internal sealed class HtmlReport(TextWriter writer)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(
        System.Text.Unicode.UnicodeRanges.All);

    /// <summary>
    /// Writes <paramref name="outcome"/> to a file. An older report is replaced only when the new one is complete. A device, such as
    /// <c>/dev/null</c>, is written to and never replaced.
    /// </summary>
    public static async Task WriteFileAsync(string path, DemoOutcome outcome, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            await using var device = new StreamWriter(path);
            await new HtmlReport(device).WriteAsync(outcome, cancellationToken);
            return;
        }

        var fresh = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var file = new StreamWriter(fresh))
            {
                await new HtmlReport(file).WriteAsync(outcome, cancellationToken);
            }
            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    public async Task WriteAsync(DemoOutcome outcome, CancellationToken cancellationToken)
    {
        await writer.WriteAsync($$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <title>Faces in {{Count(outcome.Results.Count, "photo")}} – StashAI Server</title>
            <style>
            {{ReportStyle.Css}}
            </style>
            </head>
            <body>
            <main>

            """);
        await WriteHeadAsync(outcome);
        await WritePeopleAsync(outcome, cancellationToken);
        await WritePhotosAsync(outcome, cancellationToken);
        await WriteTableAsync(outcome);
        await WriteSkippedAsync(outcome);
        await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            <footer>StashAI Server {Encode(OwnProgram.Version)} · job {Encode(outcome.JobId)} · {outcome.SubmittedAt:yyyy-MM-dd HH:mm} · a match needs a confidence of {outcome.Threshold * 100:0} %</footer>
            </main>
            </body>
            </html>

            """));
    }

    private async Task WriteHeadAsync(DemoOutcome outcome)
    {
        var found = outcome.PeopleFound;
        var sentence = found.Count == 0
            ? "None of the enrolled people is in these photos."
            : $"{Encode(Listed(found))} {(found.Count == 1 ? "was" : "were")} recognised in other photos than the one they are known from.";
        await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            <p class="kicker">StashAI Server</p>
            <h1>{Count(outcome.Faces, "face")} in {Count(outcome.Results.Count, "photo")}</h1>
            <p class="lead">{sentence} The photos went through the queue as one batch job; every photo is one task.</p>
            <ul class="figures">
            <li><b>{outcome.Results.Count - outcome.Failed}/{outcome.Results.Count}</b><span>tasks completed</span></li>
            {(outcome.Failed > 0 ? $"<li class=\"bad\"><b>{outcome.Failed}</b><span>failed</span></li>" : "")}
            <li><b>{outcome.Faces}</b><span>faces found</span></li>
            <li><b>{outcome.Recognised}</b><span>recognised</span></li>
            <li><b>{outcome.People.Count}</b><span>{(outcome.People.Count == 1 ? "person" : "people")} enrolled</span></li>
            <li><b>{outcome.Duration.TotalSeconds:0.0} s</b><span>for the batch</span></li>
            </ul>

            """));
    }

    private async Task WritePeopleAsync(DemoOutcome outcome, CancellationToken cancellationToken)
    {
        await writer.WriteAsync("<h2>Enrolled people</h2>\n<div class=\"people\">\n");
        foreach (var person in outcome.People)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seen = outcome.Results.Where(result => result.Faces.Any(face => face.Match?.Name == person.Name)).ToList();
            var jpeg = PhotoFile.RenderJpeg(person.Photos[0], 136, ReportPortrait.Area(person));
            await writer.WriteAsync($"""
                <div class="person">{(jpeg is null ? "" : $"<img alt=\"\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">")}<div><b>{Encode(person.Name)}</b><span>known from {(person.Photos.Count == 1 ? Encode(person.Photos[0].Name) : Count(person.Photos.Count, "photo"))}</span><br>{Seen(seen)}</div></div>

                """);
        }
        await writer.WriteAsync("</div>\n");
    }

    private async Task WritePhotosAsync(DemoOutcome outcome, CancellationToken cancellationToken)
    {
        var edge = outcome.Results.Count switch
        {
            <= 60 => 1280,
            <= 300 => 800,
            _ => 480,
        };
        await writer.WriteAsync("<h2>Photos</h2>\n<div class=\"photos\">\n");
        foreach (var result in outcome.Results)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteAsync(ReportPhoto.Figure(result, PhotoFile.RenderJpeg(result.Photo, edge)));
        }
        await writer.WriteAsync("</div>\n");
    }

    private async Task WriteTableAsync(DemoOutcome outcome)
    {
        await writer.WriteAsync("""
            <h2>Results</h2>
            <div class="scroll"><table>
            <thead><tr><th>Photo</th><th class="number">Faces</th><th>Who</th><th class="number">Confidence</th><th class="number">Time</th></tr></thead>
            <tbody>

            """);
        foreach (var result in outcome.Results)
        {
            var matches = result.Faces.Select(face => face.Match).OfType<FaceMatch>().ToList();
            var who = result switch
            {
                { Error: { } error } => $"<td class=\"error\">{Encode(error)}</td>",
                _ when matches.Count > 0 => $"<td class=\"known\">{string.Join("<br>", matches.Select(match => Encode(match.Name)))}</td>",
                { Faces.Count: 0 } => "<td class=\"soft\">no face</td>",
                _ => "<td class=\"soft\">nobody known</td>",
            };
            await writer.WriteAsync($"""
                <tr><td>{Encode(result.Photo.Name)}</td><td class="number">{(result.Completed ? result.Faces.Count : "–")}</td>{who}<td class="number">{string.Join("<br>", matches.Select(match => Encode(match.Confidence)))}</td><td class="number">{Time(result)}</td></tr>

                """);
        }
        await writer.WriteAsync("</tbody></table></div>\n");
    }

    private async Task WriteSkippedAsync(DemoOutcome outcome)
    {
        if (outcome.Skipped.Count == 0)
        {
            return;
        }
        await writer.WriteAsync(
            "<h2>Left out</h2>\n<div class=\"scroll\"><table><thead><tr><th>File</th><th>Why</th></tr></thead><tbody>\n");
        foreach (var skipped in outcome.Skipped)
        {
            await writer.WriteAsync($"<tr><td>{Encode(skipped.Name)}</td><td class=\"soft\">{Encode(skipped.Reason)}</td></tr>\n");
        }
        await writer.WriteAsync("</tbody></table></div>\n");
    }

    internal static string Encode(string text) => Encoder.Encode(text);

    internal static string Count(int number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    internal static string Time(PhotoResult result) =>
        result.Milliseconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0} ms") : "–";

    private static string Seen(List<PhotoResult> seen) => seen.Count switch
    {
        0 => "<span>not in these photos</span>",
        1 => $"<span class=\"seen\">found in {Encode(seen[0].Photo.Name)}</span>",
        _ => $"<span class=\"seen\">found in {seen.Count} photos</span>",
    };

    private static string Listed(IReadOnlyList<string> names) => names.Count switch
    {
        1 => names[0],
        <= 4 => $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
        _ => Count(names.Count, "enrolled people").Replace("peoples", "people", StringComparison.Ordinal),
    };
}
