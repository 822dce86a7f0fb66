using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>
/// Judges identified photos again: asks the face service once whose the stored faces are, and puts the answer into the results, which are
/// otherwise kept byte for byte.
/// </summary>
internal sealed class VisageRematch : IResultRematch
{
    private const string Path = "rematch";

    /// <summary>What a photo takes in the request, besides its faces.</summary>
    private const int PhotoBytes = 96;

    public async Task<RematchOutcome?> RematchAsync(RematchContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(context.Upstream, Path))
        {
            Content = new ReadOnlyMemoryContent(Write(context))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        var outcome = await UpstreamCall.SendAsync(context.Http, request, AnswerRules.Default, cancellationToken);
        return outcome switch
        {
            TaskOutcome.Completed done => Read(context, done.Output),
            TaskOutcome.Throttled or TaskOutcome.Retry { Kind: ErrorKind.Connection } => null,
            TaskOutcome.Retry retry => throw new HttpRequestException(retry.Message),
            TaskOutcome.Failed failed => throw new InvalidOperationException(failed.Message),
            _ => throw new InvalidOperationException("The face service gave no usable answer."),
        };
    }

    private static ReadOnlyMemory<byte> Write(RematchContext context)
    {
        var ofJob = VisageConfig.Read(context.Config.Span);
        // Of the size that it will have: a buffer that grows would be copied, and leave large arrays behind.
        var buffer = new ArrayBufferWriter<byte>(
            PhotoBytes + context.Items.Sum(item => PhotoBytes + Base64.GetMaxEncodedToUtf8Length(item.Derived.Length)));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("photos");
            foreach (var item in context.Items)
            {
                var config = ofJob.With(item.Input);
                json.WriteStartObject();
                if ((context.Threshold ?? config.Threshold) is { } threshold) json.WriteNumber("threshold", threshold);
                if (config.MaxFaces is { } faces) json.WriteNumber("results", faces);
                json.WriteBase64String("kept_faces", item.Derived.Span);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static RematchOutcome Read(RematchContext context, ReadOnlyMemory<byte> answer)
    {
        using var document = JsonText.ParseOrNull(answer);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } root }
            || !root.TryGetProperty("gallery_version", out var number) || !number.TryGetInt64(out var version)
            || !root.TryGetProperty("photos", out var photos) || photos.ValueKind != JsonValueKind.Array
            || photos.GetArrayLength() != context.Items.Count)
        {
            throw new InvalidOperationException("The face service's answer to a rematch has another form; is it another version?");
        }

        var results = new List<RematchedResult>(context.Items.Count);
        foreach (var photo in photos.EnumerateArray())
            results.Add(RematchedPhoto.Write(context.Items[results.Count].Output, photo, version));
        return new RematchOutcome(version, results);
    }
}
