using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using StashAI.Visage.Api.Requests;
using StashAI.Visage.Api.Responses.Faces;
using StashAI.Visage.Detection;
using StashAI.Visage.Gallery;
using StashAI.Visage.Hosting;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;
using StashAI.Visage.Video;

namespace StashAI.Visage.Api;

/// <summary>Finds who appears in a video, and when, from the video itself.</summary>
internal sealed class VideoRoute(
    VideoReader reader, VideoTools tools, FaceGallery gallery, VisageOptions options, IHostApplicationLifetime lifetime)
{
    /// <summary>The most bytes of pictures of faces in an answer; base64 takes 4 bytes for 3.</summary>
    private const int MaxPictureBytes = 24 << 20;

    /// <summary>
    /// The header by which the gateway asks which gallery judged the faces, and, with `faces`, for the faces in the form that it stores.
    /// </summary>
    private const string KeepHeader = "X-StashAI-Keep";

    private static readonly QueryParameters Parameters = new("frames_per_minute", "max_frames", "detail", "threshold", "results");

    /// <summary>The body never is in memory, so it does not count among those that are.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapWithAdmission("/api/video", AnalyseAsync, hasBodyInMemory: false).WithMetadata(Parameters);

    private async Task<JsonHttpResult<VideoResponse>> AnalyseAsync(HttpContext context)
    {
        CheckType(context.Request);
        var query = context.Request.Query;
        var settings = MatchSettings.Of(
            new PredictRequest
            {
                Threshold = Number(query, "threshold", 0, 1),
                Results = (int?)Number(query, "results", 1, 1000, isWhole: true),
                Detail = query["detail"].FirstOrDefault() ?? "fast",
            },
            await gallery.CurrentAsync(context.RequestAborted));
        var choice = new VideoChoice(
            Number(query, "frames_per_minute", 0, VideoChoice.MaxFramesPerMinute) ?? VideoChoice.DefaultFramesPerMinute,
            (int)(Number(query, "max_frames", 1, VideoChoice.MaxFrames, isWhole: true) ?? VideoChoice.MaxFrames),
            settings.Detail);
        if (!tools.IsAvailable) throw NotAvailable();

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            using var turn = await reader.EnterAsync(stopping.Token);
            await using var file = await ReceiveAsync(context, stopping.Token);
            var video = await reader.AnalyseAsync(file, choice, stopping.Token);
            var people = await gallery.CurrentAsync(stopping.Token);
            var version = people.Version;
            var answer = Answer(video, people, settings, context.Request);
            if (context.Request.Headers[KeepHeader].Count > 0) answer = answer with { GalleryVersion = version };
            if (context.Request.Headers[KeepHeader] == "faces") answer = answer with { KeptFaces = KeptFaces.Write(FacesOf(video)) };
            return TypedResults.Json(answer, VisageJson.Default.VideoResponse);
        }
        catch (VideoRefusedException exception)
        {
            throw RequestRefusedException.Unprocessable("body", $"The video {exception.Message}.");
        }
        catch (NoRoomException exception)
        {
            throw new RequestRefusedException(StatusCodes.Status507InsufficientStorage, $"{exception.Message}.");
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RequestRefusedException(
                StatusCodes.Status503ServiceUnavailable, "The service is stopping. Send the video again when it is back.")
            {
                RetryAfterSeconds = 5,
            };
        }
    }

    private async Task<VideoFile> ReceiveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The file counts its own bytes, which may be more than those that were sent.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = null;
        var request = context.Request;
        var length = request.Headers.ContentEncoding.Count == 0 ? request.ContentLength : null;
        return await VideoFile.ReceiveAsync(options.DataDirectory, request.Body, length, options.MaxVideoBytes, cancellationToken)
            ?? throw new RequestRefusedException(
                StatusCodes.Status413PayloadTooLarge,
                $"The video is larger than {options.MaxVideoBytes:N0} bytes (setting VISAGE_MAX_VIDEO_BYTES).");
    }

    private static VideoResponse Answer(AnalysedVideo video, KnownPeople people, MatchSettings settings, HttpRequest http)
    {
        var pictures = new PictureBudget(MaxPictureBytes);
        var cover = pictures.Limit(FrameMatching.FindFaces(people, video.Cover.Photo, settings, http));
        var frames = video.Frames.Select((frame, i) => new FrameDto(
            Round(frame.Time), Round(i + 1 < video.Frames.Count ? video.Frames[i + 1].Time : Math.Max(video.Seconds ?? 0, frame.Time)),
            null, pictures.Limit(FrameMatching.FindFaces(people, frame.Photo, settings, http)))).ToList();
        return new(
            new CoverDto(
                video.Cover.Time is null, video.Cover.Time is { } time ? Round(time) : null, video.Cover.Jpeg, video.Cover.Photo.Width,
                video.Cover.Photo.Height, cover),
            frames, FindPeople(cover, frames), video.Seconds is { } seconds ? Round(seconds) : null, video.Width, video.Height,
            video.IncompleteReason is not null, settings.ReportedCosine)
        {
            IncompleteReason = video.IncompleteReason,
            PicturesLeftOut = pictures.LeftOut > 0 ? pictures.LeftOut : null,
        };
    }

    /// <summary>Each face once: mostly the cover is one of the frames.</summary>
    private static List<DetectedFace> FacesOf(AnalysedVideo video)
    {
        var faces = video.Frames.SelectMany(frame => frame.Photo.Faces).ToList();
        if (video.Cover.Time is null || video.Frames.Count == 0) faces.AddRange(video.Cover.Photo.Faces);
        return faces;
    }

    /// <summary>The people of the frames, and after them those whom only the cover shows.</summary>
    private static List<AppearanceDto> FindPeople(IReadOnlyList<FaceDto> cover, IReadOnlyList<FrameDto> frames)
    {
        var onCover = FrameMatching.FindPeople([new FrameDto(0, 0, null, cover)]);
        var inFrames = FrameMatching.FindPeople(frames);
        return
        [
            .. inFrames.Select(person => person with { OnCover = onCover.Exists(other => other.Performer.Id == person.Performer.Id) }),
            .. onCover.Where(person => !inFrames.Exists(other => other.Performer.Id == person.Performer.Id))
                .Select(person => person with { Frames = 0, Times = [], OnCover = true }),
        ];
    }

    /// <summary>No form of a web page can send these types, so that a page is asked for its origin.</summary>
    private static void CheckType(HttpRequest request)
    {
        var type = request.ContentType?.Split(';', 2)[0].Trim() ?? "";
        if (type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("video/", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        throw new RequestRefusedException(
            StatusCodes.Status415UnsupportedMediaType,
            "Send the video itself with Content-Type: application/octet-stream, or its own type, such as video/mp4.");
    }

    private RequestRefusedException NotAvailable() => new(
        StatusCodes.Status501NotImplemented,
        (tools.Ffmpeg, tools.Ffprobe) switch
        {
            (null, _) when options.Ffmpeg is { Length: 0 } => "This service reads no videos (setting VISAGE_FFMPEG is none).",
            (null, _) => "This service reads no videos, because there is no ffmpeg. Install it (on Debian and Ubuntu: apt install ffmpeg) "
                + "or set VISAGE_FFMPEG to its path, and start the service again.",
            (_, null) => $"This service reads no videos, because there is no ffprobe beside {tools.Ffmpeg}. Install it there, and start "
                + "the service again.",
            _ => $"This service reads no videos, because {tools.Ffmpeg} did not say its version. Mend it, and start the service again.",
        });

    private static double? Number(IQueryCollection query, string name, double least, double most, bool isWhole = false)
    {
        if (query[name].FirstOrDefault() is not { } text) return null;
        var style = isWhole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw RequestRefusedException.Unprocessable(
                name,
                string.Create(CultureInfo.InvariantCulture, $"{name} must be a {(isWhole ? "whole " : "")}number from {least} to {most}."));
    }

    private static double Round(double seconds) => Math.Round(seconds, 3);
}
