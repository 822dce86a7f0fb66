using System.Globalization;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Asks the face service for the groups of the unknown faces of photos and videos, by the faces that are stored with them.
/// </summary>
internal sealed class VisageGrouping : IResultGrouping
{
    private VisageGrouping()
    {
    }

    /// <summary>The same for photos and videos, so that their jobs may be grouped together.</summary>
    public static VisageGrouping Instance { get; } = new();

    public async Task<GroupingOutcome?> GroupAsync(GroupingContext context, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"?min_faces={context.MinSize}")
            + (context.Threshold is { } threshold ? string.Create(CultureInfo.InvariantCulture, $"&threshold={threshold:R}") : "");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(context.Upstream, "groups" + query))
        {
            Content = new KeptPhotosContent(context.Items),
        };
        var outcome = await UpstreamCall.SendAsync(context.Http, request, AnswerRules.Default, cancellationToken);
        return outcome switch
        {
            TaskOutcome.Completed done => Read(done.Output),
            TaskOutcome.Throttled or TaskOutcome.Retry { Kind: ErrorKind.Connection } => null,
            TaskOutcome.Retry retry => throw new HttpRequestException(retry.Message),
            TaskOutcome.Failed failed => throw new InvalidOperationException(failed.Message),
            _ => throw new InvalidOperationException("The face service gave no usable answer."),
        };
    }

    private static GroupingOutcome Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            return new GroupingOutcome(
                root.GetProperty("gallery_version").GetInt64(), root.GetProperty("faces").GetInt32(),
                root.GetProperty("unknown").GetInt32(), [.. root.GetProperty("groups").EnumerateArray().Select(ReadGroup)]);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidOperationException(
                "The face service's answer to a request for groups has another form; is it another version?", exception);
        }
    }

    private static PartGroup ReadGroup(JsonElement group)
    {
        var photos = group.GetProperty("photos");
        var faces = group.GetProperty("faces");
        if (photos.GetArrayLength() != faces.GetArrayLength()) throw new FormatException("The lists of a group have different lengths.");
        return new PartGroup(
            group.GetProperty("best").GetInt32(),
            [.. photos.EnumerateArray().Zip(faces.EnumerateArray(), (photo, face) => new GroupMember(photo.GetInt32(), face.GetInt32()))]);
    }
}
