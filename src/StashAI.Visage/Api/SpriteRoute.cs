using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;
using StashAI.Visage.Sprites;

namespace StashAI.Visage.Api;

/// <summary>Finds who appears in a video, and when, from its sprite sheet.</summary>
internal sealed class SpriteRoute(WorkGate gate, FaceGallery gallery, VisageOptions options)
{
    private const int MaxFrames = 2000;
    private const int MaxSheetCoverage = 2;

    public void Map(IEndpointRouteBuilder routes) => routes.MapWithAdmission("/api/sprite", AnalyseAsync);

    private async Task<JsonHttpResult<SpriteResponse>> AnalyseAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, options, VisageJson.Default.SpriteRequest);
        var settings = MatchSettings.Of(
            new PredictRequest { Threshold = request.Threshold, Results = request.Results },
            await gallery.CurrentAsync(context.RequestAborted));
        var sheet = request.Sprite ?? request.ImageData
            ?? throw RequestRefusedException.BadRequest("sprite", "sprite is missing: send the sprite sheet as base64 or a data: URL.");
        var cues = ReadCues(request.Vtt);

        var photos = await gate.RunAsync(
            analyser => analyser.AnalyseParts(sheet.Data.Span, cues, context.RequestAborted), context.RequestAborted);
        var people = await gallery.CurrentAsync(context.RequestAborted);
        var frames = cues.Zip(photos, (cue, photo) => new FrameDto(
            cue.Start.TotalSeconds, cue.End.TotalSeconds, new(cue.X, cue.Y, cue.Width, cue.Height),
            FrameMatching.FindFaces(people, photo, settings, context.Request))).ToList();
        return TypedResults.Json(new SpriteResponse(frames, FrameMatching.FindPeople(frames)), VisageJson.Default.SpriteResponse);
    }

    private IReadOnlyList<SpriteCue> ReadCues(string? vtt)
    {
        if (string.IsNullOrWhiteSpace(vtt))
            throw RequestRefusedException.BadRequest("vtt", "vtt is missing: send the text of the sheet's WebVTT file.");
        try
        {
            var cues = VttReader.Read(vtt);
            // Frames may overlap: if each covered the whole sheet, the analysis would take days.
            if (cues.Sum(cue => (double)cue.Width * cue.Height) > MaxSheetCoverage * (double)options.MaxPixels)
            {
                throw RequestRefusedException.Unprocessable(
                    "vtt",
                    $"vtt: the frames have more than {MaxSheetCoverage * options.MaxPixels:N0} pixels in total; "
                    + "send fewer or smaller frames.");
            }

            return cues.Count <= MaxFrames
                ? cues
                : throw RequestRefusedException.Unprocessable("vtt", $"vtt has {cues.Count} frames; send at most {MaxFrames}.");
        }
        catch (FormatException exception)
        {
            throw RequestRefusedException.Unprocessable("vtt", $"vtt: {exception.Message}.");
        }
    }
}
