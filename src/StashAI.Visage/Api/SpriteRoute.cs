using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;
using StashAI.Visage.Sprites;

namespace StashAI.Visage.Api;

/// <summary>Who appears when in a video, from its sprite sheet.</summary>
internal sealed class SpriteRoute(WorkGate gate, FaceGallery gallery, VisageOptions options)
{
    private const int MaxFrames = 2000;
    private const int SheetsOfFrames = 2;

    public void Map(IEndpointRouteBuilder routes) => routes.MapWork("/api/sprite", LookAsync);

    private async Task<JsonHttpResult<SpriteResponse>> LookAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.SpriteRequest);
        var settings = MatchSettings.Of(new PredictRequest { Threshold = request.Threshold, Results = request.Results }, gallery);
        var sheet = request.Sprite ?? request.ImageData
            ?? throw RequestRefusedException.BadRequest("sprite", "sprite is missing: the sheet as base64 or a data: URL.");
        var cues = Cues(request.Vtt);

        var photos = await gate.WorkAsync(workbench => workbench.AnalyseParts(sheet.Data.Span, cues, context.RequestAborted), context.RequestAborted);
        var frames = cues.Zip(photos, (cue, photo) => new FrameDto(
            cue.Start.TotalSeconds, cue.End.TotalSeconds, new(cue.X, cue.Y, cue.Width, cue.Height), Faces(photo, settings, context.Request))).ToList();
        return TypedResults.Json(new SpriteResponse(frames, People(frames)), VisageJson.Default.SpriteResponse);
    }

    private IReadOnlyList<SpriteCue> Cues(string? vtt)
    {
        if (string.IsNullOrWhiteSpace(vtt))
            throw RequestRefusedException.BadRequest("vtt", "vtt is missing: the text of the WebVTT file of the sheet.");
        try
        {
            var cues = VttReader.Read(vtt);
            // Frames may overlap; all of the sheet once for each of them would be days of work.
            if (cues.Sum(cue => (double)cue.Width * cue.Height) > SheetsOfFrames * (double)options.MaxPixels)
                throw RequestRefusedException.Unprocessable("vtt", $"vtt: the frames have more than {SheetsOfFrames * options.MaxPixels:N0} pixels together.");
            return cues.Count <= MaxFrames ? cues : throw RequestRefusedException.Unprocessable("vtt", $"vtt has {cues.Count} frames; at most {MaxFrames} are taken.");
        }
        catch (FormatException bad)
        {
            throw RequestRefusedException.Unprocessable("vtt", $"vtt: {bad.Message}.");
        }
    }

    private List<FaceDto> Faces(AnalysedPhoto frame, MatchSettings settings, HttpRequest http)
    {
        var matches = gallery.Search([.. frame.Faces.Select(face => face.Embedding.Vector)], settings.MinCosine, settings.Results);
        return [.. frame.Faces.Select((face, i) => FaceShapes.Face(face, [.. matches[i].Select(match => FaceShapes.Performer(match, http))], isAmbiguous: false, withEmbedding: false))];
    }

    private static List<AppearanceDto> People(List<FrameDto> frames) =>
    [
        .. frames.SelectMany(frame => frame.Faces.Where(face => face.Performers.Count > 0).Select(face => (frame.Start, Performer: face.Performers[0])))
            .GroupBy(seen => seen.Performer.Id)
            .Select(seen => new AppearanceDto(
                seen.MaxBy(one => one.Performer.Cosine).Performer, seen.Select(one => one.Start).Distinct().Count(), [.. seen.Select(one => one.Start).Distinct().Order()]))
            .OrderByDescending(person => person.Frames),
    ];
}
