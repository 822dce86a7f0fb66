using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>Puts another judgement into the result of a video: the people of each face, and who appears when.</summary>
internal static class RematchedVideo
{
    /// <summary>The result with the people, the threshold and the version of the new judgement; everything else stays as it was.</summary>
    public static RematchedResult Write(ReadOnlyMemory<byte> output, JsonElement judgement, long version)
    {
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        var before = VideoFaces.Of(root)?.Select(face => face.Face).ToList();
        var after = judgement.GetProperty(VideoFaces.Faces).EnumerateArray().ToList();
        if (before is null || before.Count != after.Count)
            throw new InvalidOperationException("The stored faces of a video are not those of its result.");
        var isChanged = before.Zip(after).Any(face => !RematchedFace.IsSame(face.First, face.Second));
        var video = new Video(root, after);
        var written = JsonText.Write(json =>
        {
            json.WriteStartObject();
            foreach (var property in root.EnumerateObject())
            {
                if (property.NameEquals(RematchedFace.Version)) continue;
                json.WritePropertyName(property.Name);
                if (property.NameEquals(VideoFaces.Frames)) video.WriteFrames(json);
                else if (property.NameEquals(VideoFaces.Cover)) video.WriteCover(json);
                else if (property.NameEquals("people")) video.WritePeople(json);
                else if (property.NameEquals(RematchedFace.Threshold)) RematchedFace.WriteRaw(json, judgement.GetProperty(property.Name));
                else RematchedFace.WriteRaw(json, property.Value);
            }

            json.WriteNumber(RematchedFace.Version, version);
            json.WriteEndObject();
        });
        return new RematchedResult(written, isChanged);
    }

    /// <summary>A video with the new people of its faces.</summary>
    private sealed class Video
    {
        private readonly JsonElement cover;
        private readonly List<JsonElement> frames;
        private readonly List<JsonElement> judged;

        /// <summary>The position of the first face of each frame, and behind them the number of faces in all frames.</summary>
        private readonly List<int> starts = [0];

        private readonly int coverStart;

        public Video(JsonElement root, List<JsonElement> judged)
        {
            this.judged = judged;
            frames = VideoFaces.FramesOf(root)!;
            foreach (var frame in frames) starts.Add(starts[^1] + VideoFaces.In(frame).Count());
            if (VideoFaces.CoverOf(root) is not { } found) return;
            cover = found;
            coverStart = starts[VideoFaces.IndexOfCover(frames, cover) ?? frames.Count];
        }

        public void WriteFrames(Utf8JsonWriter json)
        {
            json.WriteStartArray();
            for (var i = 0; i < frames.Count; i++) WriteFrame(json, frames[i], starts[i]);
            json.WriteEndArray();
        }

        public void WriteCover(Utf8JsonWriter json) => WriteFrame(json, cover, coverStart);

        /// <summary>As the face service does: those on most frames first, and after them those whom only the cover shows.</summary>
        public void WritePeople(Utf8JsonWriter json)
        {
            var onCover = Appearances(Matches(cover, coverStart, default));
            var inFrames = Appearances(frames.SelectMany((frame, i) => Matches(frame, starts[i], frame.GetProperty(VideoFaces.Start))));
            json.WriteStartArray();
            foreach (var person in inFrames) WritePerson(json, person, onCover.Exists(other => other.Id == person.Id));
            foreach (var person in onCover.Where(person => !inFrames.Exists(other => other.Id == person.Id)))
                WritePerson(json, person with { Times = [] }, isOnCover: true);
            json.WriteEndArray();
        }

        private void WriteFrame(Utf8JsonWriter json, JsonElement frame, int start)
        {
            if (frame.ValueKind != JsonValueKind.Object)
            {
                RematchedFace.WriteRaw(json, frame);
                return;
            }

            json.WriteStartObject();
            foreach (var property in frame.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                if (!property.NameEquals(VideoFaces.Faces))
                {
                    RematchedFace.WriteRaw(json, property.Value);
                    continue;
                }

                json.WriteStartArray();
                foreach (var (i, face) in VideoFaces.In(frame).Index()) RematchedFace.Write(json, face, judged[start + i]);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        private IEnumerable<Match> Matches(JsonElement frame, int start, JsonElement time) =>
            VideoFaces.In(frame).Select((_, i) => judged[start + i].GetProperty(RematchedFace.Performers))
                .Where(performers => performers.GetArrayLength() > 0)
                .Select(performers => new Match(performers[0].GetProperty("id").GetString()!, performers[0], time));

        private static List<Appearance> Appearances(IEnumerable<Match> matches) =>
        [
            .. matches.GroupBy(match => match.Id, StringComparer.Ordinal)
                .Select(seen => new Appearance(
                    seen.Key, seen.Select(match => match.Performer).MaxBy(performer => performer.GetProperty("cosine").GetDouble()),
                    [.. seen.Select(match => match.Time).DistinctBy(Seconds).OrderBy(Seconds)]))
                .OrderByDescending(person => person.Times.Count),
        ];

        private static double Seconds(JsonElement time) => time.ValueKind == JsonValueKind.Number ? time.GetDouble() : 0;

        private static void WritePerson(Utf8JsonWriter json, Appearance person, bool isOnCover)
        {
            json.WriteStartObject();
            json.WritePropertyName("performer");
            RematchedFace.WriteRaw(json, person.Performer);
            json.WriteNumber("frames", person.Times.Count);
            json.WriteStartArray("times");
            foreach (var time in person.Times) RematchedFace.WriteRaw(json, time);
            json.WriteEndArray();
            json.WriteBoolean("on_cover", isOnCover);
            json.WriteEndObject();
        }

        private sealed record Match(string Id, JsonElement Performer, JsonElement Time);

        private sealed record Appearance(string Id, JsonElement Performer, List<JsonElement> Times);
    }
}
