using System.Security.Cryptography;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Requests;

namespace StashAI.Gateway.Routes.Declared;

/// <summary>A body of items in any of its forms: a JSON document, a line for each item, or a form with files.</summary>
internal abstract class ItemForm(FormFields fields) : JobForm
{
    private const string Lines = "application/x-ndjson";
    private const string Form = "multipart/form-data";

    /// <summary>True when values are texts, as in forms and queries.</summary>
    protected bool IsLenient { get; private set; }

    protected override IReadOnlyList<string> OtherTypes => [Lines, Form];

    public override async Task<BodyEnvelope> ReadAsync(
        HttpContext context, IntakeLimits limits, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        var media = BodyType.Of(context.Request);
        // The type decides how the body is read. Of a form it is the media type alone: its boundary is another each time.
        if (digest is not null) RequestDigest.Add(digest, media);
        switch (media)
        {
            case not null when IsLines(media):
                IsLenient = true;
                BodyType.RequireUtf8(context.Request);
                await ItemIntake.ReadLinesAsync(context.Request.BodyReader, Shape.Files, Sink, limits, cancellationToken, digest);
                return new BodyEnvelope(QueryConfig.Read(ConfigOf(context.Request)), memory: null);
            case Form:
                IsLenient = true;
                return new BodyEnvelope(
                    await new FormIntake(fields, Sink, limits, digest).ReadAsync(context.Request, cancellationToken), memory: null);
            default:
                return await base.ReadAsync(context, limits, digest, cancellationToken);
        }
    }

    /// <summary>
    /// True for a body of lines, which has no room for a configuration: the query holds it. The reader of the configuration knows its keys,
    /// and refuses others.
    /// </summary>
    public static bool HasConfigInQuery(HttpRequest request) => IsLines(BodyType.Of(request));

    /// <summary>True for the media types of a body with an item a line.</summary>
    public static bool IsLines(string media) =>
        media is Lines or "application/ndjson" or "application/jsonl" or "application/x-jsonlines"
            or "application/jsonlines";

    private static IEnumerable<KeyValuePair<string, string>> ConfigOf(HttpRequest request) => request.Query
        .Where(one => one.Key is not ("operation" or "dialect"))
        .SelectMany(one => one.Value.Select(value => new KeyValuePair<string, string>(one.Key, value ?? "")));
}
