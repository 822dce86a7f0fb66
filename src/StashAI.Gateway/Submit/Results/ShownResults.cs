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
/// Results as shown to one client. A face service names pictures of people by its own address, which browsers on other machines cannot
/// reach. These addresses are replaced by links to this gateway. Nothing else in the answer changes.
/// </summary>
/// <param name="services">Resolves the current addresses of configured services.</param>
/// <param name="baseUrl">The address of this gateway for the client.</param>
/// <param name="key">The key for signing links.</param>
/// <param name="lastDay">Returns the last day of a new link. It is a function because a socket may stay open for weeks.</param>
internal sealed class ShownResults(IUpstreamResolver services, string baseUrl, byte[] key, Func<int> lastDay)
{
    private const string PathStart = "/api/gallery/people/";
    private const string PathEnd = "/picture";

    /// <summary>The face service signs addresses for browsers on its own machine; links to this gateway have their own signature.</summary>
    private const string SignatureStart = "?signature=";

    /// <summary>The longest address; longer texts are pictures in base64.</summary>
    private const int MaxAddress = 512;

    private readonly Dictionary<(string Origin, Guid Person), string> links = [];

    private int linksUntil;

    /// <summary>The path of a person's picture at a face service.</summary>
    public static string PathOf(Guid person) => $"{PathStart}{person}{PathEnd}";

    /// <summary>Rewrites the addresses in a task's result for the client.</summary>
    public TaskView Of(JobView job, TaskView task)
    {
        if (job.Service != VisageAdapter.Name || task.Output.Span.IndexOf("/api/gallery/people/"u8) < 0) return task;
        try
        {
            return task with { Output = Rewrite(job, task.Output) };
        }
        catch (JsonException)
        {
            // Deeper than any real result.
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
            if (isImage && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MaxAddress
                && TextOf(ref reader) is { } text && LinkOf(job, text) is { } link)
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

    /// <summary>Null for a text with an unpaired surrogate, which JSON allows but no address contains.</summary>
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
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri is not { Scheme: "http" or "https", Fragment: "", UserInfo: "" }
            || (uri.Query.Length > 0 && !uri.Query.StartsWith(SignatureStart, StringComparison.Ordinal)))
        {
            return null;
        }

        if (PersonOf(uri.AbsolutePath) is not { } person || OriginOf(job.Upstream, uri) is not { } origin) return null;
        return LinkTo(origin, person);
    }

    /// <summary>A link to the picture of a person.</summary>
    /// <param name="origin">The face service; empty for the configured one.</param>
    /// <param name="person">The person's id.</param>
    public string LinkTo(string origin, Guid person)
    {
        if (lastDay() is var day && day != linksUntil)
        {
            links.Clear();
            linksUntil = day;
        }

        if (!links.TryGetValue((origin, person), out var link))
            links.Add((origin, person), link = $"{baseUrl}{PictureToken.PathPrefix}/{new PictureToken(origin, person, day).Sign(key)}");
        return link;
    }

    private static Guid? PersonOf(string path) =>
        path.StartsWith(PathStart, StringComparison.Ordinal) && path.EndsWith(PathEnd, StringComparison.Ordinal)
        && path.Length > PathStart.Length + PathEnd.Length
        && Guid.TryParseExact(path[PathStart.Length..^PathEnd.Length], "D", out var person)
            ? person
            : null;

    /// <summary>
    /// The origin of a picture: empty for the configured service, whose port may have changed since; otherwise the service that the job
    /// called. Null for any other address.
    /// </summary>
    private string? OriginOf(Uri upstream, Uri picture)
    {
        if (upstream.Scheme != ServiceUri.Scheme)
            return upstream.Authority == picture.Authority ? upstream.GetLeftPart(UriPartial.Authority) : null;
        return picture.IsLoopback || services.Resolve(ServiceUri.For(VisageAdapter.Name, "/"))?.Authority == picture.Authority ? "" : null;
    }
}
