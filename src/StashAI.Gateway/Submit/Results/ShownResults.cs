using System.Buffers;
using System.Text;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Links;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Submit.Results;

/// <summary>
/// Results as one client sees them. A face service names the pictures of its people by its own address, which no browser elsewhere reaches: those
/// addresses become links to this gateway. Not another byte of the answer changes.
/// </summary>
/// <param name="services">The configured services, and where they answer now.</param>
/// <param name="baseUrl">Where the client reaches this gateway.</param>
/// <param name="key">Signs the links.</param>
/// <param name="lastDay">The last day of a link that is made now. A socket stays open for weeks, and its links must be good when they arrive.</param>
internal sealed class ShownResults(IUpstreamResolver services, string baseUrl, byte[] key, Func<int> lastDay)
{
    private const string PathStart = "/api/gallery/people/";
    private const string PathEnd = "/picture";

    /// <summary>Longer texts are the pictures of faces themselves.</summary>
    private const int MaxAddress = 512;

    private readonly Dictionary<(string Origin, Guid Person), string> made = [];

    private int madeUntil;

    /// <summary>The address at a face service of a person's picture.</summary>
    public static string PathOf(Guid person) => $"{PathStart}{person}{PathEnd}";

    /// <summary>The task with the addresses that this client can reach.</summary>
    public TaskView Of(JobView job, TaskView task)
    {
        if (job.Service != VisageAdapter.Name || task.Output.Span.IndexOf("/api/gallery/people/"u8) < 0) return task;
        try
        {
            return task with { Output = Rewrite(job, task.Output) };
        }
        catch (JsonException)
        {
            // Deeper than anybody nests faces.
            return task;
        }
    }

    private ReadOnlyMemory<byte> Rewrite(JobView job, ReadOnlyMemory<byte> output)
    {
        var reader = new Utf8JsonReader(output.Span);
        ArrayBufferWriter<byte>? changed = null;
        var copied = 0;
        var isImage = false;
        while (reader.Read())
        {
            if (isImage && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MaxAddress && TextOf(ref reader) is { } text && LinkOf(job, text) is { } link)
            {
                changed ??= new ArrayBufferWriter<byte>(output.Length + 1024);
                changed.Write(output.Span[copied..(int)reader.TokenStartIndex]);
                changed.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(link, PictureJson.Default.String)));
                copied = (int)reader.BytesConsumed;
            }

            isImage = reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("image"u8);
        }

        if (changed is null) return output;
        changed.Write(output.Span[copied..]);
        return changed.WrittenMemory;
    }

    /// <summary>Null for a text with half of a surrogate pair, which JSON may hold and no address does.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string? LinkOf(JobView job, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri is not { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }) return null;
        if (PersonOf(uri.AbsolutePath) is not { } person || OriginOf(job.Upstream, uri) is not { } origin) return null;
        if (lastDay() is var day && day != madeUntil)
        {
            made.Clear();
            madeUntil = day;
        }

        if (!made.TryGetValue((origin, person), out var link))
            made.Add((origin, person), link = $"{baseUrl}{PictureToken.PathPrefix}/{new PictureToken(origin, person, day).Sign(key)}");
        return link;
    }

    private static Guid? PersonOf(string path) =>
        path.StartsWith(PathStart, StringComparison.Ordinal) && path.EndsWith(PathEnd, StringComparison.Ordinal)
        && path.Length > PathStart.Length + PathEnd.Length && Guid.TryParseExact(path[PathStart.Length..^PathEnd.Length], "D", out var person)
            ? person
            : null;

    /// <summary>
    /// Whose picture it is: empty for the configured service, which may have answered at another port then; else the service that the job called.
    /// Null for anybody else's.
    /// </summary>
    private string? OriginOf(Uri upstream, Uri picture)
    {
        if (upstream.Scheme != ServiceUri.Scheme)
            return upstream.Authority == picture.Authority ? upstream.GetLeftPart(UriPartial.Authority) : null;
        return picture.IsLoopback || services.Resolve(ServiceUri.For(VisageAdapter.Name, "/"))?.Authority == picture.Authority ? "" : null;
    }
}
